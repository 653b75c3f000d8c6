import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { Problem } from '../../src/errors.ts';
import {
  booleanInput,
  type CommonInputs,
  commonInputs,
  confirmedHosts,
  hostNames,
  numberInput,
  rejoinNames,
  requiredChoice,
} from '../../src/github/inputs.ts';
import { restoreInputs } from '../../src/github/restore-inputs.ts';
import { requiredSecret, secretInput } from '../../src/github/secret-inputs.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { linesOf, withInputs } from './workflow-commands.ts';

const seed = seedCluster();
const privateKey = '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----';

/** The fields of the problem of an invalid input. */
async function refusalOf(inputs: Readonly<Record<string, string>>, read: () => unknown) {
  try {
    await withInputs(inputs, read);
  } catch (error) {
    if (error instanceof Problem) return { ...error.fields, message: error.message };
    throw error;
  }
  throw new Error('it was taken');
}

describe('A secret input', () => {
  test('is masked, and removed from the environment that child processes inherit', async () => {
    await withInputs({ 'age-key': 'AGE-SECRET-KEY-1EXAMPLE' }, async () => {
      const lines = await linesOf(() => expect(secretInput('age-key')).toBe('AGE-SECRET-KEY-1EXAMPLE'));
      expect(lines[0]).toBe('::add-mask::AGE-SECRET-KEY-1EXAMPLE');
      expect(Object.values(process.env)).not.toContain('AGE-SECRET-KEY-1EXAMPLE');
    });
  });

  test('that is missing is named, with the way to set it and without the value of any other', async () => {
    const refusal = await refusalOf({ 'ssh-key': privateKey }, () => requiredSecret('age-key'));
    expect(refusal).toMatchObject({ code: 'INPUT_MISSING', message: 'the input age-key is missing' });
    expect(JSON.stringify(refusal)).not.toContain('b3BlbnNzaC');
  });
});

describe('A switch', () => {
  test.each([
    ['true', true],
    ['false', false],
    ['', false],
  ])('is read from "%s"', async (value, expected) => {
    expect(await withInputs({ 'dry-run': value }, () => booleanInput('dry-run'))).toBe(expected);
  });

  // A misspelt value for a dry run must not lead to changes of hosts.
  test.each(['yes', 'True', '1', 'on', 'treu'])('is not guessed from "%s"', async (value) => {
    const refusal = await refusalOf({ 'dry-run': value }, () => booleanInput('dry-run'));
    expect(refusal).toMatchObject({ code: 'INPUT_INVALID', message: `the input dry-run is "${value}"` });
  });
});

describe('A choice without a default', () => {
  const read = () => requiredChoice('fault', ['poweroff', 'kill']);

  test('is what is written', async () => {
    expect(await withInputs({ fault: 'kill' }, read)).toBe('kill');
    expect(await refusalOf({ fault: 'reboot' }, read)).toMatchObject({ code: 'INPUT_INVALID' });
  });

  // A trigger without inputs leaves it empty.
  test.each([{}, { fault: '' }, { fault: ' ' }])('is never made from nothing: %j', async (inputs) => {
    expect(await refusalOf(inputs, read)).toMatchObject({
      code: 'INPUT_MISSING',
      message: 'the input fault is missing',
    });
  });
});

describe('A number', () => {
  test('may be left out, zero, or have a fraction', async () => {
    expect(numberInput('max-rejoin-seconds', 120)).toBe(120);
    const read = () => numberInput('max-rejoin-seconds', 120);
    expect(await withInputs({ 'max-rejoin-seconds': '0' }, read)).toBe(0);
    expect(await withInputs({ 'max-rejoin-seconds': '2.5' }, read)).toBe(2.5);
  });

  test.each(['-1', '30s', 'NaN', 'Infinity'])('is refused as "%s"', async (value) => {
    const refusal = await refusalOf({ 'max-rejoin-seconds': value }, () => numberInput('max-rejoin-seconds', 1));
    expect(refusal).toMatchObject({ code: 'INPUT_INVALID' });
  });
});

describe('The hosts of a job', () => {
  const asked = (hosts: string) => withInputs({ hosts }, () => hostNames(seed, 'master'));

  test('are all with the role, one of a matrix, or several separated by commas, blanks or lines', async () => {
    expect(await asked('')).toEqual(['master-1', 'master-2', 'master-3']);
    expect(await asked('master-2')).toEqual(['master-2']);
    expect(await asked('master-3, master-1\nmaster-2')).toEqual(['master-3', 'master-1', 'master-2']);
  });

  test.each(['master-4', 'node-1', 'master-1,etcd-1'])('are refused if "%s" lacks the role', async (hosts) => {
    const refusal = await refusalOf({ hosts }, () => hostNames(seed, 'master'));
    expect(refusal).toMatchObject({
      code: 'INPUT_INVALID',
      hint: expect.stringContaining('master-1, master-2, master-3'),
    });
  });
});

