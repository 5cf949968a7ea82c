// How the page feels: prints a table. Started by `cargo bench -p system-tests --bench page`, which
// runs the server, sends the live readings and names the machines.
import { readdir, readFile } from 'node:fs/promises';
import { openBrowser, signIn } from './browser.mjs';

const ROUNDS = 7;
const LIVE_S = 10;
const { MEASURE_LIVE: live, MEASURE_SLOW: slow, MEASURE_DAYS: days } = process.env;

const at = (values, part) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.round((sorted.length - 1) * part)];
};
const row = (what, goal, values, unit, digits = 0) =>
  console.log(
    `| ${what} | ${goal} | ${at(values, 0.5).toFixed(digits)} ${unit} | ${at(values, 0.95).toFixed(digits)} ${unit} |`
  );

/** CPU seconds that all processes below one have taken, from /proc (Linux). */
async function cpuSeconds(root) {
  const stats = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => null);
    if (!stat) continue;
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    stats.push({ id: Number(name), parent: Number(fields[1]), ticks: +fields[11] + +fields[12] });
  }
  const below = new Set([root]);
  for (let grew = true; grew;) {
    const before = below.size;
    stats.forEach(({ id, parent }) => below.has(parent) && below.add(id));
    grew = below.size > before;
  }
  return (
    stats
      .filter(({ id }) => id !== root && below.has(id))
      .reduce((sum, { ticks }) => sum + ticks, 0) / 100
  );
}

const opened = await openBrowser();
const { browser, page, url, token } = opened;
await page.goto(url);
await signIn(page, token);
await page.getByTestId('machine').first().waitFor();
const state = await page.context().storageState();

console.log('| what | goal | median | 95th percentile |');
console.log('|---|---|---|---|');

// First view: nothing cached, from asking for the address to the first machine in sight.
const first = [];
const script = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const context = await browser.newContext({ storageState: state });
  const fresh = await context.newPage();
  const watching = await context.newCDPSession(fresh);
  await watching.send('Network.enable');
  const scripts = new Set();
  let bytes = 0;
  watching.on('Network.responseReceived', ({ requestId, type }) => {
    if (type === 'Script') scripts.add(requestId);
  });
  watching.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes += encodedDataLength;
  });
  await fresh.goto(url, { waitUntil: 'commit' });
  await fresh.getByTestId('machine').first().waitFor();
  first.push(await fresh.evaluate(() => performance.now()));
  script.push(bytes / 1024);
  await context.close();
}
row('first view, nothing cached', '1000 ms', first, 'ms');
row('script of the first view, compressed', '150 KiB', script, 'KiB');

// Live: 20 channels at 10 readings a second.
await page.goto(`${url}/machines/${live}`);
await page.locator('[data-testid=point] canvas').nth(19).waitFor();
const devtools = await page.context().newCDPSession(page);
await devtools.send('Performance.enable');
const busy = async () => {
  const { metrics } = await devtools.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration').value;
};
const frames = () =>
  page.evaluate(
    (seconds) =>
      new Promise((done) => {
        let frame = 0;
        const began = performance.now();
        const count = () => {
          frame += 1;
          const passed = performance.now() - began;
          if (passed >= seconds * 1000) done((frame * 1000) / passed);
          else requestAnimationFrame(count);
        };
        requestAnimationFrame(count);
      }),
    LIVE_S
  );
const rates = [];
const threads = [];
const wholes = [];
for (let round = 0; round < 3; round += 1) {
  const [thread, whole, began] = [await busy(), await cpuSeconds(process.pid), performance.now()];
  rates.push(await frames());
  const passed = (performance.now() - began) / 1000;
  threads.push(((await busy()) - thread) / passed);
  wholes.push(((await cpuSeconds(process.pid)) - whole) / passed);
}
row('20 live channels, 10 readings a second each: frames', '60 a second', rates, 'a second', 1);
row(
  "the same: the page's thread",
  '30 % of a core',
  threads.map((n) => n * 100),
  '%',
  1
);
row(
  'the same: all processes of the browser',
  '–',
  wholes.map((n) => n * 100),
  '%',
  1
);

// From reading to pixel: the first channel's value is when it was measured, in tenths of a second.
const ages = await page.evaluate(
  (count) =>
    new Promise((done) => {
      const value = document.querySelector('[data-testid=current-value]');
      const found = [];
      let last = '';
      new MutationObserver((_, observer) => {
        if (value.textContent === last) return;
        last = value.textContent;
        const measured = Number(last);
        // The next frame is the one that shows it.
        requestAnimationFrame(() => {
          const now = (Date.now() / 1000) % 1_000;
          found.push((now - measured) * 1000);
          if (found.length < count) return;
          observer.disconnect();
          done(found);
        });
      }).observe(value, { childList: true, characterData: true, subtree: true });
    }),
  100
);
row('from reading to pixel', '500 ms', ages, 'ms');

// A long time of one channel, opened from the week before.
const long = [];
const closer = [];
for (let round = 0; round < ROUNDS; round += 1) {
  await page.goto(`${url}/machines/${slow}/history`);
  await page.getByText('One value for').waitFor();
  const press = (name) =>
    page.evaluate((text) => {
      const button = [...document.querySelectorAll('button')].find((b) => b.textContent === text);
      const status = document.querySelector('main [role=status]');
      const before = status.textContent;
      const began = performance.now();
      button.click();
      return new Promise((done) => {
        const look = () => {
          const now = status.textContent;
          if (now !== before && now.startsWith('One value')) done(performance.now() - began);
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      });
    }, name);
  long.push(await press('1 year'));
  closer.push(await press('Closer'));
}
row(`a year of a reading a second (${days} days are there), drawn`, '300 ms', long, 'ms');
row('half of it, drawn', '–', closer, 'ms');
await browser.close();
