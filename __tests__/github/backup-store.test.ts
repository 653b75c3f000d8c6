import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readOutputs } from '../../lab/runner/workflow-commands.ts';
import { backupInputs } from '../../src/github/backup-inputs.ts';
import { backupSummary, withBackupStore } from '../../src/github/backup-store.ts';
import type { CommonInputs } from '../../src/github/inputs.ts';
import { makeAuthorities } from '../../src/pki/index.ts';
import { contentsOf, inPieces } from '../backup/backups.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { errorOf } from '../phases/scene.ts';
import { now } from '../pki/hosts.ts';
import { withInputs } from './workflow-commands.ts';

const recipient = `age1${'q'.repeat(58)}`;
const backup = { recipients: [recipient], keep: 2, artifactDays: 30, maxAgeHours: 26 };
const name = 'k8s-ha-backup-seed_20261127T020000Z.age';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'k8s-ha-backup-store-'));
  writeFileSync(join(folder, 'output'), '');
  process.env.GITHUB_OUTPUT = join(folder, 'output');
  process.env.RUNNER_TEMP = folder;
});
afterEach(() => {
  delete process.env.GITHUB_OUTPUT;
  delete process.env.RUNNER_TEMP;
  rmSync(folder, { recursive: true, force: true });
});

async function manifest() {
  return { format: 1 as const, ...contentsOf(await makeAuthorities(now)).manifest, parts: [] };
}

test('a file in a folder stays there, and the outputs say where', async () => {
  const place = join(folder, 'nightly');
  await withBackupStore({ folder: place, artifact: false, s3: undefined, backup, cluster: 'seed' }, async (store) => {
    const bytes = await store.write(name, inPieces(Buffer.from('age')), async () => undefined);
    await store.publish(name, { manifest: await manifest(), bytes, verified: true });
  });
  expect(readdirSync(place)).toEqual([name]);
  expect(readOutputs(readFileSync(join(folder, 'output'), 'utf8'))).toMatchObject({
    ...{ file: join(place, name), artifact: '', revision: '1234', bytes: '3', verified: 'true' },
  });
});

test('what is only written for an artifact is removed from the runner, also if it fails', async () => {
  const work = withBackupStore(
    { folder: undefined, artifact: true, s3: undefined, backup, cluster: 'seed' },
    async (store) => {
      await store.write(name, inPieces(Buffer.from('age')), async () => undefined);
      await store.publish(name, { manifest: await manifest(), bytes: 3, verified: true });
    },
  );
  expect(await errorOf(() => work)).toMatchObject({ code: 'ARTIFACT_UNAVAILABLE' });
  expect(readdirSync(folder)).toEqual(['output']);
});

test('the summary has the revision, the versions and the keys of each kind', async () => {
  const { versions, ...rest } = await manifest();
  const written = { manifest: { ...rest, versions: { etcd: versions.etcd } }, bytes: 99, verified: false };
  const summary = backupSummary(name, written, 4000);
  expect(summary).toMatch(/^## Backup of seed in 4\.0 s\n/);
  expect(summary).toContain('| etcd | revision 1234 of etcd-2, 3.7.3 |');
  expect(summary).toContain('| Kubernetes | no API server answered |');
  expect(summary).toContain('| /registry/pods/ | 12 |');
  expect(summary).toContain('**No API server was started with it**');
  expect(backupSummary(name, { ...written, verified: true }, 4000)).toContain('An API server that was started with');
});

describe('The inputs', () => {
  const clusterFile = () => {
    const file = join(folder, 'cluster.yaml');
    writeFileSync(file, 'name: seed\n');
    return file;
  };
  const common = (has = true): CommonInputs =>
    ({ clusterFile: clusterFile(), cluster: { ...seedCluster(), ...(has && { backup }) } }) as CommonInputs;

  test('bring the text of cluster.yaml, byte for byte', async () => {
    const inputs = await withInputs({ artifact: 'true' }, () => backupInputs(common()));
    expect(inputs).toEqual({
      ...{ folder: undefined, artifact: true, s3: undefined, backup },
      texts: { clusterFile: 'name: seed\n', lockFile: undefined },
    });
  });

  test('are refused without a place, and without a recipient in the file', async () => {
    const nowhere = await errorOf(() => withInputs({ artifact: 'false' }, () => backupInputs(common())));
    expect(nowhere).toMatchObject({ code: 'INPUT_MISSING' });
    const unread = await errorOf(() => withInputs({ artifact: 'true' }, () => backupInputs(common(false))));
    expect(unread).toMatchObject({ code: 'BACKUP_RECIPIENT' });
  });
});
