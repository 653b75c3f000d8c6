import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { stringify } from 'yaml';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { parseCluster } from '../../src/cluster/load.ts';
import { parseJson } from '../../src/entry/json.ts';
import { Problem } from '../../src/errors.ts';
import { readHistory } from '../../src/failover/report/history.ts';
import { bundleName, groupName } from '../../src/github/artifacts.ts';
import { bundlesIn } from '../../src/github/grouped-bundles.ts';
import { parseReport } from '../../src/github/reports.ts';
import { lockText } from '../../src/lockfile/make.ts';
import { parseLock } from '../../src/lockfile/read.ts';
import { encryptionKeys } from '../../src/pki/encryption.ts';
import {
  authorityFiles,
  findAuthorities,
  type HostSecrets,
  issue,
  makeAuthorities,
  newIdentity,
  openBundle,
  sealBundle,
  secretValues,
} from '../../src/pki/index.ts';
import { clientCertificateOf } from '../../src/pki/kubeconfig.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { damagedBytes, damagedJson, damagedText } from './arbitraries.ts';
import { type Target, target } from './target.ts';

const examples = () =>
  ['seed', 'small'].map((name) =>
    readFileSync(new URL(`../../examples/${name}/cluster.yaml`, import.meta.url), 'utf8'),
  );

const exampleLock = lockText({
  file: '',
  binaries: new Map([['https://dl.k8s.io/v1.37.2/bin/linux/amd64/kubectl', 'a'.repeat(64)]]),
  images: new Map([['registry.k8s.io/pause:3.10.2', `sha256:${'b'.repeat(64)}`]]),
});

/** A file of one host with arbitrary names. */
const odd = fc.string({
  unit: fc.constantFrom('a', 'B', '1', '-', '.', '_', '/', '\\', ' ', ':', '"', 'ü', '\0', '*'),
  maxLength: 12,
});
const plain = fc.string({ unit: fc.constantFrom('a', 'z', '0', '-', '.'), minLength: 1, maxLength: 80 });
const either = fc.oneof(odd, plain);
const named = fc.tuple(either, either).map(([name, host]) => {
  const hosts = [{ name: host, address: '10.0.0.1', roles: ['etcd', 'master', 'node'] }];
  return stringify({ name, hosts });
});

/** Valid names in a file give names of artifacts that GitHub accepts, and of files that stay in their folder. */
function artifactNames({ name, hosts }: Cluster): void {
  for (const host of hosts) {
    for (const artifact of [bundleName(name, host.name), groupName(name, host.name)])
      if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(artifact) || artifact.includes('..')) throw new Error(artifact);
  }
}

interface Sealed {
  readonly identity: string;
  readonly sealed: Uint8Array;
  readonly secrets: HostSecrets;
  readonly recipient: string;
  /** Files of a master, by path. */
  readonly files: ReadonlyMap<string, string>;
}

async function sealed(): Promise<Sealed> {
  const now = new Date();
  const [{ identity, recipient }, authorities] = await Promise.all([newIdentity(), makeAuthorities(now)]);
  const { secrets } = await issue(seedCluster(), authorities, new Map(), now);
  const [node, master] = [secrets.get('node-1'), secrets.get('master-1')];
  if (!node || !master) throw new Error('the seed has a node and a master');
  const files = [...authorityFiles(authorities), ...master.files];
  return {
    ...{ identity, recipient, secrets: node },
    sealed: await sealBundle(node, recipient, { sealedAt: now }),
    files: new Map(files.map(({ path, content }) => [path, content])),
  };
}

const expected = { cluster: 'seed', host: 'node-1' };

/** Files of a master, a few of them damaged. */
function masters({ files }: Sealed): fc.Arbitrary<ReadonlyMap<string, string>> {
  const [first = '', second = ''] = [...files.values()];
  const change = fc.constantFrom(...files.keys()).chain((path) => {
    const own = files.get(path) ?? '';
    return fc.oneof(damagedText(own), fc.constantFrom(first, second)).map((text) => [path, text] as const);
  });
  return fc.array(change, { minLength: 1, maxLength: 2 }).map((changes) => new Map([...files, ...changes]));
}

function readFiles(files: ReadonlyMap<string, string>): void {
  for (const text of files.values()) {
    clientCertificateOf(text);
    encryptionKeys(text);
  }
  const own = [...files].map(([path, content]) => ({ path, content, mode: '600', owner: 'root:root', secret: true }));
  secretValues({ cluster: 'seed', host: 'a', authorities: {}, files: own });
  findAuthorities([{ host: 'master-1', files }], []);
}

const report = {
  role: 'etcd',
  outcome: 'failure',
  attempt: 1,
  hosts: [{ host: 'etcd-1', changes: 1, restarts: 0, milliseconds: 5.5, problem: 'no' }],
};
const night = {
  ...{ schemaVersion: 1, cluster: 'seed', target: 'master-1', fault: 'poweroff', began: '2026-11-23T01:00:00Z' },
  ...{ transferMs: 1, slowestMs: 1, longestGapMs: 1, keptGapMs: null, rejoinMs: 1 },
};

export const fileTargets: readonly Target[] = [
  target(
    'cluster.yaml',
    examples,
    (texts) => damagedText(...texts),
    (text) => parseCluster(text, 'cluster.yaml'),
  ),
  target(
    'cluster.lock.yaml',
    () => [exampleLock],
    (texts) => damagedText(...texts),
    (text) => parseLock(text, 'cluster.lock.yaml'),
  ),
  target(
    'artifact names',
    examples,
    () => named,
    (text) => artifactNames(parseCluster(text, 'cluster.yaml')),
  ),
  target(
    'bundles',
    sealed,
    (shared) => damagedBytes(shared.sealed),
    (bytes, { identity }) => openBundle(bytes, identity, expected),
  ),
  target(
    'bundles of a group of hosts',
    () => undefined,
    () => damagedJson([{ host: 'node-1', age: 'YWdl' }]),
    (text) => bundlesIn('a', Buffer.from(text)),
  ),
  target('files of a master', sealed, masters, readFiles, 0.1),
  target(
    'reports of jobs',
    () => undefined,
    () => damagedJson(report),
    (text) => parseReport('a', text),
  ),
  target(
    'histories',
    () => undefined,
    () => damagedJson(night),
    (text) => readHistory(`${text}\n${text}`),
  ),
];

/** The contents of a bundle. Encryption takes time, so there are fewer of them. */
export const payloadTarget: Target = target(
  'payloads of bundles',
  sealed,
  ({ secrets }) => damagedJson(secrets),
  async (text, { identity, recipient }) => {
    const payload = parseJson(text, (what) => new Problem(what, { code: 'BUNDLE_UNREADABLE' })) as HostSecrets;
    const bytes = await sealBundle(payload, recipient, { sealedAt: new Date(0) });
    await openBundle(bytes, identity, expected);
  },
  0.1,
);
