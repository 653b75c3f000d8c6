// The inputs and outputs that are figures: written into the action.yml of verify-failover and of the one-job action from the table of figures.
import { stringify } from 'yaml';
import { limited, upgradeFigures } from '../src/failover/figure-groups.ts';
import { type FigureRow, figures } from '../src/failover/figures.ts';

/** The files that have them, each with what is written into it. */
export const figureManifests: ReadonlyMap<string, (text: string) => string> = new Map([
  ['verify-failover/action.yml', withCheck],
  ['action.yml', withUpgrade],
]);

/** Every limit as an input, and every figure as an output. @throws Error when the text has no place for one of them */
function withCheck(text: string): string {
  const inputs = limited.map(({ unit, limit: { input, what, usual } }) => [
    input,
    { description: what, default: String(unit === 'ms' ? usual / 1000 : usual) },
  ]);
  return withOutputs(written(text, 'inputs', Object.fromEntries(inputs)), figures);
}

function withUpgrade(text: string): string {
  return withOutputs(text, upgradeFigures);
}

function withOutputs(text: string, rows: readonly FigureRow[]): string {
  const outputs = rows.flatMap(({ output, what }) => (output === undefined ? [] : [[output, { description: what }]]));
  return written(text, 'outputs', Object.fromEntries(outputs));
}

function written(text: string, section: string, entries: object): string {
  const place = new RegExp(`^(  # ${section} of src/failover/figures\\.ts.*\\n)[\\s\\S]*?^(  # end of these\\n)`, 'm');
  const lines = stringify(entries, { lineWidth: 0, singleQuote: true }).replace(/^/gm, '  ').trimEnd();
  if (!place.test(text)) throw new Error(`an action.yml has no place for the ${section} of the figures`);
  return text.replace(place, (_, begin: string, end: string) => `${begin}${lines}\n${end}`);
}
