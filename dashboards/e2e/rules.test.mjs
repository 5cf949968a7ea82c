// An engineer tries other rules on the past of a machine before they are put into force.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, openBrowser, shot, signIn } from './browser.mjs';

let opened;
let page;
let asset;

before(async () => {
  opened = await openBrowser();
  page = opened.page;
  const { items } = await ask(opened, 'GET', '/api/v1/assets');
  asset = items.find(({ last_reading_at }) => last_reading_at);
  assert.ok(asset, 'no machine has readings');
  await page.goto(opened.url);
  await signIn(page, opened.token);
  await page.goto(`${opened.url}/machines/${asset.id}`);
  await page.getByRole('link', { name: 'Rules' }).click();
});

after(async () => {
  await opened?.browser.close();
});

const rules = () => ask(opened, 'GET', `/api/v1/assets/${asset.id}/rules`);
const button = (name) => page.getByRole('button', { name, exact: true });
const row = (name) => page.getByTestId('trial').getByRole('row', { name: new RegExp(`^${name}`) });

test('rules in force are tried on the past, and nothing is changed', async () => {
  const before = await rules();
  await page.getByLabel('Readings of').selectOption('the last day');
  await page.waitForURL(/days=1/);
  await button('Try').click();
  await row('Tickets').waitFor();
  assert.equal(await page.getByRole('columnheader', { name: 'These' }).count(), 0);
  assert.deepEqual(await rules(), before);
});

test('a limit that the readings pass is found by the trial of the draft, beside the rules in force', async () => {
  const { items: points } = await ask(opened, 'GET', `/api/v1/points?asset=${asset.id}`);
  const [point] = points;
  await button('Add a limit').click();
  const limit = page.getByTestId('limit').last();
  await limit.getByLabel('Name').fill('Far too strict');
  await limit.getByLabel('Point').selectOption(point.name);
  await limit.getByLabel('Kind').selectOption('Above');
  await limit.getByLabel('Value').fill('-1000');
  await limit.getByLabel('Value').press('Tab');
  await limit.getByLabel('For at least, s').fill('0');
  await page.getByText('Changed here, not in force').waitFor();
  await button('Try').click();
  await page.getByRole('columnheader', { name: 'These' }).waitFor();
  await page.getByTestId('tried').getByText('Far too strict').first().waitFor();
  await shot(page, 'rules');
});

test('a draft is undone, and put into force only with a reason', async () => {
  await button('Undo changes').click();
  assert.equal(
    await page.getByText('Far too strict').count(),
    await page.getByTestId('tried').count()
  );
  const duration = page.getByLabel('For at least, s').first();
  await duration.fill('7');
  await button('Put into force').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Put into force' }).click();
  await dialog.getByText('Give a reason first.').waitFor();
  await dialog.getByLabel('Reason').fill('quicker for a test');
  await dialog.getByRole('button', { name: 'Put into force' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText(/Version \d+: quicker for a test/).waitFor();
  const changed = await rules();
  assert.equal(changed.rules.deviation.on_delay_s, 7);
  assert.equal(changed.versions.items[0].why, 'quicker for a test');
});

test('nothing failed inside the page', () => {
  assert.deepEqual(opened.failures, []);
});
