// `npm run bench [-- NAME …]`: what the figures in the docs come from. Each compares within its own run.
import { coldStarts } from './cold-start.ts';

const benches: Readonly<Record<string, () => void | Promise<void>>> = {
  'cold-start': coldStarts,
};

const asked = process.argv.slice(2);
for (const name of asked.length > 0 ? asked : Object.keys(benches)) {
  const bench = benches[name];
  if (!bench) throw new Error(`no such bench: ${name}; there are ${Object.keys(benches).join(', ')}`);
  console.log(`\n${name}`);
  await bench();
}
