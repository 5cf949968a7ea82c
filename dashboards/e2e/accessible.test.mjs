// axe (the rules of WCAG 2.2, A and AA) finds nothing serious on any screen, light and dark, desk and phone.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { ask, openBrowser, signIn } from './browser.mjs';
import { customer, playbook, retire, ticket, workOrder } from './house.mjs';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SIZES = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

let opened;
let page;
const screens = [
  '/',
  '/today',
  '/alarms',
  '/requests',
  '/tickets',
  '/tickets?view=board',
  '/planning',
  '/planning?view=week',
  '/sites',
  '/sites?view=map',
  '/customers',
  '/figures',
  '/figures/sla_attainment',
  '/boards',
  '/people',
  '/import',
  '/export',
  '/knowledge',
  '/policies',
  '/policies/care',
  '/policies/care?change=1',
  '/policies/planning?change=1',
  '/policies/service-levels',
  '/policies/service-levels/A',
  '/policies/service-levels/A?change=1',
  '/more',
  '/report'
];

before(async () => {
  opened = await openBrowser();
  page = opened.page;
  const house = await customer(opened, 'Accessible house');
  const opening = await ticket(opened, house, 'The pump hums');
  const order = await workOrder(opened, opening);
  screens.push(`/tickets/${opening.id}`, `/machines/${house.asset.id}`, `/work-orders/${order.id}`);
  const asked = await ask(opened, 'GET', `/api/v1/requests?ticket=${opening.id}`);
  screens.push(`/requests/${asked.items[0].id}`, `/customers/${house.customer.id}`);
  const plan = await playbook(opened, `Accessible plan ${Date.now() % 100_000}`);
  const run = await ask(opened, 'POST', `/api/v1/tickets/${opening.id}/playbook-runs`, {
    playbook_id: plan.id,
    why: 'to be looked at'
  });
  await retire(opened, plan);
  screens.push(`/playbook-runs/${run.id}`);
  const { items } = await ask(opened, 'GET', '/api/v1/boards');
  if (items.length > 0) screens.push(`/boards/${items[0].id}`);
  await page.goto(opened.url);
  await signIn(page, opened.token);
  await page.getByRole('navigation').first().waitFor();
});

after(async () => {
  await opened?.browser.close();
});

/** What axe finds serious or critical, a line each. */
async function found() {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run({ resultTypes: ['violations'] })
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

for (const [size, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ['light', 'dark']) {
    test(`nothing serious on a ${size}, ${colorScheme}`, { timeout: 120_000 }, async () => {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const all = [];
      for (const screen of screens) {
        await page.goto(opened.url + screen);
        await page.locator('h1').first().waitFor();
        await page.waitForFunction(() => !document.querySelector('.loading'));
        all.push(...(await found()).map((line) => `${screen} ${line}`));
      }
      assert.deepEqual(all, []);
    });
  }
}
