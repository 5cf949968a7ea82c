// What somebody does who mends a machine: hides an alarm for a while, and drives a repair from its
// ticket through the leave-site gate. It runs after first-light.test.mjs, which sees the ticket.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, openBrowser, shot, signIn } from './browser.mjs';

/** The smallest picture that a PNG can be. */
const PHOTO = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64'
);

let opened;
let page;
let ticket;

before(async () => {
  opened = await openBrowser();
  page = opened.page;
  const { items } = await ask(opened, 'GET', '/api/v1/tickets');
  for (const open of items.filter((t) => t.state === 'open')) {
    const repairs = await ask(opened, 'GET', `/api/v1/repair-sessions?ticket=${open.id}`);
    if (repairs.items.length === 0) ticket ??= open;
  }
  assert.ok(ticket, 'no open ticket to work on');
  const asset = await ask(opened, 'GET', `/api/v1/assets/${ticket.asset_id}`);
  await ask(opened, 'POST', '/api/v1/acceptance-tests', {
    name: `After a repair of ${asset.name}`,
    applies_to: asset.model ? { model: asset.model } : { kind: asset.kind },
    why: 'for a visit',
    checks: [
      {
        id: 'steady',
        name: 'Runs steadily',
        kind: 'stays_within',
        points: { quantity: ticket.deviations[0].quantity },
        low: 0,
        for_seconds: 86_400
      },
      { id: 'dry', name: 'No leak', kind: 'confirmed', text: 'the shaft seal is dry' }
    ]
  });
  await page.goto(`${opened.url}/alarms`);
  await signIn(page, opened.token);
});

after(async () => {
  await opened?.browser.close();
});

/** An alarm of the machine under repair, whatever its state. */
function alarm() {
  return page.getByTestId('alarm').filter({ hasText: ticket.asset_name }).first();
}

