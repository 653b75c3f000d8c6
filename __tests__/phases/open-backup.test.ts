import { beforeAll, describe, expect, test } from '@jest/globals';
import { Problem } from '../../src/errors.ts';
import type { HostSession } from '../../src/host/engine.ts';
import { openOnMaster } from '../../src/phases/open-backup.ts';
import { type Authorities, makeAuthorities } from '../../src/pki/index.ts';
import { contentsOf, inPieces, sha256Of, whole } from '../backup/backups.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { now } from '../pki/hosts.ts';
import { closable, errorOf, hostOf, sceneOf } from './scene.ts';

const seed = seedCluster();
const snapshot = Buffer.from('a snapshot'.repeat(900));
let authorities: Authorities;

beforeAll(async () => {
  authorities = await makeAuthorities(now);
});

const good = [
  'read v1 pods 12',
  'namespace a-uid',
  'secret k8s:enc:secretbox:v1:key1: 1',
  'newest 5 5',
  'memory 2048',
  'complete',
];

interface Master {
  readonly room?: string;
  readonly says?: readonly string[];
  readonly status?: number;
  readonly error?: Problem;
}

/** Masters with so much free memory that print these lines; the others are not reached. */
function mastersThat(masters: Readonly<Record<string, Master>>) {
  const { run, log } = sceneOf(seed);
  const got: { readonly host: string; readonly command: string; readonly input: string }[] = [];
  for (const [name, { room = 'free 2097152\n', says = good, status = 0, error }] of Object.entries(masters)) {
    const session: HostSession['run'] = async (command, options) => {
      if (command.includes('MemAvailable')) return { status: 0, stdout: room, stderr: '' };
      if (command.startsWith('cat ')) return { status: 1, stdout: '', stderr: '' };
      if (error) throw error;
      const input = options?.input ?? '';
      got.push({ host: name, command, input: typeof input === 'string' ? input : String(await whole(input)) });
      return { status, stdout: `${says.join('\n')}\n`, stderr: '' };
    };
    run.sessions.set(name, { ...closable(hostOf(seed, name), async () => undefined), run: session });
  }
  const open = async () => {
    const { manifest } = contentsOf(authorities);
    const part = { name: 'etcd.db' as const, bytes: snapshot.length, sha256: sha256Of(snapshot) };
    const written = { ...manifest, format: 1 as const, objects: { '/registry/pods/': 12 }, parts: [part] };
    return await openOnMaster(run, { manifest: written, authorities, snapshot: inPieces(snapshot) });
  };
  const warnings = () => log.lines.filter((line) => line.startsWith('warning'));
  return { open, got, log, warnings };
}

describe('A backup is opened', () => {
  test('on the master with the most free memory, which gets its keys by stdin only', async () => {
    const { open, got, log } = mastersThat({ 'master-1': { room: 'free 900000\n' }, 'master-3': {} });
    expect(await open()).toBe(true);
    expect(got.map(({ host }) => host)).toEqual(['master-3']);
    const [{ command = '', input = '' } = {}] = got;
    const lines = input.slice(0, input.indexOf('snapshot\n')).trim().split('\n');
    const files = new Map(lines.map((line) => [line.split(' ')[0], Buffer.from(line.split(' ')[1] ?? '', 'base64')]));
    expect([...files.keys()].toSorted()).toEqual([
      'encryption-config.yaml',
      'kubeconfig',
      'sa.key',
      'sa.pub',
      'tokens.csv',
    ]);
    expect(String(files.get('encryption-config.yaml'))).toBe(authorities.encryptionConfig);
    expect(input.endsWith(String(snapshot))).toBe(true);
    const [token = ''] = String(files.get('tokens.csv')).split(',');
    expect(token).toMatch(/^[0-9a-f]{48}$/);
    for (const secret of [token, authorities.serviceAccount.key, authorities.kubernetes.key])
      expect(command).not.toContain(secret);
    expect(log.lines.join('\n')).toContain('reads the same objects of 1 kinds; Secrets are decrypted by its key');
  });

  test('by no master that lacks memory or a program: it is not verified, and the reason is said', async () => {
    const { open, got, warnings } = mastersThat({
      'master-1': { room: 'free 100000\n' },
      'master-2': { room: 'missing etcd\nfree 2097152\n' },
    });
    expect(await open()).toBe(false);
    expect(got).toEqual([]);
    expect(warnings()).toEqual([
      'warning: no API server was started with the backup, so it is not verified by one: master-1: 97 MiB of memory are free, and 700 are needed; master-2: it has no etcd: deploy the cluster with this version once',
    ]);
  });

  test('and fails if it is the reason that an API server does not read it', async () => {
    const refused = mastersThat({ 'master-1': { says: ['fails the API server does not start: bad key'] } });
    expect(await errorOf(refused.open)).toMatchObject({ code: 'BACKUP_UNVERIFIED', fields: { host: 'master-1' } });
    const fewer = mastersThat({ 'master-1': { says: ['read v1 pods 11', ...good.slice(1)] } });
    expect(await errorOf(fewer.open)).toMatchObject({
      code: 'BACKUP_UNVERIFIED',
      message: 'an API server cannot use the backup: it reads 11 objects of /registry/pods/, and etcd has 12',
    });
  });

  test('without a verdict if the host ended it, is busy, or is lost', async () => {
    const lost = new Problem('the connection was lost', { code: 'CONNECTION_LOST' });
    for (const master of [{ says: ['read v1 pods 12'] }, { status: 3 }, { error: lost }]) {
      const { open, warnings } = mastersThat({ 'master-2': master });
      expect(await open()).toBe(false);
      expect(warnings()).toHaveLength(1);
    }
    const nonsense = mastersThat({ 'master-2': { says: ['complete'] } });
    expect(await errorOf(nonsense.open)).toMatchObject({ code: 'HOST_NONSENSE' });
  });
});
