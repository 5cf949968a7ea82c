// A technician's day in a cellar: the network is cut, two hundred things are done, the browser is closed
// and opened again, and all of it reaches the server once and in order.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, openBrowser, shot } from './browser.mjs';
import { cable } from './cable.mjs';
import { PASSWORD, customer, technician, ticket, visit, workOrder } from './house.mjs';

const PHOTO = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64'
);
const STEPS = ['Isolate', 'Replace the bearing', 'Run for ten minutes'];
/** With two moves of the visit, the repair begun, steps and photos: two hundred. */
const NOTES = 191;
const again = Date.now() % 100_000;

let opened;
let wire;
let context;
let page;
let order;

before(async () => {
  opened = await openBrowser();
  wire = await cable(opened.url);
  const mei = await technician(opened, `cellar${again}`);
  const about = await ticket(opened, await customer(opened, 'Cellar'), 'Bearing runs hot');
  order = await workOrder(opened, about, { title: 'Replace the hot bearing', steps: STEPS });
  await visit(opened, order, mei, 10);
  context = await opened.browser.newContext({ viewport: { width: 390, height: 844 } });
  page = await newPage();
  await page.goto(wire.url);
  await page.getByLabel('E-mail address').fill(mei.email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
});

after(async () => {
  await opened?.browser.close();
  await wire?.cut();
});

async function newPage() {
  const made = await context.newPage();
  made.setDefaultTimeout(30_000);
  made.on('pageerror', (error) => opened.failures.push(error.message));
  return made;
}

const button = (name) => page.getByRole('button', { name, exact: true });
const card = () => page.getByTestId('visit').filter({ hasText: order.title });
const unsent = () => page.getByTestId('offline').getByRole('link');

async function axis() {
  const { items } = await ask(opened, 'GET', `/api/v1/repair-sessions?ticket=${order.ticket_id}`);
  assert.equal(items.length, 1, 'one repair, not several');
  return (await ask(opened, 'GET', `/api/v1/repair-sessions/${items[0].id}`)).axis;
}

test('the day is taken onto the device by looking at it', async () => {
  await page.getByTestId('prepared').getByText('Your visits are on this device').waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await wire.cut();
  await context.setOffline(true);
  await page.getByTestId('offline').getByText('No connection').waitFor();
});

test('without a network the visit goes on, and the repair begins', async () => {
  await card().getByRole('button', { name: 'On my way' }).click();
  await card().getByRole('button', { name: 'I have arrived' }).click();
  await card().getByRole('link', { name: order.title }).click();
  await button('Start the repair').click();
  await button('Work is done: begin the test').waitFor();
  await unsent().getByText('4 things not sent yet').waitFor();
  await shot(page, 'offline');
});

test('steps, photos and notes are kept, and show at once', async () => {
  for (const [i, step] of STEPS.entries()) {
    await page.getByRole('checkbox', { name: step }).click();
    await page.getByText(`${i + 1} of 3 done`).waitFor();
  }
  for (const title of ['The old bearing', 'The new bearing']) {
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles({
        name: `${title}.png`,
        mimeType: 'image/png',
        // Another one each time: the same file twice would be one attachment.
        buffer: Buffer.concat([PHOTO, Buffer.from(title)])
      });
    await page.getByLabel('What it shows').fill(title);
    await button('Send').click();
    await page.getByTestId('file').getByText(title).waitFor();
  }
  for (let i = 1; i <= NOTES; i += 1) {
    await page.getByLabel('Quick note').fill(`note ${i}`);
    await button('Add').click();
    await unsent()
      .getByText(`${9 + i} things`)
      .waitFor();
  }
});

test('all of it is there when the browser is opened again, still without a network', async () => {
  const address = page.url();
  await page.close();
  page = await newPage();
  await page.goto(address);
  await page.getByText('3 of 3 done').waitFor();
  await button('Work is done: begin the test').waitFor();
  await page.getByTestId('file').getByText('The new bearing').waitFor();
  await unsent().getByText('200 things not sent yet').click();
  await page.getByTestId('unsent').nth(199).waitFor();
  await shot(page, 'unsent');
});

test('with a network it is sent by itself, once and in order', async () => {
  await wire.mend();
  await context.setOffline(false);
  await page.getByText('Everything is sent').waitFor({ timeout: 180_000 });
  const happened = await axis();
  const notes = happened
    .filter(({ what, is }) => what === 'entry' && is.kind === 'note')
    .map(({ is }) => is.text);
  assert.deepEqual(
    notes,
    Array.from({ length: NOTES }, (_, i) => `note ${i + 1}`)
  );
  const { state, steps } = await ask(opened, 'GET', `/api/v1/work-orders/${order.id}`);
  assert.equal(state, 'in_progress');
  assert.ok(steps.every(({ done_at }) => done_at));
  const files = await ask(opened, 'GET', `/api/v1/work-orders/${order.id}/attachments`);
  assert.deepEqual(
    files.items.map(({ title }) => title),
    ['The old bearing', 'The new bearing']
  );
});

test('each thing has the time at which it was done, not at which it was sent', async () => {
  const steps = (await axis()).filter(({ what, is }) => what === 'step' && is.to === 'running');
  assert.equal(steps.length, 1);
  const [{ at, is }] = steps;
  assert.ok(Date.parse(is.recorded_at) - Date.parse(at) > 1_000, `${at} and ${is.recorded_at}`);
});

test('what the server refuses later is told, and given up or sent again', async () => {
  await page.goto(`${wire.url}/work-orders/${order.id}`);
  await button('Hold…').waitFor();
  await wire.cut();
  await context.setOffline(true);
  await button('Hold…').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'A part is missing' }).click();
  await dialog.getByRole('button', { name: 'Put on hold' }).click();
  await page.getByText('On hold: A part is missing').waitFor();
  // Meanwhile somebody at the desk is quicker.
  const done = { to: 'completed', why: 'told on the phone' };
  await ask(opened, 'POST', `/api/v1/work-orders/${order.id}/transition`, done);
  await wire.mend();
  await context.setOffline(false);
  await unsent().getByText('1 thing was refused').click();
  await page.getByTestId('unsent').getByText('Refused:').waitFor();
  await shot(page, 'refused');
  await page.getByRole('button', { name: 'Give up' }).click();
  await page.getByRole('button', { name: 'Delete it' }).click();
  await page.getByText('Everything is sent').waitFor();
});

test('nothing failed inside the page', () => {
  assert.deepEqual(opened.failures, []);
});
