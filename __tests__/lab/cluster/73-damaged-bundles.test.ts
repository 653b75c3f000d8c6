import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runResultsServer } from '../../../lab/workflow/results-process.ts';
import { ResultsStore } from '../../../lab/workflow/results-store.ts';
import { resultsToken } from '../../../lab/workflow/results-token.ts';
import { type Age, ageCommand } from '../age.ts';
import { differenceOf, listingOf } from '../listing.ts';
import { refused } from '../refusals.ts';
import { act, bareHosts, lab, logOf, onHost, succeeded } from '../seed-lab.ts';

// The jobs of three hosts, each of one role. Only the pki job has run: the master has the CAs, the others are bare,
// so only the bundle and the masters show that a bundle is old.
const cluster = `name: trio
hosts:
  - { name: one, address: 192.168.1.211, roles: [etcd, master] }
  - { name: two, address: 192.168.1.212, roles: [etcd] }
  - { name: three, address: 192.168.1.213, roles: [etcd, node] }
`;
const jobs = { master: 'one', etcd: 'two', node: 'three' } as const;
const hosts = Object.values(jobs);
const nameOf = (host: string) => `k8s-ha-trio_${host}.age`;

const place = mkdtempSync(join(tmpdir(), 'k8s-ha-damaged-test-'));
const store = new ResultsStore(join(place, 'artifacts'));
let service: Awaited<ReturnType<typeof runResultsServer>>;
let age: Age;
let other: Age;
let before: readonly (readonly string[])[];

const inputs = () => ({ bundles: 'artifacts', 'age-key': age.identity });
/** The environment of a workflow run's job, with which it finds that run's artifacts. */
const jobOf = (run: string) => ({
  env: { ACTIONS_RESULTS_URL: service.url, ACTIONS_RUNTIME_TOKEN: resultsToken(run) },
});
const listings = () => Promise.all(hosts.map((name) => listingOf({ name })));
const logins = () =>
  Promise.all(
    hosts.map((host) =>
      onHost(host, "journalctl --sync && journalctl -q --no-pager -t sshd | grep -c 'Accepted publickey' || true"),
    ),
  );

beforeAll(async () => {
  const file = join(place, 'cluster.yaml');
  writeFileSync(file, cluster);
  await bareHosts(file);
  service = await runResultsServer(join(place, 'artifacts'), lab.netns);
  [age, other] = await Promise.all([ageCommand(), ageCommand()]);
  succeeded(await act('pki', inputs(), jobOf('older')));
  await onHost('one', 'rm -r /etc/kubernetes');
  succeeded(await act('pki', inputs(), jobOf('whole')));
  before = await listings();
}, 600_000);

afterAll(async () => {
  await service?.[Symbol.asyncDispose]();
  rmSync(place, { recursive: true, force: true });
});

/** A host's artifact of a run: its id and its bytes. */
function artifactOf(run: string, host: string): { readonly id: number; readonly bytes: Buffer } {
  const found = store.ofRun(run).find(({ name }) => name === nameOf(host));
  const bytes = found && store.read(found.id);
  if (!bytes) throw new Error(`${run} has no bundle of ${host}`);
  return { id: found.id, bytes };
}

/** Uploads a bundle to a run. */
function give(run: string, host: string, bytes: Buffer, expiresAt?: string): number {
  const contentType = 'application/octet-stream';
  const artifact = store.create({ run, name: nameOf(host), contentType, ...(expiresAt ? { expiresAt } : {}) });
  store.write(artifact.id, bytes);
  store.finalize(artifact);
  return artifact.id;
}

/** The content of a host's bundle, changed and encrypted again with the age command. */
function resealed(host: string, change: (bundle: Record<string, unknown>) => object, by = age): Buffer {
  const blob = join(place, 'artifacts', String(artifactOf('whole', host).id), 'blob');
  return by.seal(JSON.stringify(change(JSON.parse(age.open(blob)))));
}

/** Changes a byte near the end, in the encrypted content. */
function flipped(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt8(changed.readUInt8(changed.length - 99) ^ 1, changed.length - 99);
  return changed;
}

