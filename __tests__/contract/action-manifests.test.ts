import { beforeAll, describe, expect, test } from '@jest/globals';
import { type ActionManifest, readActionManifests } from '../../docs/action-manifests.ts';
import { pageOf } from '../../docs/action-page.ts';
import { roles } from '../../src/cluster/schema.ts';
import { type FailoverResult, limited, outputsOf, upgradeOutputsOf } from '../../src/failover/index.ts';
import { type Named, namesIn } from './entries.ts';
import { filesMatching, textOf } from './tree.ts';

const manifests = readActionManifests();

/** Outputs whose names the code computes. */
const computed: Readonly<Record<string, readonly string[]>> = {
  plan: roles,
  deploy: Object.keys(upgradeOutputsOf(someFailover())),
  'verify-failover': Object.keys(outputsOf(someFailover())),
};

/** Inputs whose names the code computes. */
const computedInputs: Readonly<Record<string, readonly string[]>> = {
  'verify-failover': limited.map(({ limit }) => limit.input),
};

/** Inputs and outputs of the shared code that have no meaning in one action: they are left out of its manifest. */
const unsaid: Readonly<Record<string, readonly string[]>> = {
  plan: ['dry-run', 'restarted'],
  addons: ['changed-hosts', 'restarted'],
  backup: ['dry-run'],
  check: ['dry-run'],
  kubeconfig: ['dry-run'],
  reset: ['restarted'],
  rotate: ['dry-run'],
};

test('Every action has an entry, and every entry an action', () => {
  const entries = filesMatching(/^src\/actions\/[^/]+\.ts$/).map((path) => path.replace(/^.*\/|\.ts$/g, ''));
  expect(entries).toEqual(manifests.map((manifest) => manifest.id).sort());
});

test('Entries are lists of phases: 60 lines at most', () => {
  const long = filesMatching(/^src\/actions\//).filter((path) => textOf(path).trimEnd().split('\n').length > 60);
  expect(long).toEqual([]);
});

test('The README names every action and links to it', () => {
  const readme = textOf('README.md');
  const missing = manifests.filter(({ folder }) => !readme.includes(folder === '' ? '](action.yml)' : `](${folder})`));
  expect(missing.map((manifest) => manifest.id)).toEqual([]);
});

describe.each(manifests.map((manifest) => [manifest.id, manifest] as const))('The action %s', (id, manifest) => {
  let named: Named;
  beforeAll(async () => {
    named = await namesIn(id);
  });

  test('runs its own bundle on node24', () => {
    const main = `${manifest.folder === '' ? '' : '../'}dist/${id}/index.js`;
    // A post step is the same bundle, which reads its task from the saved state.
    const post = ['kubeconfig', 'verify-failover'].includes(id) ? { post: main } : {};
    expect(manifest.runs).toEqual({ using: 'node24', main, ...post });
  });

  test('declares the inputs that its code reads, and no others', () => {
    expect(Object.keys(manifest.inputs).sort()).toEqual(saidOf(id, [...named.inputs, ...(computedInputs[id] ?? [])]));
  });

  test('declares the outputs that its code sets, and no others', () => {
    expect(named.computedOutputs.length > 0).toBe(Object.hasOwn(computed, id));
    expect(Object.keys(manifest.outputs).sort()).toEqual(saidOf(id, [...named.outputs, ...(computed[id] ?? [])]));
  });

  test('describes a shared input in the same words as other actions, and with the same default', () => {
    const differing = Object.entries(manifest.inputs).filter(([name, input]) =>
      manifests.some(({ inputs }) => inputs[name]?.default !== undefined && inputs[name]?.default !== input.default),
    );
    expect(differing.map(([name]) => name)).toEqual([]);
  });

  test('has every input and output in the tables of its page', () => {
    const page = textOf(pageOf(manifest));
    const names = [...Object.keys(manifest.inputs), ...Object.keys(manifest.outputs)];
    expect(names.filter((name) => !page.includes(`\n| \`${name}\` |`))).toEqual([]);
  });

  test('has no default with an expression, a secret or a path of a machine', () => {
    expect(suspiciousDefaults(manifest)).toEqual([]);
  });
});

function saidOf(id: string, names: Iterable<string>): readonly string[] {
  return [...new Set(names)].filter((name) => !unsaid[id]?.includes(name)).sort();
}

function suspiciousDefaults(manifest: ActionManifest): readonly string[] {
  return Object.entries(manifest.inputs).flatMap(([name, { default: value = '' }]) =>
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
