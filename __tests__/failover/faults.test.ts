import { expect, test } from '@jest/globals';
import type { Host } from '../../src/cluster/cluster.ts';
import { poweroff } from '../../src/failover/fault-poweroff.ts';
import { stopServices } from '../../src/failover/fault-stop-services.ts';
import type { HostSession } from '../../src/host/engine.ts';
import { seedCluster } from '../fixtures/clusters.ts';

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

test('a command of its own may bring the host back', async () => {
  const { ran, run } = runner();
  const fault = poweroff(target, { powerCommand: 'unplug {host}', restoreCommand: 'plug {host}' }, run);
  await fault.inject();
  await fault.restore();
  expect(ran).toEqual([
    ['unplug', 'master-1'],
    ['plug', 'master-1'],
  ]);
});

test('without a way back nothing is switched off, and a mistake in either command is found before', () => {
  const { ran, run } = runner();
  expect(() => poweroff(target, { powerCommand: 'unplug {host}' }, run)).toThrow(
    expect.objectContaining({ code: 'NO_WAY_BACK' }),
  );
  expect(() => poweroff(target, { powerCommand: 'unplug', restoreCommand: "plug '" }, run)).toThrow(
    expect.objectContaining({ code: 'COMMAND_INVALID' }),
  );
  expect(ran).toEqual([]);
});

test('a power command that fails is told with its status and its last words', async () => {
  const fault = poweroff(target, { powerCommand: 'lab {action}' }, runner(3).run);
  await expect(fault.inject()).rejects.toMatchObject({
    code: 'POWER_COMMAND_FAILED',
    message: 'failed to switch off master-1: lab ended with 3',
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

test('services heal themselves: the timer is set before anything is stopped', async () => {
  const { lines, session: host } = session();
  const fault = stopServices(host, { healSeconds: 90 });
  await fault.inject();
  await fault.restore();
  const [inject = '', restore = ''] = lines;
  expect(inject.indexOf('--on-active=90')).toBeGreaterThan(0);
  expect(inject.indexOf('--on-active=90')).toBeLessThan(inject.indexOf('systemctl stop --no-block'));
  expect(restore).toMatch(/^systemctl start kube-apiserver.service .*stop k8s-ha-action-heal.timer/);
  expect(fault.severs).toBe(false);
});

test('services that can’t be stopped are told of', async () => {
  await expect(stopServices(session(1).session).inject()).rejects.toMatchObject({ code: 'SERVICES_FAULT_FAILED' });
});
