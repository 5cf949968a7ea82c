// Writes the dashboards from source/: node build.mjs; with --check says which are not up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { fleet } from './source/fleet.mjs';
import { ledger } from './source/ledger.mjs';
import { machine } from './source/machine.mjs';
import { repair } from './source/repair.mjs';

const files = {
  'fleet.json': fleet,
  'machine.json': machine,
  'repair-before-after.json': repair,
  'ledger.json': ledger
};

for (const [name, dashboard] of Object.entries(files)) {
  const file = new URL(name, import.meta.url);
  const text = JSON.stringify(dashboard, null, 1) + '\n';
  if (!process.argv.includes('--check')) {
    writeFileSync(file, text);
  } else if (readFileSync(file, 'utf8') !== text) {
    console.error(`${name} is older than its source: node dashboards/grafana/build.mjs`);
    process.exitCode = 1;
  }
}
