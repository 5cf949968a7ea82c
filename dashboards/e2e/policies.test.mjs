// The rules of the house: read in words, changed with a reason, looked at before they hold.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, openBrowser, shot, signIn } from './browser.mjs';

const DAYS = 'Each playbook again after, days';

let opened;
let page;
let dialog;
/** Of a service level that another run has not made. */
const name = `D-${Date.now() % 100_000}`;

before(async () => {
  opened = await openBrowser();
  page = opened.page;
  dialog = page.getByRole('dialog');
  await page.goto(opened.url);
  await signIn(page, opened.token);
  await page.getByRole('navigation').first().waitFor();
});

after(async () => {
  await opened?.browser.close();
});

const change = (path) => page.goto(`${opened.url}/policies/${path}?change=1`);
const differences = () => page.getByTestId('differences');

/** Presses on to the question why, and answers it. */
async function put(why) {
  await page.getByRole('button', { name: 'Put into force' }).click();
  await dialog.getByLabel('Reason').fill(why);
  await dialog.getByRole('button', { name: 'Put into force' }).click();
}

test('every policy says who changed it last, when and why', async () => {
  await page.getByRole('link', { name: 'Policies' }).click();
  const row = (title) => page.getByTestId('policy').filter({ hasText: title });
  await row('Training').filter({ hasText: 'As it comes with the system' }).waitFor();
  assert.equal(await page.getByTestId('policy').count(), 11);
  await shot(page, 'policies');
});

