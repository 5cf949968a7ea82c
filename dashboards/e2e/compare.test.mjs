// An engineer looks at a machine beside its sisters, and at what a ticket turned out to be.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, openBrowser, shot, signIn } from './browser.mjs';
import { customer, ticket } from './house.mjs';

const again = Date.now() % 100_000;
let opened;
let page;
let measured;

before(async () => {
  opened = await openBrowser();
  page = opened.page;
  const { items } = await ask(opened, 'GET', '/api/v1/assets');
  measured = items.find(({ last_reading_at }) => last_reading_at);
  assert.ok(measured, 'no machine has readings');
  for (const name of ['Sister A', 'Sister B']) {
    const { kind, model } = measured;
    await ask(opened, 'POST', '/api/v1/assets', { name: `${name} ${again}`, kind, model });
  }
  await page.goto(opened.url);
  await signIn(page, opened.token);
});

after(async () => {
  await opened?.browser.close();
});

test('a machine stands beside its sisters on one time, which the address keeps', async () => {
  await page.goto(`${opened.url}/machines/${measured.id}`);
  await page.getByRole('link', { name: 'Compare' }).click();
  const rows = page.getByTestId('compared');
  await rows.first().locator('canvas').waitFor();
  assert.equal(await rows.count(), 3);
  await page.getByLabel(`Sister B ${again}`).uncheck();
  await page.waitForURL(/with=/);
  await rows.nth(2).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: '1 h', exact: true }).click();
  await page.waitForURL(/from=/);
  await shot(page, 'compare');
  await page.reload();
  await rows.nth(1).waitFor();
  assert.equal(await rows.count(), 2);
  await rows.nth(1).getByText('It does not measure this.').waitFor();
});

test('what a ticket turned out to be is written down by a code, and corrected', async () => {
  const about = await ticket(opened, await customer(opened, 'Found House'), 'Strainer blocked');
  await page.goto(`${opened.url}/tickets/${about.id}`);
  const panel = page.getByTestId('seen-before');
  await panel.getByText('Nobody has said yet').waitFor();
  await panel.getByRole('button', { name: 'Say what it was' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Cause, as a code').fill('Blocked!');
  await dialog.getByRole('button', { name: 'Write it down' }).click();
  await dialog.getByText('Give a code').waitFor();
  await dialog.getByLabel('Cause, as a code').fill('clogged_strainer');
  await dialog.getByLabel('What mended it').fill('cleaned');
  await dialog.getByRole('button', { name: 'Write it down' }).click();
  await panel.getByText('Mended by: cleaned').waitFor();
  await panel.getByRole('button', { name: 'Correct it' }).waitFor();
  const { items } = await ask(opened, 'GET', `/api/v1/tickets/${about.id}/finding`);
  assert.equal(items[0].cause, 'clogged_strainer');
  await shot(page, 'finding');
});

test('nothing failed inside the page', () => {
  assert.deepEqual(opened.failures, []);
});
