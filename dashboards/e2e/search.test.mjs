// Whoever knows a word of something finds it from anywhere, with the keyboard alone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, shot, signIn } from './browser.mjs';
import { customer, ticket } from './house.mjs';

let opened;
let page;
let house;
let about;
const word = `quill${Date.now() % 100_000}`;

before(async () => {
  opened = await openBrowser();
  page = opened.page;
  house = await customer(opened, 'Sought House');
  about = await ticket(opened, house, `The ${word} is bent`);
  await page.goto(`${opened.url}/alarms`);
  await signIn(page, opened.token);
  await page.getByRole('heading', { level: 1, name: 'Alarms' }).waitFor();
});

after(async () => {
  await opened?.browser.close();
});

const dialog = () => page.getByRole('dialog');
const field = () => dialog().getByRole('combobox', { name: 'Search' });

test('a slash opens it, what is found is grouped, and Enter leads there', async () => {
  await page.keyboard.press('/');
  await field().fill(word);
  const tickets = dialog().getByRole('group', { name: 'Tickets' });
  await tickets.getByRole('option').filter({ hasText: about.number }).waitFor();
  await dialog().getByRole('group', { name: 'Requests' }).waitFor();
  await shot(page, 'search');
  const chosen = await dialog().locator('[aria-selected=true]').textContent();
  assert.ok(chosen.includes(about.title));
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: about.title }).waitFor();
  assert.equal(await dialog().count(), 0);
});

test('arrows choose another, and a machine is found by its serial number', async () => {
  await page.keyboard.press('Control+k');
  await field().fill(house.asset.serial);
  await dialog().getByRole('group', { name: 'Machines' }).getByRole('option').first().waitFor();
  const machine = dialog()
    .getByRole('option', { name: new RegExp(house.asset.name) })
    .last();
  while ((await machine.getAttribute('aria-selected')) !== 'true') {
    await page.keyboard.press('ArrowDown');
  }
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/machines/${house.asset.id}`);
});

test('a slash in a field is a slash', async () => {
  await page.goto(`${opened.url}/requests`);
  await page.getByLabel('Find a request').press('/');
  assert.equal(await dialog().count(), 0);
  assert.equal(await page.getByLabel('Find a request').inputValue(), '/');
});

test('a typing error finds it all the same, and nothing found says so', async () => {
  await page.getByRole('button', { name: 'Search' }).click();
  await field().fill(`${word.slice(0, 3)}x${word.slice(4)}`);
  await dialog().getByText('This comes near').waitFor();
  await field().fill('zzzzqqqqxxxx');
  await dialog().getByText('Nothing has “zzzzqqqqxxxx”.').waitFor();
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
});

test('nothing failed inside the page', () => {
  assert.deepEqual(opened.failures, []);
});