describe('The hosts that were replaced', () => {
  const asked = (rejoin: string) => withInputs({ rejoin }, () => rejoinNames(seed));

  test('are none unless they are named', async () => {
    expect(await asked('')).toEqual([]);
    expect(await asked('node-1')).toEqual(['node-1']);
  });

  test.each(['node-2', 'master-1', 'node-1,all'])(
    'are refused as "%s", which has no host of the role node',
    async (rejoin) => {
      const refusal = await refusalOf({ rejoin }, () => rejoinNames(seed));
      expect(refusal).toMatchObject({
        code: 'INPUT_INVALID',
        hint: 'Write names of hosts with the role node: node-1.',
      });
    },
  );
});

describe('The inputs of all actions', () => {
  test('are read into one object', async () => {
    const inputs = {
      cluster: 'examples/seed/cluster.yaml',
      'ssh-key': privateKey,
      'known-hosts': 'h ssh-ed25519 AAAA',
    };
    const read = withInputs({ ...inputs, 'dry-run': 'true' }, async () => {
      let common: ReturnType<typeof commonInputs> | undefined;
      await linesOf(() => {
        common = commonInputs();
      });
      return common;
    });
    expect(await read).toMatchObject({
      clusterFile: 'examples/seed/cluster.yaml',
      cluster: { name: 'seed' },
      access: { privateKey, knownHosts: 'h ssh-ed25519 AAAA' },
      dryRun: true,
    });
  });

  test('have no key if none is set, so that the agent is used', async () => {
    const inputs = { cluster: 'examples/seed/cluster.yaml', 'known-hosts': 'h ssh-ed25519 AAAA' };
    const { access } = await withInputs(inputs, () => commonInputs());
    expect(access).toEqual({ knownHosts: 'h ssh-ed25519 AAAA' });
  });

  test('name a missing cluster file in the error', async () => {
    const refusal = await refusalOf({ cluster: 'no/such.yaml' }, () => commonInputs());
    expect(refusal).toMatchObject({ code: 'CLUSTER_FILE_MISSING', file: 'no/such.yaml' });
  });

  test('read no more of a cluster file than the limit, also if a link leads to an endless one', async () => {
    const reading = withInputs({ cluster: '/dev/zero' }, () => commonInputs());
    await expect(reading).rejects.toMatchObject({ errors: [{ code: 'CLUSTER_TOO_LARGE' }] });
  });
});

describe('The inputs of a restore', () => {
  const common = { cluster: seed } as CommonInputs;
  test.each([
    [{}, 'RESTORE_UNCONFIRMED'],
    [{ confirm: 'other', survivor: 'etcd-1' }, 'RESTORE_UNCONFIRMED'],
    [{ confirm: 'seed' }, 'INPUT_MISSING'],
    [{ confirm: 'seed', survivor: 'master-1' }, 'INPUT_INVALID'],
    [{ confirm: 'seed', survivor: 'etcd-1', backup: 'x.age' }, 'INPUT_INVALID'],
    [{ confirm: 'seed', backup: '/nowhere/x.age', 'age-key': 'k' }, 'BACKUP_MISSING'],
    [{ confirm: 'seed', backup: fileURLToPath(import.meta.url) }, 'INPUT_MISSING'],
  ])('%j are refused with %s', async (inputs, code) => {
    expect(await refusalOf(inputs, () => restoreInputs(common))).toMatchObject({ code });
  });

  test('are refused for a backup while the log of etcd is apart from its data', async () => {
    const etcd = { ...seed.etcd, extraArgs: [{ name: 'wal-dir', value: '/fast' }] };
    const inputs = { confirm: 'seed', backup: fileURLToPath(import.meta.url), 'age-key': 'k' };
    const refusal = await refusalOf(inputs, () => restoreInputs({ ...common, cluster: { ...seed, etcd } }));
    expect(refusal).toMatchObject({ code: 'INPUT_INVALID' });
    expect(refusal.hint).toContain('wal-dir');
  });

  test('name the host that has its data', async () => {
    const inputs = await withInputs({ confirm: 'seed', survivor: 'etcd-2' }, () => restoreInputs(common));
    expect(inputs).toEqual({ ...common, from: { survivor: 'etcd-2' } });
  });
});

describe('The confirmation of a reset', () => {
  test.each(['', 'Seed', 'seed-2', 'true', 'yes'])('is not "%s"', async (confirm) => {
    const refusal = await refusalOf({ confirm }, () => confirmedHosts(seed));
    expect(refusal).toMatchObject({ code: 'RESET_UNCONFIRMED' });
    expect(refusal.hint).toContain('confirm: seed');
  });

  test('is the name of the cluster; then it is about all hosts, or those that are named', async () => {
    const all = await withInputs({ confirm: 'seed' }, () => confirmedHosts(seed));
    expect(all.get('node')).toEqual(seed.hosts.map(({ name }) => name));
    const some = await withInputs({ confirm: 'seed', hosts: 'node-1, etcd-1' }, () => confirmedHosts(seed));
    expect([...some.values()]).toEqual([
      ['node-1', 'etcd-1'],
      ['node-1', 'etcd-1'],
      ['node-1', 'etcd-1'],
    ]);
    const refusal = await refusalOf({ confirm: 'seed', hosts: 'node-9' }, () => confirmedHosts(seed));
    expect(refusal).toMatchObject({ code: 'INPUT_INVALID', message: 'the input hosts is "node-9"' });
  });
});
