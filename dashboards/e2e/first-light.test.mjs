// What a new reader sees against a running server: machines, live charts, a ticket by itself.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, openBrowser, shot, signIn, WAIT_MS } from './browser.mjs';

const TICKET_WAIT_MS = 150_000;

/** Compressed, bytes: what a phone has to fetch before it shows anything. */
const MOST_SCRIPT = 150 * 1024;

let opened;
let page;
let script = 0;
/** Tickets from before the first look; those cannot appear any more. */
let ticketsBefore = [];

before(async () => {
  opened = await openBrowser();
  page = opened.page;
  const { items } = await ask(opened, 'GET', '/api/v1/tickets');
  ticketsBefore = items.map((ticket) => `/tickets/${ticket.id}`);
  const watching = await page.context().newCDPSession(page);
  const scripts = new Set();
  await watching.send('Network.enable');
  watching.on('Network.responseReceived', ({ requestId, type }) => {
    if (type === 'Script') scripts.add(requestId);
  });
  watching.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) script += encodedDataLength;
  });
  await page.goto(`${opened.url}/#login=spent`);
  await page.getByText('this login link was used before').waitFor();
  await shot(page, 'sign-in');
  await signIn(page, opened.token);
  // Lost by any reload.
  await page.evaluate(() => (globalThis.sameDocument = true));
});

after(async () => {
  await opened?.browser.close();
});

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
  await page.getByTestId('machine').first().waitFor({ timeout: WAIT_MS });
  assert.ok(!page.url().includes('spent'), 'the code is still in the address');
  assert.equal(await page.evaluate(() => document.cookie + localStorage.length), '0');
  await shot(page, 'machines');
});

test('the first view needs little script', () => {
  assert.ok(script > 0 && script <= MOST_SCRIPT, `${script} bytes of script`);
});

test('a machine shows charts whose current value changes', async () => {
  await page.getByTestId('machine').locator('a').first().click();
  const values = page.getByTestId('current-value');
  await values.first().waitFor({ timeout: WAIT_MS });
  await page.locator('[data-testid=point] canvas').first().waitFor({ timeout: WAIT_MS });
  const painted = await paintedPixels();
  assert.ok(painted.length > 0 && painted.every((n) => n > 0), `painted pixels: ${painted}`);
  const first = (await values.allTextContents()).join(' ');
  await page.waitForFunction(
    (before) =>
      [...document.querySelectorAll('[data-testid=current-value]')]
        .map((value) => value.textContent)
        .join(' ') !== before,
    first,
    { timeout: WAIT_MS }
  );
  await shot(page, 'machine');
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
  await shot(page, 'tickets');
  await page.locator(`[data-testid=ticket] a[href="${await appeared.jsonValue()}"]`).click();
  await page.locator('table tbody tr').first().waitFor();
  await shot(page, 'ticket');
});

test('nothing failed inside the page', () => {
  assert.deepEqual(opened.failures, []);
});
