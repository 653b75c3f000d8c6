import { beforeAll, describe, expect, test } from '@jest/globals';
import { pageOf } from '../../docs/action-page.ts';
import { type Face, readFaces } from '../../docs/faces.ts';
import { roles } from '../../src/cluster/schema.ts';
import { type FailoverResult, limited, outputsOf } from '../../src/failover/index.ts';
import { type Named, namesIn } from './entries.ts';
import { filesMatching, textOf } from './tree.ts';

const faces = readFaces();

/** Outputs whose names the code computes. */
const computed: Readonly<Record<string, readonly string[]>> = {
  plan: roles,
  'verify-failover': Object.keys(outputsOf(someFailover())),
};

/** Inputs whose names the code computes. */
const computedInputs: Readonly<Record<string, readonly string[]>> = {
  'verify-failover': limited.map(({ limit }) => limit.input),
};

/** What the shared code of all actions reads or sets, and what says nothing in this one: it is left out of its face. */
const unsaid: Readonly<Record<string, readonly string[]>> = {
  plan: ['dry-run', 'restarted'],
  addons: ['changed-hosts', 'restarted'],
  kubeconfig: ['dry-run'],
};

test('Every action has an entry, and every entry an action', () => {
  const entries = filesMatching(/^src\/actions\/[^/]+\.ts$/).map((path) => path.replace(/^.*\/|\.ts$/g, ''));
  expect(entries).toEqual(faces.map((face) => face.id).sort());
});

test('Entries are lists of phases: 60 lines at most', () => {
  const long = filesMatching(/^src\/actions\//).filter((path) => textOf(path).trimEnd().split('\n').length > 60);
  expect(long).toEqual([]);
});

test('The README names every action and links to it', () => {
  const readme = textOf('README.md');
  const missing = faces.filter(({ folder }) => !readme.includes(folder === '' ? '](action.yml)' : `](${folder})`));
  expect(missing.map((face) => face.id)).toEqual([]);
});

describe.each(faces.map((face) => [face.id, face] as const))('The action %s', (id, face) => {
  let named: Named;
  beforeAll(async () => {
    named = await namesIn(id);
  });

  test('runs its own bundle on node24', () => {
    const main = `${face.folder === '' ? '' : '../'}dist/${id}/index.js`;
    // A post step is the same bundle, which its saved state tells what it is to do.
    const post = ['kubeconfig', 'verify-failover'].includes(id) ? { post: main } : {};
    expect(face.runs).toEqual({ using: 'node24', main, ...post });
  });

  test('declares the inputs that its code reads, and no others', () => {
    expect(Object.keys(face.inputs).sort()).toEqual(saidOf(id, [...named.inputs, ...(computedInputs[id] ?? [])]));
  });

  test('declares the outputs that its code sets, and no others', () => {
    expect(named.computedOutputs.length > 0).toBe(Object.hasOwn(computed, id));
    expect(Object.keys(face.outputs).sort()).toEqual(saidOf(id, [...named.outputs, ...(computed[id] ?? [])]));
  });

  test('describes an input that other actions have too in their words, and with their default', () => {
    const differing = Object.entries(face.inputs).filter(([name, input]) =>
      faces.some(({ inputs }) => inputs[name]?.default !== undefined && inputs[name]?.default !== input.default),
    );
    expect(differing.map(([name]) => name)).toEqual([]);
  });

  test('has every input and output in the tables of its page', () => {
    const page = textOf(pageOf(face));
    const names = [...Object.keys(face.inputs), ...Object.keys(face.outputs)];
    expect(names.filter((name) => !page.includes(`\n| \`${name}\` |`))).toEqual([]);
  });

  test('never gives an expression, a secret or a place of a machine as a default', () => {
    expect(suspiciousDefaults(face)).toEqual([]);
  });
});

function saidOf(id: string, names: Iterable<string>): readonly string[] {
  return [...new Set(names)].filter((name) => !unsaid[id]?.includes(name)).sort();
}

function suspiciousDefaults(face: Face): readonly string[] {
  return Object.entries(face.inputs).flatMap(([name, { default: value = '' }]) =>
    /\$\{\{|^\/|KEY|PRIVATE/.test(value) ? [name] : [],
  );
}

function someFailover(): FailoverResult {
  const lease = (name: 'kube-controller-manager' | 'kube-scheduler') => ({
    lease: name,
    expected: true,
    from: 'master-1',
    to: 'master-2',
    lastRenewedMs: 0,
    takenMs: 1,
    transitions: 1,
  });
  return {
    cluster: 'seed',
    target: 'master-1',
    fault: 'poweroff',
    masters: 3,
    began: '',
    hitMs: 1,
    transfers: [lease('kube-controller-manager'), lease('kube-scheduler')],
    transferMs: 1,
    probes: [],
    restoreMs: 1,
    rejoinMs: 1,
    timeline: [],
    troubles: [],
  };
}