for (const policy of [
  'intake',
  'approval',
  'planning',
  'return',
  'survey',
  'care',
  'loyalty',
  'drill',
  'training',
  'reporting'
]) {
  test(`the ${policy} policy is read and changed without code`, async () => {
    await page.goto(`${opened.url}/policies/${policy}`);
    const held = page.getByTestId('held');
    await held.waitFor();
    const text = await held.innerText();
    assert.doesNotMatch(text, /[{}[\]"]|undefined|NaN/, 'no raw value stands there');
    await shot(page, `policy-${policy}`);
    await page.getByRole('button', { name: 'Change…' }).click();
    await page.getByText('Nothing is changed yet').waitFor();
    await shot(page, `policy-${policy}-change`);
  });
}

test('a policy is put into force with a reason, and the older version can be read', async () => {
  await change('drill');
  const days = 30 + (Date.now() % 300);
  await page.getByLabel(DAYS).fill(String(days));
  await page.getByRole('button', { name: 'Put into force' }).click();
  await differences()
    .filter({ hasText: `→ ${days} days` })
    .waitFor();
  await dialog.getByRole('button', { name: 'Put into force' }).click();
  await dialog.getByRole('alert').filter({ hasText: 'Give a reason first.' }).waitFor();
  await dialog.getByLabel('Reason').fill('after the fire drill');
  await shot(page, 'policy-put');
  await dialog.getByRole('button', { name: 'Put into force' }).click();
  await page
    .getByTestId('held')
    .filter({ hasText: `${days} days` })
    .waitFor();
  await page.getByTestId('held').getByText('after the fire drill').waitFor();
  await page.getByRole('link', { name: 'Version 0' }).click();
  await page.getByText('This is an older version.').waitFor();
  await page.getByTestId('held').filter({ hasText: '91 days' }).waitFor();
});

test('what the server refuses is said beside the form, and nothing that was typed is lost', async () => {
  await change('drill');
  await page.getByLabel(DAYS).fill('0');
  await put('never again');
  await dialog.getByRole('alert').filter({ hasText: /day/ }).waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await page.getByLabel(DAYS).inputValue(), '0');
});

test('whoever is slower is told, and overwrites nothing', async () => {
  await change('loyalty');
  const points = page.getByLabel('For an answered survey, points');
  await points.fill('11');
  const policy = { survey_answered: 12, suggestion_adopted: 50 };
  await ask(opened, 'PUT', '/api/v1/loyalty-policy', { policy, why: 'faster' });
  await put('slower');
  await dialog.getByRole('alert').filter({ hasText: 'Somebody else has changed it' }).waitFor();
  const { items } = await ask(opened, 'GET', '/api/v1/loyalty-policy');
  assert.equal(items[0].policy.survey_answered, 12);
});

test('lines are added, moved and removed', async () => {
  // Another amount each time, so that something changes.
  const euros = 200 + (Date.now() % 700);
  await change('approval');
  const lines = page.getByRole('group', { name: /^Line \d/ });
  await lines.nth(2).waitFor();
  const begun = await lines.count();
  await page.getByRole('button', { name: 'Add a line' }).click();
  const added = lines.nth(begun);
  await added.getByLabel('Role').selectOption({ label: 'Customer service' });
  await added.getByLabel('From a cost of', { exact: true }).fill(`${euros}.50`);
  await added.getByLabel('From a cost of', { exact: true }).press('Tab');
  await page.getByRole('button', { name: `Move Line ${begun + 1} up` }).click();
  assert.equal(
    await lines
      .nth(begun - 1)
      .getByLabel('Role')
      .inputValue(),
    'customer_service'
  );
  await page.getByRole('button', { name: `Remove Line ${begun + 1}` }).click();
  assert.equal(await lines.count(), begun);
  await put('service decides on small things');
  await page
    .getByTestId('held')
    .filter({ hasText: `${euros}.50` })
    .waitFor();
  const { items } = await ask(opened, 'GET', '/api/v1/approval-policy');
  assert.deepEqual(items[0].policy.rules.at(-1), {
    role: 'customer_service',
    from: { minor: euros * 100 + 50, currency: 'EUR' },
    only_safety_relevant: false
  });
});

test('a service level is copied, changed, and looked at before it is the default', async () => {
  await page.goto(`${opened.url}/policies/service-levels`);
  await page.getByTestId('policy').filter({ hasText: 'First response 4 hours' }).waitFor();
  await shot(page, 'service-levels');
  await page.getByRole('link', { name: 'A', exact: true }).click();
  await page.getByRole('button', { name: 'Copy as a new one…' }).click();
  await dialog.getByLabel('Name').fill('B');
  await dialog.getByLabel('Reason').fill('for the harbour');
  await dialog.getByRole('button', { name: 'Make it', exact: true }).click();
  await dialog.getByRole('alert').filter({ hasText: 'There is a service level' }).waitFor();
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByRole('button', { name: 'Make it', exact: true }).click();
  const first = page.getByRole('group', { name: 'First response', exact: true });
  await first.getByLabel('Within', { exact: true }).fill('3');
  await first.getByLabel('Within', { exact: true }).press('Tab');
  await shot(page, 'service-level-change');
  await put('we are near');
  await page.getByTestId('held').filter({ hasText: '3 hours' }).waitFor();
  await page.getByLabel('Begins').fill('2026-03-27T15:00');
  await page.getByLabel('Time zone of the site').fill('Europe/Berlin');
  await page.getByLabel('Time zone of the site').press('Tab');
  await page.waitForURL(/zone=Europe/);
  await page.getByTestId('promised').filter({ hasText: 'Mon' }).waitFor();
  await shot(page, 'service-level');
});

test('choosing the default shows what it would promise beside the one of now', async () => {
  await page.getByRole('button', { name: 'Make it the default…' }).click();
  await dialog.getByTestId('promised').filter({ hasText: 'A, default now' }).waitFor();
  await shot(page, 'service-level-default');
  await dialog.getByLabel('Reason').fill('for everybody');
  await dialog.getByRole('button', { name: 'Make it the default' }).click();
  await page.getByTestId('held').getByText('Default', { exact: true }).waitFor();
  // As it was, for whoever comes next.
  await ask(opened, 'POST', '/api/v1/sla-policies/A/default', { why: 'as it was' });
});

test('whoever may not change a policy reads it', async () => {
  const issued = await ask(opened, 'POST', '/api/v1/tokens', { name: 'Reader', scope: 'engineer' });
  const reader = await openBrowser();
  try {
    await reader.page.goto(`${reader.url}/policies`);
    await signIn(reader.page, issued.secret);
    await reader.page.getByRole('link', { name: 'Returns' }).click();
    await reader.page.getByTestId('held').waitFor();
    assert.equal(await reader.page.getByRole('button', { name: 'Change…' }).count(), 0);
    await reader.page.goto(`${reader.url}/policies/return?change=1`);
    await reader.page.getByTestId('held').waitFor();
    assert.deepEqual(reader.failures, []);
  } finally {
    await reader.browser.close();
  }
});

test('nothing failed inside the page', () => {
  assert.deepEqual(opened.failures, []);
});
