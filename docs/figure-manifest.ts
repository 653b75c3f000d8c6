// The inputs and outputs of verify-failover that are figures: written into its action.yml from the table of figures.
import { stringify } from 'yaml';
import { limited } from '../src/failover/figure-groups.ts';
import { figures } from '../src/failover/figures.ts';

/** Where they are written. */
export const figureManifest = 'verify-failover/action.yml';

/** The action.yml with the figures' inputs and outputs as the table has them. @throws Error when it has no place for one of them */
export function withFigures(text: string): string {
  const inputs = limited.map(({ unit, limit: { input, what, usual } }) => [
    input,
    { description: what, default: String(unit === 'ms' ? usual / 1000 : usual) },
  ]);
  const outputs = figures.flatMap(({ output, what }) =>
    output === undefined ? [] : [[output, { description: what }]],
  );
  return written(written(text, 'inputs', Object.fromEntries(inputs)), 'outputs', Object.fromEntries(outputs));
}

function written(text: string, section: string, entries: object): string {
  const place = new RegExp(`^(  # ${section} of src/failover/figures\\.ts.*\\n)[\\s\\S]*?^(  # end of these\\n)`, 'm');
  const lines = stringify(entries, { lineWidth: 0, singleQuote: true }).replace(/^/gm, '  ').trimEnd();
  if (!place.test(text)) throw new Error(`${figureManifest} has no place for the ${section} of the figures`);
  return text.replace(place, (_, begin: string, end: string) => `${begin}${lines}\n${end}`);
}
