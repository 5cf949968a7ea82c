// A playbook at work: started on a ticket, its steps ticked by several, ended with a reason.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, openBrowser, shot, signIn } from './browser.mjs';
import { customer, playbook, retire, ticket } from './house.mjs';

const name = `Refrigerant leak ${Date.now() % 100_000}`;

let opened;
let page;
let dialog;
let leak;
let plan;

before(async () => {
  opened = await openBrowser();
  page = opened.page;
  dialog = page.getByRole('dialog');
  const house = await customer(opened, 'Leaking house');
  plan = await playbook(opened, name);
  leak = await ticket(opened, house, 'It smells of ammonia');
  await page.goto(opened.url);
  await signIn(page, opened.token);
  await page.getByRole('navigation').first().waitFor();
});

after(async () => {
  await opened?.browser.close();
  if (plan) await retire(opened, plan);
});

const step = (text) => page.getByTestId('step').filter({ hasText: text });

test('a ticket names the playbooks that fit it, and one is started with a reason', async () => {
  await page.goto(`${opened.url}/tickets/${leak.id}`);
  await page.getByRole('button', { name: `Start ${name}` }).click();
  await dialog.getByRole('button', { name: 'Start', exact: true }).click();
  await dialog.getByRole('alert').filter({ hasText: /\w/ }).waitFor();
  await dialog.getByLabel('Reason').fill('it smells');
  await dialog.getByRole('button', { name: 'Start', exact: true }).click();
  await page.waitForURL(/playbook-runs/);
  await page.getByText('0 of 3 done').waitFor();
  await page.getByRole('link', { name: '+49 40 112' }).waitFor();
});

test('steps are ticked, taken back, and skipped with a reason', async () => {
  const tick = (text) => step(text).getByRole('checkbox');
  await tick('Clear the hall').check();
  await page.getByText('1 of 3 done').waitFor();
  await tick('Close the main valve').check();
  await page.getByText('2 of 3 done').waitFor();
  await tick('Close the main valve').uncheck();
  await page.getByText('1 of 3 done').waitFor();
  await page.getByRole('button', { name: 'Skip: Call the customer' }).click();
  await dialog.getByLabel('Reason').fill('they stand beside us');
  await dialog.getByRole('button', { name: 'Skip', exact: true }).click();
  await step('Call the customer').getByText('they stand beside us').waitFor();
  await shot(page, 'playbook-run');
});

test('what somebody else does shows by itself', async () => {
  const run = new URL(page.url()).pathname.split('/').at(-1);
  const { steps } = await ask(opened, 'GET', `/api/v1/playbook-runs/${run}`);
  const valve = steps.find(({ text }) => text === 'Close the main valve');
  await ask(opened, 'PUT', `/api/v1/playbook-runs/${run}/steps/${valve.id}`, { mark: 'done' });
  await page.getByText('2 of 3 done').waitFor();
  await ask(opened, 'PUT', `/api/v1/playbook-runs/${run}/steps/${valve.id}`, { mark: 'open' });
  await page.getByText('1 of 3 done').waitFor();
});

test('it is not gone through while a step is open, and ends with a reason', async () => {
  await page.getByRole('button', { name: 'Finish…' }).click();
  await dialog.getByLabel('Reason').fill('the hall is clear');
  await dialog.getByRole('button', { name: 'Finish', exact: true }).click();
  await dialog.getByRole('alert').filter({ hasText: 'steps are open' }).waitFor();
  await shot(page, 'playbook-refused');
  await page.keyboard.press('Escape');
  await step('Close the main valve').getByRole('checkbox').check();
  await page.getByText('2 of 3 done').waitFor();
  await page.getByRole('button', { name: 'Finish…' }).click();
  await dialog.getByLabel('What was learnt').fill('The detector was in the other van.');
  await dialog.getByRole('button', { name: 'Finish', exact: true }).click();
  await page.getByText('The detector was in the other van.').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Finish…' }).count(), 0);
  assert.ok(await step('Clear the hall').getByRole('checkbox').isDisabled());
  await shot(page, 'playbook-ended');
  await page.getByRole('link', { name: leak.number }).first().click();
  await page.getByRole('link', { name }).waitFor();
  await shot(page, 'ticket-playbooks');
});

test('the request that a playbook was started for leads to it', async () => {
  const run = await ask(opened, 'POST', `/api/v1/tickets/${leak.id}/playbook-runs`, {
    playbook_id: plan.id,
    why: 'again'
  });
  const { items } = await ask(opened, 'GET', `/api/v1/requests?ticket=${leak.id}`);
  await page.goto(`${opened.url}/requests/${items[0].id}`);
  await page.getByRole('link', { name: 'Under way' }).scrollIntoViewIfNeeded();
  await shot(page, 'request-playbook');
  await page.getByRole('link', { name: 'Under way' }).click();
  await page.waitForURL(new RegExp(run.id));
  await page.getByRole('heading', { level: 1, name }).waitFor();
});

test('a deadline that passes shows by itself, and a drill that was gone through says what was learnt', async () => {
  const drill = await ask(opened, 'POST', '/api/v1/drills', {
    playbook_id: plan.id,
    scenario: 'A pipe bursts at night'
  });
  await page.goto(`${opened.url}/playbook-runs/${drill.id}`);
  await page.getByText('A pipe bursts at night').waitFor();
  assert.equal(await page.getByText('Overdue').count(), 0);
  await page.clock.setFixedTime(Date.now() + 90 * 60_000);
  await step('Close the main valve').getByText('Overdue').waitFor();
  await shot(page, 'playbook-overdue');
  await page.getByRole('button', { name: 'Finish…' }).click();
  await dialog.getByLabel('Reason').fill('done');
  await dialog.getByRole('button', { name: 'Finish', exact: true }).click();
  await dialog.getByRole('alert').filter({ hasText: 'Say what was learnt' }).waitFor();
  await dialog.getByLabel('What was learnt').fill('Nobody knew the valve.');
  await dialog.getByRole('button', { name: 'Finish', exact: true }).click();
  await page.getByText('Nobody knew the valve.').waitFor();
  await step('Call the customer').getByText('Missed').waitFor();
  await shot(page, 'playbook-drill');
});

test('nothing failed inside the page', () => {
  assert.deepEqual(opened.failures, []);
});
