// A real Chromium before a running server, for the tests in this folder.
// AFTERCARE_URL and AFTERCARE_TOKEN name the server, AFTERCARE_MQTT where it takes readings (mqtt://…,
// for tests that send some), AFTERCARE_CHROMIUM the browser when it is not
// at its usual place, AFTERCARE_SHOTS a folder for screenshots.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

export const WAIT_MS = 30_000;

function needed(name) {
  const value = process.env[name];
  assert.ok(value, `${name} is not set: this test needs AFTERCARE_URL and AFTERCARE_TOKEN`);
  return value;
}

/** Opens a browser; `failures` collects what goes wrong inside the page: a screen that looks right may still have failed. */
export async function openBrowser() {
  const url = needed('AFTERCARE_URL').replace(/\/$/, '');
  const token = needed('AFTERCARE_TOKEN');
  const browser = await chromium.launch({
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
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(WAIT_MS);
  const failures = [];
  page.on('pageerror', (error) => failures.push(error.message));
  return { browser, page, url, token, failures };
}

export async function signIn(page, token) {
  await page.getByRole('button', { name: 'Use an API token instead' }).click();
  await page.getByLabel('API token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  // Going elsewhere before the answer would leave the login behind.
  await page.getByLabel('API token').waitFor({ state: 'detached' });
}

/** Asks the server directly, for what the page has no screen for. */
export async function ask({ url, token }, method, path, body) {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {})
  });
  // Some answers have no content.
  const text = await answer.text();
  const content = text ? JSON.parse(text) : null;
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${JSON.stringify(content)}`);
  return content;
}

/** Screenshots on a desk and on a phone, when a folder for them is named. */
export async function shot(page, name) {
  const folder = process.env['AFTERCARE_SHOTS'];
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  const size = page.viewportSize();
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await page.setViewportSize({ width: 390, height: 844 });
  // The charts follow the new width in the next frame.
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 200)))
  );
  await page.screenshot({ path: join(folder, `${name}-phone.png`) });
  await page.setViewportSize(size);
}
