// What the house knows: written, looked at by somebody else, published, found and judged.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, openBrowser, shot, signIn } from './browser.mjs';

let opened;
let page;
let id;

before(async () => {
  opened = await openBrowser();
  page = opened.page;
  await page.goto(opened.url);
  await signIn(page, opened.token);
  await page.getByRole('navigation').first().waitFor();
});

after(async () => {
  await opened?.browser.close();
});

test('somebody writes an article and hands it over to review', async () => {
  await page.goto(`${opened.url}/knowledge`);
  await page.getByRole('button', { name: 'Write an article' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Keep as a draft' }).click();
  await dialog.getByRole('alert').filter({ hasText: 'Give a title and a text.' }).waitFor();
  await dialog.getByLabel('Title').fill('Cleaning the basket strainer');
  await dialog
    .getByLabel('Text', { exact: true })
    .fill('# Before\n\n1. Close the inlet.\n2. **Drain** it.\n\n<b onclick="x()">no HTML</b>');
  await dialog.getByLabel('Models of machines').fill('P-100, P-200');
  await shot(page, 'article-writing');
  await dialog.getByRole('button', { name: 'Keep as a draft' }).click();
  await page.getByText('Readers do not see this version.').waitFor();
  id = new URL(page.url()).pathname.split('/').at(-1);
  const text = page.getByTestId('text');
  await text.getByRole('listitem').filter({ hasText: 'Drain it.' }).waitFor();
  assert.equal(await text.locator('b').count(), 0, 'what was typed as HTML is text');
  await page.getByRole('button', { name: 'Hand over to review…' }).click();
  await dialog.getByLabel('Reason').fill('as we do it on site');
  await dialog.getByRole('button', { name: 'Hand over to review…' }).click();
  await page.getByRole('button', { name: 'Publish…' }).waitFor();
});

test('whoever wrote it cannot publish it, and somebody else can', async () => {
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Publish…' }).click();
  await dialog.getByLabel('Reason').fill('it is right');
  await dialog.getByRole('button', { name: 'Publish' }).click();
  await dialog.getByRole('alert').filter({ hasText: /\w/ }).waitFor();
  await page.keyboard.press('Escape');
  const issued = await ask(opened, 'POST', '/api/v1/tokens', {
    name: 'Reviewer',
    scope: 'quality'
  });
  const reviewer = { ...opened, token: issued.secret };
  const review = { version: 1, to: 'published', why: 'tried it' };
  await ask(reviewer, 'POST', `/api/v1/articles/${id}/review`, review);
});

test('it is found by a word and a model, read and judged', async () => {
  await page.goto(`${opened.url}/knowledge`);
  await page.getByLabel('Search').fill('strainer');
  await page.waitForURL(/q=strainer/);
  await page.getByTestId('article').filter({ hasText: 'basket strainer' }).click();
  await page.getByRole('heading', { level: 1, name: 'Cleaning the basket strainer' }).waitFor();
  await shot(page, 'article');
  await page.getByRole('button', { name: 'Yes (0)' }).click();
  await page.getByRole('button', { name: 'Yes (1)' }).waitFor();
  await page.setViewportSize({ width: 390, height: 844 });
  await shot(page, 'article-phone');
});

test('nothing failed inside the page', () => {
  assert.deepEqual(opened.failures, []);
});
