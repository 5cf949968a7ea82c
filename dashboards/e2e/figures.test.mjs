// A figure says what it counts and how it stands, and leads to each of the rows that it is counted over.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, openBrowser, shot, signIn } from './browser.mjs';
import { customer, ticket } from './house.mjs';

let opened;
let page;
let about;
const again = Date.now() % 100_000;

before(async () => {
  opened = await openBrowser();
  page = opened.page;
  const house = await customer(opened, 'Counted House');
  about = await ticket(opened, house, `Belt ${again} squeals`);
  await ask(opened, 'POST', `/api/v1/tickets/${about.id}/transition`, {
    to: 'diagnosing',
    why: 'on the phone with them'
  });
  await page.goto(`${opened.url}/figures`);
  await signIn(page, opened.token);
});

after(async () => {
  await opened?.browser.close();
});

const card = (name) =>
  page.getByTestId('figure').filter({ has: page.getByRole('heading', { name, exact: true }) });

test('each figure has its value, its goal in words, and what it counts', async () => {
  const first = card('First response');
  await first.getByText(/^(Met|Missed)$/).waitFor();
  await first.getByText('Goal: at most 4 h').waitFor();
  await first.getByText('What it counts').click();
  await first.getByText(/to the first step of somebody/).waitFor();
  await card('Satisfaction').waitFor();
  await shot(page, 'figures');
});

test('the time is in the address, and what is to come cannot be chosen', async () => {
  assert.ok(await page.getByRole('button', { name: 'Later' }).isDisabled());
  await page.getByRole('button', { name: 'Quarter' }).click();
  await page.getByRole('link', { name: 'Quarterly review' }).waitFor();
  const { searchParams } = new URL(page.url());
  assert.match(searchParams.get('period'), /^\d{4}-Q[1-4]$/);
  await page.getByRole('button', { name: 'Earlier' }).click();
  await page.waitForFunction((was) => !location.search.includes(was), searchParams.get('period'));
  await page.goBack();
  await page.getByText('So far: this time is not over yet.').waitFor();
});

test('a figure opens its rows, which are saved as CSV and lead to the tickets', async () => {
  await card('First response').getByRole('link').click();
  await page.getByRole('heading', { level: 1, name: 'First response' }).waitFor();
  await page.getByRole('table', { name: 'First response, twelve months' }).waitFor();
  const row = page.getByTestId('row').filter({ hasText: about.title });
  await row.waitFor();
  await shot(page, 'figure');
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as CSV' }).click();
  assert.equal((await saved).suggestedFilename(), 'first_response.csv');
  await row.getByRole('link').click();
  await page.getByRole('heading', { level: 1, name: about.title }).waitFor();
});

test('a part of a figure narrows its rows', async () => {
  await page.goto(`${opened.url}/figures/sla_attainment`);
  await page.getByRole('button', { name: /^First response/ }).click();
  await page.waitForFunction(() => location.search.includes('part=first_response'));
  await page.getByTestId('row').first().waitFor();
  const parts = await page.getByTestId('row').locator('.part').allTextContents();
  assert.deepEqual([...new Set(parts)], ['First response']);
});

test('the report of the time is there as a page and as a table', async () => {
  await page.goto(`${opened.url}/figures`);
  const report = await page.getByRole('link', { name: 'Monthly report' }).getAttribute('href');
  const table = await page.getByRole('link', { name: 'as a table (CSV)' }).getAttribute('href');
  for (const href of [report, table]) {
    const answer = await page.request.get(opened.url + href);
    assert.ok(answer.ok(), `${href}: ${answer.status()}`);
  }
});

test('nothing failed inside the page', () => {
  assert.deepEqual(opened.failures, []);
});
