// A dispatcher sees what was promised and what is due first, finds tickets by what they are about, and
// lets a promise stand still for a reason.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, openBrowser, shot, signIn } from './browser.mjs';
import { customer, ticket } from './house.mjs';

let opened;
let page;
let house;
let about;

before(async () => {
  opened = await openBrowser();
  page = opened.page;
  house = await customer(opened, 'Promised House');
  about = await ticket(opened, house, 'Condenser fan rattles');
  await page.goto(`${opened.url}/tickets`);
  await signIn(page, opened.token);
});

after(async () => {
  await opened?.browser.close();
});

const row = () => page.getByTestId('ticket').filter({ hasText: about.number });

async function inDialog(reason, submit) {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill(reason);
  await dialog.getByRole('button', { name: submit, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

test('a ticket says what was promised next and how long is left', async () => {
  await row().getByText('First response').waitFor();
  await row()
    .getByText(/ left$/)
    .waitFor();
  await shot(page, 'tickets-promises');
});

test('words, priority and promise are filters that the address keeps', async () => {
  await page.getByLabel('Find a ticket').fill(house.customer.name);
  await page.waitForFunction(() => document.querySelectorAll('[data-testid=ticket]').length === 1);
  await row().waitFor();
  await page.getByRole('combobox', { name: 'Promise' }).selectOption('Late');
  await page.getByText('No ticket fits these filters').waitFor();
  const { searchParams } = new URL(page.url());
  assert.equal(searchParams.get('due'), 'late');
  assert.equal(searchParams.get('q'), house.customer.name);
  await page.reload();
  await page.getByRole('button', { name: 'Clear the filters' }).first().click();
  await row().waitFor();
  assert.equal(new URL(page.url()).search, '');
});

test('the board has the ticket in the column of its state, and it moves there by itself', async () => {
  await page.getByRole('button', { name: 'Board' }).click();
  await page.getByTestId('column-open').getByText(about.title).waitFor();
  await ask(opened, 'POST', `/api/v1/tickets/${about.id}/transition`, {
    to: 'diagnosing',
    why: 'on the phone with them'
  });
  const moved = page.getByTestId('column-diagnosing').getByTestId('ticket');
  await moved.filter({ hasText: about.number }).getByText('Resolution').waitFor();
  await shot(page, 'tickets-board');
});

test('a promise is held for a reason and resumed, and what was promised first stays', async () => {
  await page.goto(`${opened.url}/tickets/${about.id}`);
  const promise = page.getByTestId('promise').filter({ hasText: 'Resolution' });
  await promise.getByRole('button', { name: 'Hold…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Hold', exact: true }).click();
  await page.getByRole('alert').filter({ hasText: 'Give a reason first.' }).waitFor();
  await inDialog('the hall is closed until Monday', 'Hold');
  await promise.locator('[data-standing=on_hold]').waitFor();
  await promise.getByText('the hall is closed until Monday').waitFor();
  await promise.getByText('Promised by').waitFor();
  await shot(page, 'ticket-promises');
  await promise.getByRole('button', { name: 'Resume…' }).click();
  await inDialog('they let us in today', 'Resume');
  await promise.locator('[data-standing=running]').waitFor();
});

test('nothing failed inside the page', () => {
  assert.deepEqual(opened.failures, []);
});
