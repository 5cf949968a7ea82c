// What a customer sees without an account: reports a problem, follows it, and is answered.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, openBrowser, shot } from './browser.mjs';

/** A picture of one dot; `n` makes it another file. */
function photo(name, n = 0) {
  const dot =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  const buffer = Buffer.concat([Buffer.from(dot, 'base64'), Buffer.alloc(n)]);
  return { name, mimeType: 'image/png', buffer };
}

let opened;
let page;

before(async () => {
  opened = await openBrowser();
  page = opened.page;
});

after(async () => {
  await opened?.browser.close();
});

test('somebody reports a problem without an account', async () => {
  await page.goto(`${opened.url}/report`);
  await page.getByLabel('What is wrong?').fill('The pump hums and gets warm.');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('leave an e-mail address or a phone number').waitFor();
  await page.getByLabel('E-mail address').fill('li@example.com');
  await page.getByLabel('Your name').fill('Li');
  await page.getByLabel('Photos, recordings or PDF').setInputFiles(photo('leak.png'));
  await shot(page, 'report');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText(/Your request is R-\d+/).waitFor();
});

test('follows it by its link, writes, and reads our answer', async () => {
  await page.getByRole('link', { name: 'Follow it here' }).click();
  await page.getByText('We will look at your request').waitFor();
  await page.getByLabel('Write to us').fill('It is the pump in hall 2.');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('It is the pump in hall 2.').waitFor();

  await page.getByRole('link', { name: 'leak.png' }).waitFor();
  await page.getByLabel('Add a photo').setInputFiles(photo('later.png', 1));
  await page.getByRole('link', { name: 'later.png' }).waitFor();

  const { items } = await ask(opened, 'GET', '/api/v1/requests');
  const request = items.find((r) => r.given_email === 'li@example.com');
  await ask(opened, 'POST', `/api/v1/requests/${request.id}/messages`, {
    kind: 'question',
    text: 'Since when does it hum?'
  });
  await page.reload();
  await page.getByText('Since when does it hum?').waitFor();
  await shot(page, 'follow');
});

test('a link with nothing behind it says so', async () => {
  await page.goto(`${opened.url}/follow/guessed`);
  await page.getByText('There is nothing behind this link.').waitFor();
  await page.goto(`${opened.url}/survey/guessed`);
  await page.getByText('There is nothing behind this link.').waitFor();
  assert.deepEqual(opened.failures, []);
});
