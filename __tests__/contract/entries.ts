// The code that an action's entry can reach: bundled without packages, so only code that could run is searched.
import { build } from 'esbuild';
import { root } from './tree.ts';

/** Names of inputs and outputs in the code of an entry; `computed` counts calls whose name is not written out. */
export interface Named {
  readonly inputs: ReadonlySet<string>;
  readonly outputs: ReadonlySet<string>;
  /** The source text of outputs' names that are expressions. */
  readonly computedOutputs: readonly string[];
}

/** Functions of src/github/inputs.ts that take an input's name first, and the one of src/github/runner.ts beneath them. */
const readers =
  'getInput|getBooleanInput|getMultilineInput|secretInput|requiredSecret|booleanInput|numberInput|choiceInput|requiredChoice|parsedInput';

export async function namesIn(entry: string): Promise<Named> {
  const code = await reachableCode(entry);
  // An entry may shorten them: `const ms = (name, otherwise) => numberInput(name, …) * 1000`.
  const wrapper = new RegExp(
    `\\b(?:const|let|var) (\\w+) = \\((\\w+)[^)]*\\) => [^;]*\\b(?:${readers})\\d*\\(\\2\\b`,
    'g',
  );
  const all = [readers, ...Array.from(code.matchAll(wrapper), (match) => match[1] ?? '')].join('|');
  const literal = (pattern: string) =>
    new Set(
      Array.from(code.matchAll(new RegExp(`\\b(?:${pattern})\\d*\\(\\s*"([^"]+)"`, 'g')), (match) => match[1] ?? ''),
    );
  const computed = Array.from(
    code.matchAll(/(?<!function |core\d*\.)\bsetOutput\d*\(\s*([^"\s][^,]*),/g),
    (match) => match[1] ?? '',
  );
  return { inputs: literal(all), outputs: literal('setOutput'), computedOutputs: computed };
}

async function reachableCode(entry: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [`src/actions/${entry}.ts`],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    packages: 'external',
    treeShaking: true,
    logLevel: 'silent',
  });
  return outputFiles.map((file) => file.text).join('\n');
}
