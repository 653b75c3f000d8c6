import { type Document, isMap, isScalar, parseDocument, visit, type YAMLMap } from 'yaml';

/** The name by which users call these actions, and which the lab resolves to the checkout. */
export const ACTION_REPOSITORY = 'org/k8s-ha-action@v1';

/** The differences of the copy of a workflow from the file. */
export interface LocalForm {
  /** Parallel legs of a matrix. act supports only a number, and treats an expression as 1. */
  readonly maxParallel?: number;
  /** Reverses the lists of the matrices. */
  readonly reversed?: boolean;
  /** Jobs that passed in an earlier attempt and are not run again, with their outputs. */
  readonly passed?: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** The entries of a matrix of one key that are run again, by job. */
  readonly legs?: ReadonlyMap<string, readonly string[]>;
}

/**
 * A workflow in the form that act can run: `$/x`, the running commit's own x, becomes the name that act resolves to
 * the checkout. This is the only place where the lab's workflows differ from what GitHub runs.
 */
export function localForm(text: string, form: LocalForm = {}): string {
  const document = parseDocument(text);
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || !isScalar(value) || key.value !== 'uses' || typeof value.value !== 'string') return;
      if (value.value.startsWith('$/')) value.value = calledName(value.value);
    },
  });
  // act 0.2.89 does not know the key; it has no queues.
  const queue = ['concurrency', 'queue'];
  if (document.hasIn(queue)) document.deleteIn(queue);
  for (const [id, job] of jobsOf(document)) {
    if (job.hasIn(queue)) job.deleteIn(queue);
    const limit = job.get('timeout-minutes');
    // act's fromJSON takes only text, and its limit any text that is a number.
    if (typeof limit === 'string') job.set('timeout-minutes', limit.replace(/fromJSON\((.*)\)/, '$1'));
    const strategy = job.get('strategy');
    if (isMap(strategy)) strategy.set('max-parallel', form.maxParallel ?? 256);
    const legs = form.legs?.get(id);
    if (legs && isMap(strategy)) narrow(strategy, legs);
    const outputs = form.passed?.get(id);
    if (outputs) replaceByItsOutputs(document, job, outputs);
    else if (form.reversed) reverseMatrices(document, id, job);
  }
  return document.toString({ lineWidth: 0 }).replaceAll(matrixList, guarded);
}

/** Unlike GitHub, act evaluates the matrix of a job that is skipped, and gives a skipped job's outputs as they are written. */
const matrixList = /fromJSON\((needs\.[\w-]+\.outputs\.[\w-]+)\)/g;
const guarded = "fromJSON(startsWith($1, '[') && $1 || '[]')";

/** The ids of a workflow's jobs, and whether each only calls another workflow. */
export function jobIds(text: string): readonly { readonly id: string; readonly calls: string | undefined }[] {
  return jobsOf(parseDocument(text)).map(([id, job]) => {
    const calls = job.get('uses');
    return { id, calls: typeof calls === 'string' ? calls : undefined };
  });
}

/** The calls of other workflows in a workflow, with the inputs that are texts. */
export function callsOf(
  text: string,
): readonly { readonly uses: string; readonly inputs: Readonly<Record<string, string>> }[] {
  const jobs: Record<string, { uses?: string; with?: Record<string, unknown> }> = parseDocument(text).toJS().jobs ?? {};
  return Object.values(jobs).flatMap(({ uses, with: inputs = {} }) =>
    uses
      ? [{ uses, inputs: Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, String(value)])) }]
      : [],
  );
}

/** The jobs that each job waits for, directly. */
export function needsOf(text: string): ReadonlyMap<string, readonly string[]> {
  const jobs: Record<string, { needs?: string | string[] }> = parseDocument(text).toJS().jobs ?? {};
  return new Map(Object.entries(jobs).map(([id, { needs = [] }]) => [id, [needs].flat()]));
}

function calledName(uses: string): string {
  const [repository, ref] = ACTION_REPOSITORY.split('@');
  return `${repository}/${uses.slice(2)}@${ref}`;
}

function jobsOf(document: Document): readonly [string, YAMLMap][] {
  const jobs = document.get('jobs');
  if (!isMap(jobs)) return [];
  return jobs.items.flatMap(({ key, value }): [string, YAMLMap][] => (isMap(value) ? [[String(key), value]] : []));
}

function narrow(strategy: YAMLMap, legs: readonly string[]): void {
  const matrix = strategy.get('matrix');
  const [pair, ...more] = isMap(matrix) ? matrix.items : [];
  if (!isMap(matrix) || !pair || more.length > 0) throw new Error('only a matrix of one key can be run again in part');
  matrix.set(pair.key, legs);
}

/** GitHub keeps the outputs of a job that it does not run again. */
function replaceByItsOutputs(document: Document, job: YAMLMap, outputs: Readonly<Record<string, string>>): void {
  for (const key of ['needs', 'if', 'strategy', 'permissions', 'outputs', 'concurrency', 'environment'])
    job.delete(key);
  job.set('runs-on', 'ubuntu-latest');
  job.set('outputs', document.createNode(outputs));
  job.set('steps', document.createNode([{ name: 'Passed before', run: 'true' }]));
}

/** Expressions have no function for it: a step after the one that makes the lists reverses them. */
function reverseMatrices(document: Document, id: string, job: YAMLMap): void {
  const outputs = job.get('outputs');
  if (!isMap(outputs)) return;
  const used = new Set(
    [...document.toString().matchAll(/fromJSON\(needs\.([\w-]+)\.outputs\.([\w-]+)\)/g)]
      .filter(([, from]) => from === id)
      .map(([, , name]) => name),
  );
  const lists: Record<string, string> = {};
  for (const { key, value } of outputs.items) {
    if (!used.has(String(key)) || !isScalar(value)) continue;
    lists[String(key)] = String(value.value);
    value.value = `\${{ steps.reversed.outputs.${key} }}`;
  }
  if (Object.keys(lists).length === 0) return;
  const program = Object.keys(lists).map(
    (name) => `${name}=\${JSON.stringify(JSON.parse(process.env.L_${name}).reverse())}`,
  );
  const step = {
    id: 'reversed',
    env: Object.fromEntries(Object.entries(lists).map(([name, value]) => [`L_${name}`, value])),
    run: `node -p '\`${program.join('\\n')}\`' >>"$GITHUB_OUTPUT"\n`,
  };
  document.addIn(['jobs', id, 'steps'], document.createNode(step));
}
