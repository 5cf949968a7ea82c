// From an empty server to the first live reading, to a second person, and to a customer from a file.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { openBrowser, shot, signIn } from './browser.mjs';

const run = promisify(execFile);

let opened;
let page;

/** What the guide on the page shows to be sent, with the port of this server. */
async function publish(value) {
  const { hostname, port } = new URL(process.env['AFTERCARE_MQTT']);
  const pack = [
    { n: 'temperature', u: 'Cel', v: value },
    { n: 'spare', u: 'V', v: 3.3 }
  ];
  const message = ['-t', 'aftercare/pump-1/readings', '-m', JSON.stringify(pack)];
  await run('mosquitto_pub', ['-h', hostname, '-p', port, '-q', '1', ...message]);
}

before(async () => {
  opened = await openBrowser();
  page = opened.page;
  await page.goto(opened.url);
  await signIn(page, opened.token);
});

after(async () => {
  await opened?.browser.close();
});

test('an empty page shows the way, and sees the first board by itself', async () => {
  await page.getByText('From here to the first live reading').waitFor();
  await shot(page, 'first-steps');
  await publish(61.5);
  await page.getByRole('link', { name: '1 board waits now.' }).click();
  await page.getByRole('link', { name: 'Set up' }).click();
});

test('the board is adopted, with the channels that are wanted', async () => {
  await page.getByRole('button', { name: 'Adopt the board' }).click();
  await page.getByText('Name the machine.').waitFor();
  await page.getByLabel('Machine', { exact: true }).fill('Cooling pump');
  await page.getByLabel('Kind').fill('pump');
  await page.getByLabel('spare speaks for a point').uncheck();
  await page.getByLabel('Point of temperature').fill('Bearing temperature');
  await page.getByLabel('Position of temperature').fill('drive end');
  await shot(page, 'adopt');
  await page.getByRole('button', { name: 'Adopt the board' }).click();
  await page.getByRole('heading', { level: 1, name: 'Cooling pump' }).waitFor();
  await page.getByText('Bearing temperature').waitFor();
});

test('and its next reading is on screen as it comes in', async () => {
  await publish(62.5);
  await page.getByTestId('current-value').getByText('62.5').waitFor();
});

test('a channel is calibrated with a reference', async () => {
  await page.goto(`${opened.url}/boards/pump-1`);
  const row = page.getByRole('listitem').filter({ hasText: 'Cooling pump' });
  await row.getByRole('button', { name: 'Calibrate…' }).click();
  await page.getByText('Never calibrated.').waitFor();
  await page.getByLabel('Reported').first().fill('62.5');
  await page.getByLabel('Reference').first().fill('62.0');
  await page.getByLabel('Note').fill('certificate 4711');
  await shot(page, 'calibrate');
  await page.getByRole('button', { name: 'Keep this calibration' }).click();
  await row.getByRole('button', { name: 'Calibrate…' }).click();
  await page.getByText('certificate 4711').waitFor();
  await page.keyboard.press('Escape');
  await shot(page, 'board');
});

test('a second person is invited by a link', async () => {
  await page.goto(`${opened.url}/people`);
  await page.getByRole('button', { name: 'Invite somebody…' }).click();
  await page.getByLabel('Name').fill('Mei Tan');
  await page.getByLabel('E-mail address').fill('mei.tan@example.com');
  await page.getByLabel('Role').selectOption('engineer');
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  const link = await page.getByLabel('The link for Mei Tan').inputValue();
  assert.match(link, /\/#password=/);
  await page.getByTestId('person').filter({ hasText: 'Engineer' }).waitFor();
  await shot(page, 'people');
});

test('a file is tried first, says its mistakes by row, and is imported when there are none', async () => {
  await page.goto(`${opened.url}/import`);
  const file = (text) => ({
    name: 'customers.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(text)
  });
  await page.getByLabel('CSV file').setInputFiles(file('name,language\nHarbour,en\n,xx\n'));
  await page.getByRole('button', { name: 'Try' }).click();
  await page.getByText('nothing was written').waitFor();
  await shot(page, 'import-mistakes');
  await page.getByLabel('CSV file').setInputFiles(file('name,language\nHarbour,en\n'));
  await page.getByRole('button', { name: 'Try' }).click();
  await page.getByText('Nothing is written yet.').waitFor();
  await page.getByRole('button', { name: 'Import 1 row' }).click();
  await page.getByText('Written.').waitFor();
  assert.deepEqual(opened.failures, []);
});

test('a board is told something over MQTT, and says how its sensor is', async () => {
  await page.goto(`${opened.url}/boards/pump-1`);
  await page.getByText('Issue a password first').waitFor();
  await page.getByRole('button', { name: 'Issue a password…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Issue', exact: true }).click();
  const password = await page
    .locator('label')
    .filter({ hasText: 'Password' })
    .getByRole('textbox')
    .inputValue();
  const { hostname, port } = new URL(process.env['AFTERCARE_MQTT']);
  const board = ['-h', hostname, '-p', port, '-u', 'pump-1', '-P', password, '-q', '1'];
  const heard = run(
    'mosquitto_sub',
    [...board, '-C', '1', '-W', '30', '-t', 'aftercare/pump-1/commands'],
    { encoding: 'buffer' }
  );
  await page.getByRole('button', { name: 'Tell the board…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Tell it' }).click();
  await page.getByText('waits for the board until').waitFor();
  // An array of CBOR with the counter, the kind and 30 s, its tag, and mosquitto_sub's line end.
  assert.equal((await heard).stdout.length, 13 + 16 + 1);

  // [0, 2, "temperature", 1, 3]: a failure, open circuit.
  const report = Buffer.from([0x85, 0, 2, 0x6b, ...Buffer.from('temperature'), 1, 3]);
  const sent = run('mosquitto_pub', [...board, '-s', '-t', 'aftercare/pump-1/reports']);
  sent.child.stdin.end(report);
  await sent;
  await page.getByText('Failure: open circuit').waitFor();
  await page.getByText('temperature: Failure, open circuit').waitFor();
  await shot(page, 'board-told');
});
