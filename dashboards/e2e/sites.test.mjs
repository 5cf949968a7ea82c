// A dispatcher sees where something is open: in a list and on a map that loads nothing from elsewhere.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, openBrowser, shot, signIn } from './browser.mjs';
import { customer, ticket } from './house.mjs';

let opened;
let page;
let house;
let about;
const foreign = [];

before(async () => {
  opened = await openBrowser();
  page = opened.page;
  house = await customer(opened, 'Sited House');
  // Far from all others, so that its mark stands alone.
  await ask(opened, 'PATCH', `/api/v1/sites/${house.site.id}`, {
    latitude: -33.9,
    longitude: 18.4 + Math.random(),
    why: 'where it is'
  });
  about = await ticket(opened, house, 'Gate valve sticks');
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol.startsWith('http') && host !== new URL(opened.url).host) foreign.push(host);
  });
  await page.goto(`${opened.url}/sites`);
  await signIn(page, opened.token);
});

after(async () => {
  await opened?.browser.close();
});

test('a site says how many tickets are open there and what was promised next', async () => {
  await page.getByLabel('Find a site').fill(house.customer.name);
  await page.waitForFunction(() => document.querySelectorAll('[data-testid=site]').length === 1);
  const site = page.getByTestId('site');
  await site.getByText('1 open ticket').waitFor();
  await site.getByText('First response').waitFor();
  await shot(page, 'sites');
});

test('the map has its mark, which leads to the site and its tickets', async () => {
  await page.getByRole('button', { name: 'Map' }).click();
  const mark = page.getByTestId('mark').filter({ hasText: house.site.name });
  await mark.getByText('1 open ticket').waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'All', exact: true }).click();
  await shot(page, 'sites-map');
  await mark.click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Ring at the gate; helmets at the desk.').waitFor();
  assert.equal(new URL(page.url()).searchParams.get('site'), house.site.id);
  await dialog.getByRole('link', { name: about.title }).click();
  await page.getByRole('heading', { level: 1, name: about.title }).waitFor();
});

test('nothing was loaded from elsewhere, and nothing failed inside the page', () => {
  assert.deepEqual(foreign, []);
  assert.deepEqual(opened.failures, []);
});
