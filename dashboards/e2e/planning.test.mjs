// A dispatcher plans visits: by dragging, by a form, by a suggestion or by the policy; what is refused is
// said in words, and what was done can be undone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, openBrowser, shot, signIn } from './browser.mjs';
import { customer, technician, ticket, workOrder } from './house.mjs';

const DAY_MS = 24 * 60 * 60_000;
const again = Date.now() % 100_000;
const SKILL = `seals-${again}`;
const names = { mei: `Mei ${again}`, jonas: `Jonas ${again}` };

let opened;
let page;
let about;
let first;
let second;

/** Tomorrow by the browser's clock. */
const tomorrow = new Date(Date.now() + DAY_MS);
const day = [
  tomorrow.getFullYear(),
  String(tomorrow.getMonth() + 1).padStart(2, '0'),
  String(tomorrow.getDate()).padStart(2, '0')
].join('-');

async function named(account, name) {
  await ask(opened, 'PATCH', `/api/v1/accounts/${account.id}`, { name, why: 'the whole name' });
  return account;
}

before(async () => {
  opened = await openBrowser();
  page = opened.page;
  await named(await technician(opened, `mei${again}`, [SKILL]), names.mei);
  await named(await technician(opened, `jonas${again}`), names.jonas);
  const house = await customer(opened, 'Planned House');
  about = await ticket(opened, house, 'Shaft seal leaks');
  first = await workOrder(opened, about, { title: 'Replace the seal', skills: [SKILL] });
  second = await workOrder(opened, about, { title: 'Look at the motor' });
  // Rows and tray grow with what other tests have left.
  await page.setViewportSize({ width: 1440, height: 2600 });
  await page.goto(`${opened.url}/planning?day=${day}`);
  await signIn(page, opened.token);
});

after(async () => {
  await opened?.browser.close();
});

const waiting = ({ number }) =>
  page.getByTestId('waiting').filter({ has: page.getByText(number, { exact: true }) });
const row = (name) => page.getByTestId('technician').filter({ hasText: name });
const visit = ({ number }) =>
  page.getByTestId('visit').filter({ has: page.getByText(number, { exact: true }) });
const done = () => page.getByTestId('done');

async function visitOf(order) {
  const { items } = await ask(opened, 'GET', `/api/v1/visits?work_order=${order.id}`);
  return items.find(({ state }) => state === 'planned');
}

/** Drags to an hour of somebody's row. */
async function drag(from, name, hour) {
  const track = row(name).locator('[data-from]');
  const [begins, ends] = await Promise.all(
    ['data-from', 'data-to'].map(async (key) => Number(await track.getAttribute(key)))
  );
  const source = await from.boundingBox();
  const target = await track.boundingBox();
  const at = new Date(begins).setHours(hour, 0, 0, 0);
  const x = target.x + (target.width * (at - begins)) / (ends - begins);
  // By its left end, which is where a visit begins.
  await page.mouse.move(source.x + 8, source.y + 12);
  await page.mouse.down();
  await page.mouse.move(x + 40, target.y + 20, { steps: 4 });
  await page.mouse.move(x + 8, target.y + target.height / 2, { steps: 4 });
  await page.mouse.up();
}

test('a work order that waits is dragged to a technician and a time, and undone', async () => {
  await waiting(first).waitFor();
  await shot(page, 'planning');
  await drag(waiting(first), names.mei, 10);
  await row(names.mei).getByTestId('visit').waitFor();
  await done().getByText(names.mei).waitFor();
  const planned = await visitOf(first);
  assert.equal(new Date(planned.starts_at).getHours(), 10);
  await done().getByRole('button', { name: 'Undo' }).click();
  await waiting(first).waitFor();
  assert.equal(await visitOf(first), undefined);
});

test('what speaks against a plan is said before, and asked for again', async () => {
  await drag(waiting(first), names.jonas, 10);
  const dialog = page.getByRole('dialog');
  await dialog.getByText(`The technician lacks: ${SKILL}.`).waitFor();
  await shot(page, 'planning-advice');
  await dialog.getByLabel('Technician').selectOption(names.mei);
  await dialog.getByText('The technician lacks').waitFor({ state: 'detached' });
  await dialog.getByRole('button', { name: 'Plan it' }).click();
  await visit(first).waitFor();
});

