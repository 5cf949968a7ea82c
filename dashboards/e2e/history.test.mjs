// The past of a machine: looked at closer and closer, and taken along as files.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { ask, openBrowser, shot, signIn } from './browser.mjs';

let opened;
let page;

before(async () => {
  opened = await openBrowser();
  page = opened.page;
  await page.goto(opened.url);
  await signIn(page, opened.token);
  await page.getByTestId('machine').first().waitFor();
});

after(async () => {
  await opened?.browser.close();
});

/** Length of the stretch in the address, milliseconds. */
function length() {
  const { searchParams } = new URL(page.url());
  return Date.parse(searchParams.get('to')) - Date.parse(searchParams.get('from'));
}

test('somebody draws over a chart and sees that stretch, and goes back', async () => {
  const { items } = await ask(opened, 'GET', '/api/v1/assets');
  const measured = items.find((asset) => asset.last_reading_at);
  await page.goto(`${opened.url}/machines/${measured.id}`);
  await page.getByRole('link', { name: 'History' }).click();
  // The machine's own page has a choice of hours too.
  await page.getByTestId('point-history').first().waitFor();
  await page.getByRole('button', { name: '1 h', exact: true }).click();
  await page.waitForURL(/from=/);
  assert.equal(length(), 3_600_000);
  const chart = page.getByTestId('point-history').first().locator('.u-over');
  await chart.waitFor();
  await shot(page, 'history');
  const box = await chart.boundingBox();
  await page.mouse.move(box.x + box.width * 0.5, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.75, box.y + 40, { steps: 4 });
  await page.mouse.up();
  await page.waitForFunction(() => {
    const { searchParams } = new URL(location.href);
    return Date.parse(searchParams.get('to')) - Date.parse(searchParams.get('from')) < 1_000_000;
  });
  assert.ok(Math.abs(length() - 900_000) < 30_000, `a quarter of an hour, not ${length()} ms`);
  await page.goBack();
  await page.waitForFunction(() => {
    const { searchParams } = new URL(location.href);
    return Date.parse(searchParams.get('to')) - Date.parse(searchParams.get('from')) === 3_600_000;
  });
});

test('somebody notes something on the time axis, sees it there, and takes it back', async () => {
  const remarks = page.getByTestId('remarks');
  await page.getByRole('button', { name: 'Note something…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Keep the note' }).click();
  await dialog.getByRole('alert').filter({ hasText: 'Say what to know.' }).waitFor();
  await dialog.getByLabel('What to know').fill('strainer was cleaned');
  await dialog.getByRole('button', { name: 'Keep the note' }).click();
  await remarks.getByText('strainer was cleaned').waitFor();
  await shot(page, 'remarks');
  await remarks.getByRole('button', { name: 'Take back' }).first().click();
  await dialog.getByRole('button', { name: 'Take back' }).click();
  await remarks.getByText('strainer was cleaned').waitFor({ state: 'detached' });
});

test('what is on screen is saved as a table and as a picture', async () => {
  const saved = async (name) => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name }).click()
    ]);
    return readFile(await download.path());
  };
  const table = (await saved('Save as CSV')).toString();
  assert.match(table, /^time,point,unit,min,mean,max\r\n\d{4}-/);
  const picture = await saved('Save as picture');
  assert.equal(picture.subarray(1, 4).toString(), 'PNG');
  assert.deepEqual(opened.failures, []);
});