async function inDialog(fill, submit) {
  const dialog = page.getByRole('dialog');
  for (const [label, value] of Object.entries(fill)) await dialog.getByLabel(label).fill(value);
  await dialog.getByRole('button', { name: submit, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

async function move(step, why) {
  await page.getByLabel('Reason').fill(why);
  await page.getByRole('button', { name: step }).click();
}

test('an alarm is shelved with a reason, says what hides it, and is unshelved', async () => {
  await page.goto(`${opened.url}/alarms?machine=${ticket.asset_id}&state=all`);
  await alarm().waitFor();
  await shot(page, 'alarms');
  await alarm().getByRole('button', { name: 'Shelve…' }).click();
  await page.getByRole('button', { name: 'Shelve', exact: true }).click();
  await page.getByRole('alert').filter({ hasText: 'Give a reason first.' }).waitFor();
  await shot(page, 'shelving');
  await page.getByRole('button', { name: '15 min' }).click();
  await inDialog({ Reason: 'strainer is being cleaned' }, 'Shelve');
  await alarm().getByText('strainer is being cleaned').waitFor();
  await page.getByTestId('suspensions').getByText('strainer is being cleaned').waitFor();
  await shot(page, 'shelved');
  await alarm().getByRole('button', { name: 'Unshelve…' }).click();
  await inDialog({ Reason: 'done' }, 'Unshelve');
  await alarm().getByRole('button', { name: 'Shelve…' }).waitFor();
  // Alarm and list are read again one after the other.
  await page.waitForFunction(() => !document.body.innerText.includes('strainer is being cleaned'));
});

test('a repair is started from its ticket and written down', async () => {
  await page.goto(`${opened.url}/tickets/${ticket.id}`);
  await page.getByRole('button', { name: 'Start a repair' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Who works on it').fill('A. Ohm, B. Volt');
  await dialog.getByRole('button', { name: 'Prepare the repair' }).click();
  await page.getByRole('button', { name: 'Start the work' }).waitFor();
  assert.equal(await page.getByRole('button', { name: /Verified/ }).count(), 0, 'not offered yet');
  await move('Start the work', 'on site');
  await page.getByText('Draft → Running').waitFor();

  await page.getByLabel('Text').fill('strainer was clogged');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const axis = page.getByTestId('axis');
  await axis.getByText('strainer was clogged').waitFor();
  await page.getByRole('button', { name: 'Part in' }).click();
  await page.getByLabel('Part number').fill('DI-50-N');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await axis.getByText('Part in: 1 × DI-50-N').waitFor();
  const file = { name: 'strainer.png', mimeType: 'image/png', buffer: PHOTO };
  await page.getByLabel('Photo or document').setInputFiles(file);
  await page.getByLabel('What it shows').fill('the strainer');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  const photo = axis.getByRole('img', { name: 'the strainer' });
  await photo.waitFor();
  assert.equal(await photo.evaluate((image) => image.naturalWidth), 1, 'the photo is not shown');
  await shot(page, 'repair');
});

test('the gate says what is missing, and opens when it is shown or signed for', async () => {
  const gate = page.getByTestId('gate');
  await gate.getByText('Do not leave yet').waitFor();
  await move(/begin the acceptance test/, 'assembled');
  await gate.getByText(/Runs steadily: not shown yet/).waitFor();
  await gate.getByText(/No leak: not shown yet/).waitFor();
  assert.equal(await page.getByRole('button', { name: /Verified/ }).isDisabled(), true);
  await shot(page, 'gate-closed');

  await page.getByRole('button', { name: 'Confirm', exact: true }).click();
  await page.getByText('Confirmed by A. Ohm').waitFor();
  const steady = page.getByTestId('check').filter({ hasText: 'Runs steadily' });
  await steady.getByRole('button', { name: 'Sign an exception…' }).click();
  await inDialog(
    { 'Who answers for it': 'B. Volt', 'Why it may be left so': 'watched from the office' },
    'Sign'
  );
  await gate.getByText('You may leave').waitFor();
  await gate.getByRole('button', { name: 'Leave the site' }).click();
  await gate.getByText('Somebody left with the gate open').waitFor();
  await shot(page, 'gate-open');
});

test('the verdict abstains in words while there are no readings after the repair', async () => {
  await page.getByRole('button', { name: 'Make the verdict' }).click();
  const verdict = page.getByTestId('verdict');
  await verdict.getByText('Nothing is left after the repair yet.').waitFor();
  await verdict.getByText('The readings do not say.').waitFor();
  const points = verdict.getByTestId('point-verdict');
  await points.first().locator('canvas').waitFor();
  const words = await points.evaluateAll((all) => all.map((one) => one.dataset.verdict));
  assert.ok(words.length > 0 && words.every((word) => word === 'not_enough_data'), `${words}`);
  await shot(page, 'verdict');
});

test('the evidence of the repair opens as a page and is kept as a signed document', async () => {
  const opening = page.context().waitForEvent('page');
  await page.getByRole('link', { name: 'Open the report' }).click();
  const report = await opening;
  await report.getByRole('heading').first().waitFor();
  await report.close();
  const keeping = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Signed document' }).click();
  assert.match((await keeping).suggestedFilename(), /\.aftercare\.json$/);
});

test('tables are exported', async () => {
  const repair = page.url();
  await page.goto(`${opened.url}/export`);
  const keeping = page.waitForEvent('download');
  await page.getByRole('main').getByRole('link', { name: 'Tickets' }).click();
  assert.equal((await keeping).suggestedFilename(), 'tickets.csv');
  await page.goto(repair);
});

test('a verified repair resolves its ticket', async () => {
  await move('Verified: hand over', 'handed over');
  await page.getByText('Acceptance test → Verified').waitFor();
  await page.goto(`${opened.url}/tickets/${ticket.id}`);
  await page.getByText('repair session verified').waitFor();
  await page.getByTestId('repairs').getByText('Verified').waitFor();
});

test('nothing failed inside the page', () => {
  assert.deepEqual(opened.failures, []);
});