test('the form plans without dragging, and says in words who is elsewhere', async () => {
  await waiting(second).getByRole('button', { name: 'Plan…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Technician').selectOption(names.mei);
  await dialog.getByLabel('Begins').fill(`${day}T10:30`);
  await dialog.getByRole('status').getByText(`The technician is at ${first.number}`).waitFor();
  await dialog.getByRole('button', { name: 'Plan it' }).click();
  const refusal = dialog.getByRole('alert').filter({ hasText: 'Not possible:' });
  await refusal.waitFor();
  const words = await refusal.textContent();
  assert.match(words, new RegExp(`The technician is at ${first.number} from`));
  assert.doesNotMatch(words, /\dT\d\d:/);
  await dialog.getByLabel('Begins').fill(`${day}T13:00`);
  await dialog.getByRole('button', { name: 'Plan it' }).click();
  await dialog.waitFor({ state: 'detached' });
  await visit(second).waitFor();
});

test('a visit is dragged to somebody else with a reason, and back by undoing', async () => {
  await drag(visit(second), names.jonas, 15);
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Move it' }).click();
  await dialog.getByText('Give a reason first.').waitFor();
  await dialog.getByLabel('Reason').fill('nearer to the site');
  await dialog.getByRole('button', { name: 'Move it' }).click();
  await row(names.jonas).getByTestId('visit').waitFor();
  const moved = await visitOf(second);
  assert.equal(moved.technician_name, names.jonas);
  assert.equal(new Date(moved.starts_at).getHours(), 15);
  await done().getByRole('button', { name: 'Undo' }).click();
  await row(names.mei).getByTestId('visit').nth(1).waitFor();
  assert.equal(new Date((await visitOf(second)).starts_at).getHours(), 13);
});

test('a visit says where and why, and is called off with a reason', async () => {
  await visit(second).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Quay Road 7').waitFor();
  assert.ok(new URL(page.url()).searchParams.get('visit'));
  await dialog.getByRole('button', { name: 'Call off…' }).click();
  await dialog.getByLabel('Reason').fill('the customer is closed');
  await dialog.getByRole('button', { name: 'Call it off' }).click();
  await waiting(second).waitFor();
});

test('suggestions have reasons, refusals too; the policy chooses, and is overruled', async () => {
  const planned = await visitOf(first);
  await ask(opened, 'POST', `/api/v1/visits/${planned.id}/transition`, {
    to: 'cancelled',
    why: 'to plan it anew'
  });
  await waiting(first).getByRole('button', { name: 'Suggest' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByTestId('suggestion').filter({ hasText: names.mei }).waitFor();
  await dialog.getByTestId('suggestion').getByText(`has ${SKILL}`).waitFor();
  await dialog.getByTestId('refused').getByText(names.jonas).waitFor();
  await dialog.getByTestId('refused').getByText(`has not: ${SKILL}`).first().waitFor();
  await shot(page, 'planning-suggestions');
  await dialog.getByRole('button', { name: 'Dispatch automatically' }).click();
  await dialog.getByText(/Chosen by: auto-dispatch, planning policy version \d+/).waitFor();
  await shot(page, 'planning-chosen');
  await dialog.getByRole('button', { name: 'Overrule…' }).click();
  await dialog.getByText('Rule that chose').waitFor();
  await dialog.getByRole('button', { name: 'Overrule…' }).click();
  await dialog.getByLabel('Begins').fill(`${day}T18:00`);
  await dialog.getByLabel('Reason').fill('the hall is free in the evening');
  await dialog.getByRole('button', { name: 'Move it' }).click();
  await dialog.waitFor({ state: 'detached' });
  const overruled = await visitOf(first);
  assert.equal(overruled.rule, null);
  assert.deepEqual(overruled.reasons, ['the hall is free in the evening']);
});

test('a suggestion is taken with one press, and a week shows it', async () => {
  await waiting(second).getByRole('button', { name: 'Suggest' }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Take / })
    .first()
    .click();
  await done().getByText(second.number).waitFor();
  await page.getByRole('button', { name: 'Week' }).click();
  await page.getByTestId('week').getByTestId('visit').filter({ hasText: first.number }).waitFor();
  await shot(page, 'planning-week');
});

test('nothing failed inside the page', () => {
  assert.deepEqual(opened.failures, []);
});
