// Somebody at the counter writes a request down, says how urgent it is, finds that it is the second
// about the same, answers it, and makes a ticket of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, openBrowser, shot, signIn } from './browser.mjs';
import { customer } from './house.mjs';

let opened;
let page;
let house;
const again = Date.now() % 100_000;
const words = `The seal of line ${again} drips`;

before(async () => {
  opened = await openBrowser();
  page = opened.page;
  house = await customer(opened, 'Requesting House');
  await page.goto(`${opened.url}/requests`);
  await signIn(page, opened.token);
});

after(async () => {
  await opened?.browser.close();
});

const panel = (title) =>
  page.locator('section').filter({ has: page.getByRole('heading', { name: title, exact: true }) });
const state = (word) => page.locator('.head').getByText(word, { exact: true });

test('a call is written down with its contact and machine, and classified at once', async () => {
  await page.getByRole('button', { name: 'New request' }).click();
  const dialog = page.getByRole('dialog');
  await dialog
    .getByRole('combobox', { name: 'Who asks?' })
    .fill(`Wei ${house.customer.name.split(' ').at(-1)}`);
  await dialog.getByRole('option').filter({ hasText: house.customer.name }).click();
  const machine = dialog.getByRole('combobox', { name: 'Which machine?' });
  await machine.fill(house.asset.serial);
  await dialog.getByRole('option').filter({ hasText: house.asset.name }).waitFor();
  await machine.press('ArrowDown');
  await machine.press('Enter');
  await dialog.getByRole('button', { name: 'Write it down' }).click();
  await dialog.getByText('Write down what it is about first.').waitFor();
  await dialog.getByLabel('What is it about?').fill(words);
  await dialog.getByRole('button', { name: 'Urgent', exact: true }).click();
  await dialog.getByRole('button', { name: 'Local', exact: true }).click();
  await dialog.getByRole('button', { name: 'Product', exact: true }).click();
  await dialog.getByText(/The table says/).waitFor();
  await shot(page, 'request-new');
  await dialog.getByRole('button', { name: 'Write it down' }).click();
  await page.getByRole('heading', { level: 1, name: words }).waitFor();
  await state('Classified').waitFor();
  await panel('Whose it is').getByText(house.site.name).waitFor();
});

test('the list finds it by words and keeps its filters in the address', async () => {
  await page.getByRole('link', { name: 'Requests' }).first().click();
  await page.getByLabel('Find a request').fill(words);
  const row = page.getByTestId('request').filter({ hasText: words });
  await row.waitFor();
  await page.getByRole('combobox', { name: 'Channel' }).selectOption('E-mail');
  await page.getByText('No request fits these filters').waitFor();
  assert.equal(new URL(page.url()).searchParams.get('channel'), 'email');
  await page.reload();
  await page.getByRole('button', { name: 'Clear the filters' }).first().click();
  await row.getByText('Fast lane').waitFor();
  await row.getByRole('link').click();
});

test('the priority of the table is overruled only with a reason', async () => {
  const priority = panel('Priority');
  await priority.getByRole('button', { name: 'Classify anew…' }).click();
  await priority.getByLabel('Give it another priority').check();
  await priority.getByRole('combobox', { name: 'Priority' }).selectOption('Low');
  await priority.getByRole('button', { name: 'Classify', exact: true }).click();
  await priority.getByText('Say why the table is overruled.').waitFor();
  await priority.getByLabel('Why another').fill('the line is idle until Monday');
  await priority.getByRole('button', { name: 'Classify', exact: true }).click();
  await priority.getByText('The table was overruled').waitFor();
});

test('a question, a note and a file go into the conversation', async () => {
  const talk = panel('What was said');
  await talk.getByRole('button', { name: 'Question' }).click();
  await talk.getByLabel('Write', { exact: true }).fill('Since when does it drip?');
  await talk.getByRole('button', { name: 'Send question' }).click();
  await page.getByTestId('message').filter({ hasText: 'Since when does it drip?' }).waitFor();
  await talk.getByRole('button', { name: 'Note', exact: true }).click();
  await talk.getByLabel('Write', { exact: true }).fill('The seal was new in March.');
  await talk.getByRole('button', { name: 'Keep note' }).click();
  await talk.getByText('Note between colleagues').waitFor();
  const dot =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  await page
    .getByLabel('Attach a file')
    .setInputFiles({ name: 'drip.png', mimeType: 'image/png', buffer: Buffer.from(dot, 'base64') });
  await page.getByTestId('file').filter({ hasText: 'drip.png' }).waitFor();
  await shot(page, 'request');
});

test('the second about the same is joined to it, and taken back', async () => {
  const second = await ask(opened, 'POST', '/api/v1/requests', {
    channel: 'phone',
    contact_id: house.contact.id,
    asset_id: house.asset.id,
    text: 'It still drips.'
  });
  const first = new URL(page.url()).pathname;
  await page.goto(`${opened.url}/requests/${second.id}`);
  const same = page.getByTestId('same').filter({ hasText: words });
  await same.getByRole('button', { name: 'It is the same' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Yes, the same' }).click();
  await page.getByText('Handled with another request').waitFor();
  await state('Rejected').waitFor();
  const next = panel('Next step');
  await next.getByRole('button', { name: 'Take the rejection back' }).click();
  await next.getByText('Give a reason first.').waitFor();
  await next.getByLabel('Reason').fill('another seal');
  await next.getByRole('button', { name: 'Take the rejection back' }).click();
  await state('Received').waitFor();
  await page.goto(opened.url + first);
});

test('it becomes a ticket, is answered, and the person sees the answer by the link', async () => {
  await panel('Next step').getByRole('button', { name: 'Open a ticket' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Open a ticket' }).click();
  await state('Ticketed').waitFor();
  await panel('Next step')
    .getByRole('link', { name: /Ticket T-\d+/ })
    .waitFor();
  const talk = panel('What was said');
  await talk.getByLabel('Write', { exact: true }).fill('Somebody comes on Monday.');
  await talk.getByRole('button', { name: 'Send answer' }).click();
  await page.getByTestId('message').filter({ hasText: 'Somebody comes on Monday.' }).waitFor();
  const link = await panel('Link for the person').getByRole('textbox').inputValue();
  await page.goto(opened.url + new URL(link).pathname);
  await page.getByText('Somebody comes on Monday.').waitFor();
  assert.equal(await page.getByText('The seal was new in March.').count(), 0);
});

test('nothing failed inside the page', () => {
  assert.deepEqual(opened.failures, []);
});
