// A technician's day on a phone: where to go next and how to get in, the machine by the code on its
// label, and its work order with steps, parts, notes, photos, voice and the customer's signature. What
// is pressed again after a lost answer happens once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, openBrowser, shot } from './browser.mjs';
import { PASSWORD, customer, technician, ticket, visit, workOrder } from './house.mjs';

/** The smallest picture that a PNG can be. */
const PHOTO = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64'
);
const again = Date.now() % 100_000;

let opened;
let page;
let mei;
let house;
let first;
let second;
let part;

before(async () => {
  opened = await openBrowser();
  page = opened.page;
  await page.setViewportSize({ width: 390, height: 844 });
  mei = await technician(opened, `mei${again}`);
  house = await customer(opened, 'Field House');
  const about = await ticket(opened, house, 'Shaft seal leaks');
  first = await workOrder(opened, about, { title: 'Replace the shaft seal' });
  second = await workOrder(opened, about, { title: 'Look at the motor' });
  await visit(opened, second, mei, 150);
  await visit(opened, first, mei, 10);
  part = await ask(opened, 'POST', '/api/v1/parts', {
    part_number: `SEAL-${again}`,
    name: 'Shaft seal 40 mm',
    code: `40${String(again).padStart(11, '0')}`
  });
  const { id: depot_id } = await ask(opened, 'POST', '/api/v1/depots', {
    name: `North ${again}`,
    kind: 'warehouse'
  });
  const received = { part_id: part.id, depot_id, quantity: 20, why: 'delivery note 1' };
  await ask(opened, 'POST', '/api/v1/stock/receipts', received);
  const needed = { part_id: part.id, quantity: 3 };
  await ask(opened, 'POST', `/api/v1/work-orders/${first.id}/parts`, needed);
  await page.addInitScript(pretendToHaveDevices);
  await page.goto(opened.url);
  await page.getByLabel('E-mail address').fill(mei.email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
});

after(async () => {
  await opened?.browser.close();
  assert.deepEqual(opened?.failures ?? [], []);
});

/** A camera that shows what `globalThis.onLabel` says, and a microphone that hums. */
function pretendToHaveDevices() {
  globalThis.BarcodeDetector = class {
    detect() {
      return Promise.resolve(globalThis.onLabel ? [{ rawValue: globalThis.onLabel }] : []);
    }
  };
  navigator.mediaDevices.getUserMedia = (wanted) => {
    if (wanted.video) {
      const canvas = document.createElement('canvas');
      canvas.getContext('2d').fillRect(0, 0, 10, 10);
      return Promise.resolve(canvas.captureStream(10));
    }
    const context = new AudioContext();
    const hum = context.createOscillator();
    const out = context.createMediaStreamDestination();
    hum.connect(out);
    hum.start();
    return Promise.resolve(out.stream);
  };
}

/** What the server knows, once everything that was pressed has reached it. */
async function known(path) {
  await page.waitForFunction(() => document.querySelector('main')?.dataset.unsent === '0');
  return ask(opened, 'GET', path);
}

const card = (title) => page.getByTestId('visit').filter({ hasText: title });
const button = (name, within = page) => within.getByRole('button', { name, exact: true });
const dialog = () => page.getByRole('dialog');
const order = () => known(`/api/v1/work-orders/${first.id}`);
const stepBox = (name) => page.getByRole('checkbox', { name });

async function session() {
  const { items } = await known(`/api/v1/repair-sessions?ticket=${first.ticket_id}`);
  return known(`/api/v1/repair-sessions/${items[0].id}`);
}

async function entries(kind) {
  const { axis } = await session();
  return axis.filter(({ what, is }) => what === 'entry' && is.kind === kind).map(({ is }) => is);
}

test('the day begins with the next visit: where, how to get in, whom to call', async () => {
  await card('Replace the shaft seal').getByText('Ring at the gate').waitFor();
  assert.equal(new URL(page.url()).pathname, '/today');
  const titles = await page.getByTestId('visit').locator('h3').allTextContents();
  assert.deepEqual(titles, ['Replace the shaft seal', 'Look at the motor']);
  const next = card('Replace the shaft seal');
  await next.getByText('Quay Road 7').waitFor();
  const call = next.getByRole('link', { name: 'Call Li Wei' });
  assert.equal(await call.getAttribute('href'), 'tel:+4940555010');
  const way = await next.getByRole('link', { name: 'Directions to Hall 2' }).getAttribute('href');
  assert.match(way, /53\.54%2C9\.98$/);
  await shot(page, 'my-day');
});

test('a visit out of turn is asked for once more; the next one goes by one press', async () => {
  await button('On my way', card('Look at the motor')).click();
  await dialog().getByText(`${first.number} comes before it`).waitFor();
  await dialog().getByRole('button', { name: 'Cancel' }).first().click();
  await button('On my way', card('Replace the shaft seal')).click();
  await button('I have arrived', card('Replace the shaft seal')).waitFor();
  const { items } = await known(`/api/v1/visits?work_order=${first.id}`);
  assert.equal(items[0].state, 'travelling');
});

test('a machine is found by the code on its label, typed or scanned, and leads to its work', async () => {
  const { code } = await known(`/api/v1/assets/${house.asset.id}`);
  await button('Find a machine').click();
  await dialog().getByLabel('Code on the label').fill('0000-0000');
  await button('Show it', dialog()).click();
  await dialog().getByText('No machine has this code.').waitFor();
  await button('Scan', dialog()).click();
  await dialog().locator('video').waitFor();
  await page.evaluate((read) => (globalThis.onLabel = read), `https://aftercare.example/a/${code}`);
  await page.waitForURL(`**/work-orders/${first.id}`);
  await page.getByRole('heading', { name: 'Replace the shaft seal' }).waitFor();
});

test('the repair starts where the technician has arrived', async () => {
  await shot(page, 'work-order');
  await button('I have arrived').click();
  await button('Start the repair').click();
  await button('Work is done: begin the test').waitFor();
  assert.equal((await order()).state, 'in_progress');
  const { state, visit_id, technicians } = await session();
  assert.equal(state, 'running');
  assert.ok(visit_id);
  assert.deepEqual(technicians, [`mei${again}`]);
});

test('steps are ticked by one press, and taken back by another', async () => {
  await stepBox('Isolate').click();
  await page.getByText('1 of 3 done').waitFor();
  await stepBox('Replace the bearing').click();
  await page.getByText('2 of 3 done').waitFor();
  await stepBox('Isolate').click();
  await page.getByText('1 of 3 done').waitFor();
  await page.locator('[data-testid="steps"][aria-busy="false"]').waitFor();
  const done = (await order()).steps.filter(({ done_at }) => done_at).map(({ text }) => text);
  assert.deepEqual(done, ['Replace the bearing']);
});

test('a part is taken along and used in part, and another is found by its code', async () => {
  const line = page.getByTestId('part').first();
  await button('Take along', line).click();
  await line.getByText('You have it').waitFor();
  await button('Used…', line).click();
  await dialog().getByLabel('How many').fill('4');
  await button('Used', dialog()).click();
  await dialog().getByText('Between 1 and 3.').waitFor();
  await dialog().getByLabel('How many').fill('2');
  await button('Used', dialog()).click();
  await line.getByText('2 of 3 used').waitFor();
  await button('Add a part').click();
  await page.evaluate((read) => (globalThis.onLabel = read), part.code);
  await button('Scan', dialog()).click();
  await button('Keep Shaft seal 40 mm for this work order', dialog()).click();
  await page.getByTestId('part').nth(1).waitFor();
  const { items } = await known(`/api/v1/work-orders/${first.id}/parts`);
  const standing = items.map(({ state, used }) => `${state} ${used}`).sort();
  assert.deepEqual(standing, ['reserved 0', 'used 2']);
});

test('a note whose answer was lost is sent again by itself and written once', async () => {
  await page.route(
    '**/entries',
    async (route) => {
      await route.fetch();
      await route.abort();
    },
    { times: 1 }
  );
  await page.getByLabel('Quick note').fill('Bearing worn on the drive side');
  const second = page.waitForResponse('**/entries');
  await button('Add').click();
  await page.getByText('Written down.').waitFor({ state: 'attached' });
  assert.equal((await second).headers()['idempotency-replayed'], 'true');
  assert.equal((await entries('note')).length, 1);
});

test('the work rests for a reason, and goes on', async () => {
  await button('Pause').click();
  await button('A break', dialog()).click();
  await button('Pause', dialog()).click();
  await button('Go on').click();
  await button('Work is done: begin the test').waitFor();
  assert.equal((await entries('paused'))[0].text, 'A break');
  assert.equal((await entries('resumed')).length, 1);
});

test('photos and voice notes are looked at before they are sent', async () => {
  const photo = { name: 'seal.png', mimeType: 'image/png', buffer: PHOTO };
  await page.locator('input[type=file]').first().setInputFiles(photo);
  await page.getByLabel('What it shows').fill('The old seal');
  await button('Send').click();
  await page.getByTestId('file').getByText('The old seal').waitFor();
  await button('Voice note').click();
  await page.getByRole('button', { name: /^Stop [2-9] s/ }).click();
  await page.getByLabel('Listen first').waitFor();
  await page.getByLabel('What it is about').fill('How it sounds');
  await button('Send').click();
  await page.getByTestId('file').getByText('How it sounds').waitFor();
  const { items } = await known(`/api/v1/work-orders/${first.id}/attachments`);
  assert.deepEqual(
    items.map(({ title, media_type }) => `${title}: ${media_type}`),
    ['The old seal: image/png', 'How it sounds: video/webm']
  );
});

test('the customer signs on the phone', async () => {
  await button('Let the customer sign…').click();
  await dialog().getByLabel('Name').fill('Li Wei');
  await button('Sign', dialog()).click();
  await dialog().getByText('Sign in the field first.').waitFor();
  const box = await dialog().locator('canvas').boundingBox();
  await page.mouse.move(box.x + 40, box.y + 90);
  await page.mouse.down();
  await page.mouse.move(box.x + 120, box.y + 60, { steps: 6 });
  await page.mouse.move(box.x + 220, box.y + 110, { steps: 6 });
  await page.mouse.up();
  await shot(page, 'signature');
  await button('Sign', dialog()).click();
  await page.getByText('Signed by Li Wei.').waitFor();
  const [signed] = await entries('signed_off');
  assert.equal(signed.role, 'customer');
  assert.equal(signed.name, 'Li Wei');
  const { items } = await known(`/api/v1/work-orders/${first.id}/attachments`);
  assert.ok(items.some(({ title }) => title === 'Signature of Li Wei'));
});

test('a work order is put on hold with a reason, taken up again, and done', async () => {
  await button('Hold…').click();
  await button('Put on hold', dialog()).click();
  await dialog().getByText('Give a reason first.').waitFor();
  await button('A part is missing', dialog()).click();
  await button('Put on hold', dialog()).click();
  await page.getByText('On hold: A part is missing').waitFor();
  await button('Take up again').click();
  await button('Done…').click();
  await dialog().getByText('2 steps are not ticked.').waitFor();
  await dialog().getByText('The repair is not verified').waitFor();
  await shot(page, 'work-order-done');
  await dialog().getByLabel('What was done').fill('Seal replaced, runs dry');
  await button('Done', dialog()).click();
  await page.getByText('Nothing more is to be done here.').waitFor();
  assert.equal((await order()).state, 'completed');
});

test('a repair that has shown that it is well is handed over from here', async () => {
  const other = await customer(opened, 'Second house');
  const about = await ticket(opened, other, 'Coupling rattles');
  const third = await workOrder(opened, about, { title: 'Replace the coupling' });
  const planned = await visit(opened, third, mei, 300);
  const there = { to: 'on_site', why: 'arrived' };
  await ask(opened, 'POST', `/api/v1/visits/${planned.id}/transition`, there);
  await page.goto(`${opened.url}/work-orders/${third.id}`);
  await button('Start the repair').click();
  await button('Work is done: begin the test').click();
  const gate = page.getByRole('link', { name: 'Repair, test and gate' });
  await gate.waitFor();
  await page.getByText('There is no acceptance test').waitFor();
  const { items } = await known(`/api/v1/repair-sessions?ticket=${about.id}`);
  assert.equal(await gate.getAttribute('href'), `/repair-sessions/${items[0].id}`);
  const exception = { name: 'B. Volt', why: 'looked at by hand' };
  const path = `/api/v1/repair-sessions/${items[0].id}/acceptance/exceptions`;
  await ask(opened, 'POST', path, exception);
  await button('Hand over').click();
  await page.getByText('Nothing more is to be done here.').waitFor();
  const { state } = await known(`/api/v1/work-orders/${third.id}`);
  assert.equal(state, 'verifying');
});

test('readings beside the work are large, and say in words whether they may be so', async () => {
  const { items } = await known('/api/v1/assets');
  const measured = items.find(({ last_reading_at }) => last_reading_at);
  assert.ok(measured, 'no machine has readings');
  const about = await ticket(opened, { asset: measured }, 'To look after');
  const looking = await workOrder(opened, about);
  await page.goto(`${opened.url}/work-orders/${looking.id}`);
  const tile = page.getByTestId('reading').first();
  const value = tile.locator('strong').first();
  await value.waitFor();
  assert.match(await value.textContent(), /\d/);
  const size = await value.evaluate((element) => parseFloat(getComputedStyle(element).fontSize));
  assert.ok(size >= 40, `${size} px`);
  await tile.getByText(/^(Inside|Outside)|Its normal band is not known yet/).waitFor();
  await shot(page, 'work-order-readings');
});
