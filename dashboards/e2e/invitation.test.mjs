// Somebody is invited: sets a password by the link, signs in with it, and out again.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, openBrowser, shot } from './browser.mjs';

const PASSWORD = 'correct horse battery';

let opened;
let page;
let invitation;

before(async () => {
  opened = await openBrowser();
  page = opened.page;
  invitation = await ask(opened, 'POST', '/api/v1/accounts', {
    email: `mei.${Date.now()}@example.com`,
    name: 'Mei',
    role: 'technician'
  });
});

after(async () => {
  await opened?.browser.close();
});

test('an invited person sets a password by the link', async () => {
  await page.goto(opened.url + invitation.password_code.link);
  await page.getByLabel('New password').fill(PASSWORD);
  await page.getByLabel('The same again').fill('something else');
  await page.getByRole('button', { name: 'Set the password' }).click();
  await page.getByText('The two are not the same.').waitFor();
  await shot(page, 'new-password');
  await page.getByLabel('The same again').fill(PASSWORD);
  await page.getByRole('button', { name: 'Set the password' }).click();
  await page.getByText('Your password is set. Sign in with it.').waitFor();
  assert.ok(!page.url().includes('password'), 'the code is still in the address');
});

test('and signs in with it, after a typing error', async () => {
  await page.getByLabel('E-mail address').fill(invitation.account.email);
  await page.getByLabel('Password').fill('a typing error');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('the e-mail address or the password is not right').waitFor();
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Sign out' }).first().waitFor();
});

test('a link that was used says so', async () => {
  await page.context().clearCookies();
  await page.goto('about:blank');
  await page.goto(opened.url + invitation.password_code.link);
  await page.getByLabel('New password').fill(PASSWORD);
  await page.getByLabel('The same again').fill(PASSWORD);
  await page.getByRole('button', { name: 'Set the password' }).click();
  await page.getByText('this link was used before or is too old').waitFor();
  assert.deepEqual(opened.failures, []);
});
