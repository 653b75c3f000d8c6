import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import type { Host } from '../../../src/cluster/cluster.ts';
import { type MakeFault, recordedFault } from '../../../src/failover/faults/fault.ts';
import { type HostFaultName, hostFaults, makeHostFault } from '../../../src/failover/faults/faults.ts';
import { poweroff } from '../../../src/failover/faults/poweroff.ts';
import { controlPlaneUnits } from '../../../src/failover/faults/units.ts';
import type { HostSession } from '../../../src/host/engine.ts';
import { RecordingLog } from '../../../src/log.ts';
import { seedCluster } from '../../fixtures/clusters.ts';

const [target] = seedCluster().hosts as [Host];

function runner(status = 0) {
  const ran: (readonly string[])[] = [];
  const run = async (argv: readonly string[]) => {
    ran.push(argv);
    return { status, stderr: 'no such host\n' };
  };
  return { ran, run };
}

test('one command switches off and on', async () => {
  const { ran, run } = runner();
  const fault = poweroff(target, { powerCommand: 'lab power {action} {host} {address}' }, run);
  await fault.inject();
  await fault.restore();
  expect(ran).toEqual([
    ['lab', 'power', 'off', 'master-1', '192.168.1.153'],
    ['lab', 'power', 'on', 'master-1', '192.168.1.153'],
  ]);
});

test('a separate command may switch the host on again', async () => {
  const { ran, run } = runner();
  const fault = poweroff(target, { powerCommand: 'unplug {host}', restoreCommand: 'plug {host}' }, run);
  await fault.inject();
  await fault.restore();
  expect(ran).toEqual([
    ['unplug', 'master-1'],
    ['plug', 'master-1'],
  ]);
});

test('without a way to switch on nothing is switched off, and a mistake in either command is found first', () => {
  const { ran, run } = runner();
  expect(() => poweroff(target, { powerCommand: 'unplug {host}' }, run)).toThrow(
    expect.objectContaining({ code: 'NO_WAY_BACK' }),
  );
  expect(() => poweroff(target, { powerCommand: 'unplug', restoreCommand: "plug '" }, run)).toThrow(
    expect.objectContaining({ code: 'COMMAND_INVALID' }),
  );
  expect(ran).toEqual([]);
});

test('a power command that fails is reported with its status and its last output', async () => {
  const fault = poweroff(target, { powerCommand: 'lab {action}' }, runner(3).run);
  await expect(fault.inject()).rejects.toMatchObject({
    code: 'POWER_COMMAND_FAILED',
    message: 'failed to switch off master-1: the command ended with 3',
    fields: { detail: ['no such host'] },
  });
});

function session(status = 0) {
  const lines: string[] = [];
  const run = async (line: string) => {
    lines.push(line);
    return { status, stdout: '', stderr: 'Unit not found.' };
  };
  return { lines, session: { host: { name: 'master-1' }, run } as unknown as HostSession };
}

const names: readonly HostFaultName[] = hostFaults;

test.each(names)('%s is undone by a timer that is armed first', async (name) => {
  const { lines, session: host } = session();
  const log = new RecordingLog();
  const fault = makeHostFault(name, target, { cluster: seedCluster(), session: host, log, healSeconds: 90 });
  await fault.inject();
  await fault.restore();
  const [inject = '', restore = ''] = lines;
  expect(inject).toMatch(/systemd-run .*--on-active=90 .* && \{\n/);
  expect(restore).toContain('systemctl stop k8s-ha-action-heal.timer');
  // systemd would expand it in the timer's command.
  const [, healing = ''] = /\/bin\/sh -c (.*) && \{\n/.exec(inject) ?? [];
  expect(healing).not.toContain('$');
  expect(healing).not.toBe('');
  expect(spawnSync('sh', ['-n'], { input: `${inject}\n${restore}` })).toMatchObject({ status: 0 });
  const sparesLeaders = name === 'disk-full';
  expect(fault).toMatchObject({ name, severs: false, sparesLeaders });
});

test('leaders stop before the API server that they release their leases to, and it stops before its etcd', () => {
  const units = (roles: Host['roles']) => controlPlaneUnits({ roles }).map((unit) => unit.replace('.service', ''));
  expect(units(['master', 'etcd'])).toEqual(['kube-controller-manager', 'kube-scheduler', 'kube-apiserver', 'etcd']);
  expect(units(['etcd', 'node'])).toEqual(['etcd']);
});

test('a fault that cannot be injected is reported', async () => {
  const { session: host } = session(1);
  const fault = makeHostFault('kill', target, { cluster: seedCluster(), session: host, log: new RecordingLog() });
  await expect(fault.inject()).rejects.toMatchObject({ code: 'FAULT_FAILED', fields: { detail: ['Unit not found.'] } });
});

test.each([
  ['29 29 1000000', 'it is the host’s own'],
  ['29 31 60000000', '57 GiB are free'],
])('a disk that is not only etcd’s, or a large one, is not filled: %s', async (stdout, reason) => {
  const { lines, session: host } = session();
  const reported = { ...host, run: async (line: string) => ({ ...(await host.run(line)), stdout }) };
  const fault = makeHostFault('disk-full', target, {
    cluster: seedCluster(),
    session: reported,
    log: new RecordingLog(),
  });
  await expect(fault.prepare?.()).rejects.toMatchObject({
    code: 'FAILOVER_REFUSED',
    message: expect.stringContaining(reason),
  });
  expect(lines).toHaveLength(1);
});

describe('an out-of-band fault is recorded', () => {
  const reported: (string | undefined)[] = [];
  const did: string[] = [];
  const make = (severs: boolean): MakeFault =>
    recordedFault(
      () => ({
        name: 'some',
        severs,
        inject: async () => void did.push('inject'),
        restore: async () => void did.push('restore'),
      }),
      [
        (host) => void reported.push(host),
        async (host) => (host === undefined ? Promise.reject(new Error('gone')) : undefined),
      ],
    );

  test('before it begins, and deleted when it is undone, whether it can be recorded or not', async () => {
    const fault = make(true)(target);
    await fault.announce?.();
    expect([reported, did]).toEqual([['master-1'], []]);
    await fault.inject();
    await fault.restore();
    expect([reported, did]).toEqual([
      ['master-1', undefined],
      ['inject', 'restore'],
    ]);
  });

  test('and a fault with a timer on the host is not', () => {
    expect(make(false)(target).announce).toBeUndefined();
  });
});
