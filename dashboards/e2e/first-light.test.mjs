// What a new reader sees against a running server: machines, live charts, a ticket by itself.
// AFTERCARE_URL and AFTERCARE_TOKEN name the server, AFTERCARE_CHROMIUM the browser when it is not
// at its usual place, AFTERCARE_SHOTS a folder for screenshots.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';

const TICKET_WAIT_MS = 150_000;
const LIVE_WAIT_MS = 30_000;

function needed(name) {
  const value = process.env[name];
  assert.ok(value, `${name} is not set: this test needs AFTERCARE_URL and AFTERCARE_TOKEN`);
  return value;
}

let browser;
let page;
let url;
let token;
/** Tickets from before the first look; those cannot appear any more. */
let ticketsBefore = [];
/** What went wrong inside the page; a screen that looks right may still have failed. */
const failures = [];

before(async () => {
  url = needed('AFTERCARE_URL').replace(/\/$/, '');
  token = needed('AFTERCARE_TOKEN');
  browser = await chromium.launch({
    executablePath: process.env['AFTERCARE_CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync'
    ]
  });
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.on('pageerror', (error) => failures.push(error.message));
  const answer = await fetch(`${url}/api/v1/tickets`, {
    headers: { authorization: `Bearer ${token}` }
  });
  assert.equal(answer.status, 200, `the server answers ${answer.status} to this token`);
  ticketsBefore = (await answer.json()).items.map((ticket) => `/tickets/${ticket.id}`);
  await page.goto(`${url}/#login=spent`);
  await page.getByText('this login link was used before').waitFor({ timeout: LIVE_WAIT_MS });
  await shot('sign-in');
  await page.getByLabel('API token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  // Lost by any reload.
  await page.evaluate(() => (globalThis.sameDocument = true));
});

after(async () => {
  await browser?.close();
});

async function shot(name) {
  const folder = process.env['AFTERCARE_SHOTS'];
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await page.setViewportSize({ width: 390, height: 844 });
  // The charts follow the new width in the next frame.
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 200)))
  );
  await page.screenshot({ path: join(folder, `${name}-phone.png`) });
  await page.setViewportSize({ width: 1440, height: 900 });
}

/** The pixels of every chart that have been painted at all. */
function paintedPixels() {
  return page.locator('[data-testid=point] canvas').evaluateAll((all) =>
    all.map((canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return data.filter((alpha, i) => i % 4 === 3 && alpha > 0).length;
    })
  );
}

test('somebody signs in and sees the machines, and no script can read the session', async () => {
  await page.getByTestId('machine').first().waitFor({ timeout: LIVE_WAIT_MS });
  assert.ok(!page.url().includes('spent'), 'the code is still in the address');
  assert.equal(await page.evaluate(() => document.cookie + localStorage.length), '0');
  await shot('machines');
});

test('a machine shows charts whose current value changes', async () => {
  await page.getByTestId('machine').locator('a').first().click();
  const values = page.getByTestId('current-value');
  await values.first().waitFor({ timeout: LIVE_WAIT_MS });
  await page.locator('[data-testid=point] canvas').first().waitFor({ timeout: LIVE_WAIT_MS });
  const painted = await paintedPixels();
  assert.ok(painted.length > 0 && painted.every((n) => n > 0), `painted pixels: ${painted}`);
  const first = (await values.allTextContents()).join(' ');
  await page.waitForFunction(
    (before) =>
      [...document.querySelectorAll('[data-testid=current-value]')]
        .map((value) => value.textContent)
        .join(' ') !== before,
    first,
    { timeout: LIVE_WAIT_MS }
  );
  await shot('machine');
});

test('a ticket appears on the tickets page without reload', { timeout: 200_000 }, async () => {
  await page.locator('nav a[href="/tickets"]').click();
  await page.getByRole('heading', { level: 1, name: 'Tickets' }).waitFor();
  const appeared = await page.waitForFunction(
    (known) =>
      [...document.querySelectorAll('[data-testid=ticket] a')]
        .map((link) => link.getAttribute('href'))
        .find((href) => !known.includes(href)),
    ticketsBefore,
    { timeout: TICKET_WAIT_MS }
  );
  assert.equal(await page.evaluate(() => globalThis.sameDocument), true, 'the page was reloaded');
  await shot('tickets');
  await page.locator(`[data-testid=ticket] a[href="${await appeared.jsonValue()}"]`).click();
  await page.locator('table tbody tr').first().waitFor();
  await shot('ticket');
});

test('nothing failed inside the page', () => {
  assert.deepEqual(failures, []);
});