const whole = (host: string) => artifactOf('whole', host).bytes;
const sudoers = { path: '/etc/sudoers.d/x', content: 'ALL', mode: '644', owner: 'root:root', secret: false };
const damages: readonly (readonly [what: string, code: string, damaged: (host: string) => Buffer])[] = [
  ['a byte of which was changed before it was uploaded', 'BUNDLE_TAMPERED', (host) => flipped(whole(host))],
  ['that is cut off', 'BUNDLE_TRUNCATED', (host) => whole(host).subarray(0, -2000)],
  ['that is empty', 'BUNDLE_TRUNCATED', () => Buffer.alloc(0)],
  ['of another cluster', 'BUNDLE_OTHER_CLUSTER', (host) => resealed(host, (of) => ({ ...of, cluster: 'duo' }))],
  [
    'that changed places with that of another host',
    'BUNDLE_OTHER_HOST',
    (host) => whole(host === 'one' ? 'two' : 'one'),
  ],
  ['of an older run than the masters’ authorities', 'BUNDLE_STALE', (host) => artifactOf('older', host).bytes],
  ['sealed for another key', 'BUNDLE_OTHER_KEY', (host) => resealed(host, (of) => of, other)],
  ['that is a zip file', 'BUNDLE_NOT_AGE', () => Buffer.from('PK\u0003\u0004 and so on')],
  ['that has a text sealed in it', 'BUNDLE_UNREADABLE', () => age.seal('by hand')],
  ['in the form of a later version', 'BUNDLE_UNREADABLE', (host) => resealed(host, (of) => ({ ...of, format: 'v2' }))],
  ['without its files', 'BUNDLE_UNREADABLE', (host) => resealed(host, ({ files, ...of }) => of)],
  [
    'that names a place for root’s commands',
    'BUNDLE_UNREADABLE',
    (host) => resealed(host, (of) => ({ ...of, files: [sudoers] })),
  ],
];

test.each(damages)(
  'a bundle %s is refused: %s',
  async (what, code, damaged) => {
    const run = what.replace(/\W+/g, '-');
    for (const host of hosts) give(run, host, damaged(host));
    await refusedInEveryJob(run, code);
  },
  120_000,
);

test('a bundle is refused if the store returns other bytes than were uploaded', async () => {
  for (const host of hosts) store.write(give('changed', host, whole(host)), flipped(whole(host)));
  await refusedInEveryJob('changed', 'ARTIFACT_CHANGED');
}, 120_000);

test('an expired or missing bundle is reported with the job to run again', async () => {
  for (const host of hosts) give('expired', host, whole(host), new Date(Date.now() - 1000).toISOString());
  await refusedInEveryJob('expired', 'ARTIFACT_MISSING');
  await refusedInEveryJob('never', 'ARTIFACT_MISSING');
}, 120_000);

/** Each role's job of its host ends with that code, its host and the advice to run pki again; no host is changed by it. */
async function refusedInEveryJob(run: string, code: string): Promise<void> {
  const accepted = await logins();
  const refusals = await Promise.all(
    Object.entries(jobs).map(([role, host]) => refused(lab, { ...inputs(), hosts: host }, role, jobOf(run))),
  );
  for (const [index, { codes, errors }] of refusals.entries()) {
    expect([codes, errors]).toEqual([
      [code],
      [expect.stringMatching(new RegExp(`^${hosts[index]}: .*\\bpki\\b`, 's'))],
    ]);
  }
  // Hosts are asked only for the comparison with the masters' CAs.
  if (code !== 'BUNDLE_STALE') expect(await logins()).toEqual(accepted);
  const after = await listings();
  expect(after.map((listing, index) => differenceOf(before[index] ?? [], listing))).toEqual([[], [], []]);
}

test('the same job accepts the same bundle when it is intact, and its host changes', async () => {
  const result = succeeded(await act('etcd', { ...inputs(), hosts: 'two' }, jobOf('whole')));
  expect(logOf(result)).toContain('two: wrote /etc/etcd/pki/server.key (missing)');
  const [, difference] = (await listings()).map((listing, index) => differenceOf(before[index] ?? [], listing));
  expect(difference).toContainEqual(expect.stringMatching(/^\+ \/etc\/etcd\/pki\/server\.key f 600 \d+:\d+ /));
}, 120_000);
