import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { must } from '../../../lab/command.ts';
import { scratchFolder } from '../../lab-tools/scratch.ts';
import { changedCluster } from '../cluster-file.ts';
import { differenceOf, listingOf } from '../listing.ts';
import { powerOn } from '../power.ts';
import { type Refusal, refused } from '../refusals.ts';
import { seedHosts } from '../seed-hosts.ts';
import { act, lab, onHost, standingCluster, succeeded } from '../seed-lab.ts';

const names = seedHosts.map(({ name }) => name);
let key: string;
let known: string;

beforeAll(async () => {
  await standingCluster();
  key = readFileSync(lab.sshKey, 'utf8');
  known = readFileSync(lab.knownHosts, 'utf8');
}, 300_000);

/** A refusal after which every host is unchanged, except for the cluster's own work meanwhile. */
async function harmless(inputs: Readonly<Record<string, string>>): Promise<Refusal> {
  const own = /\/(etc|usr|opt|root)\/|k8s-ha-action|^\S+\.(service|socket)$/;
  // It ends by itself after half a minute without a request (the deployment was one).
  const leaves = 'systemd-hostnamed.service';
  const look = async () =>
    (await Promise.all(seedHosts.map(listingOf))).map((lines) => lines.filter((l) => own.test(l) && l !== leaves));
  const before = await look();
  for (const lines of before) expect(lines).toContain('ssh.service');
  const refusal = await refused(lab, inputs);
  const after = await look();
  expect(before.flatMap((lines, index) => differenceOf(lines, after[index] ?? []))).toEqual([]);
  return refusal;
}

/** The lines of known_hosts, with the line of a host replaced. */
function knownWith(address: string, line: (own: string, all: readonly string[]) => string): string {
  const all = known.trimEnd().split('\n');
  return `${all.map((own) => (own.startsWith(`${address},`) ? line(own, all) : own)).join('\n')}\n`;
}

const keyOf = (line: string): string => line.split(' ').slice(1).join(' ');

describe('a run that has no access to a host', () => {
  test('with a key that no host accepts names every host, the user and where to add the key', async () => {
    await using scratch = await scratchFolder();
    const file = join(scratch.path, 'stranger');
    await must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', file]);
    const { codes, errors, milliseconds } = await harmless({ 'ssh-key': readFileSync(file, 'utf8') });
    expect(codes).toEqual(names.map(() => 'SSH_AUTH_FAILED'));
    for (const [index, name] of names.entries()) expect(errors[index]).toMatch(new RegExp(`^${name}: .*user root`));
    expect(errors[0]).toContain('authorized_keys');
    expect(milliseconds).toBeLessThan(15_000);
  }, 60_000);

  test('with an invalid key reports it before it opens a connection', async () => {
    const { codes, milliseconds } = await harmless({ 'ssh-key': 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 someone' });
    expect(new Set(codes)).toEqual(new Set(['SSH_KEY_INVALID']));
    expect(milliseconds).toBeLessThan(10_000);
  }, 60_000);

  test('to a host with an unknown key names only that host, with the fingerprint to compare and the line to add', async () => {
    const { codes, errors } = await harmless({ 'known-hosts': knownWith('192.168.1.154', () => '# none') });
    expect(codes).toEqual(['HOST_KEY_UNKNOWN']);
    expect(errors[0]).toMatch(/^master-2: .*SHA256:.*\n.*console.* add: 192\.168\.1\.154 ssh-ed25519 /);
  }, 60_000);

  test('to a host whose key differs from the known one reports a possible attack, not a missing line', async () => {
    const inputs = {
      'known-hosts': knownWith('192.168.1.154', (own, all) => `${own.split(' ')[0]} ${keyOf(all[0] ?? '')}`),
    };
    const { codes, errors } = await harmless(inputs);
    expect(codes).toEqual(['HOST_KEY_CHANGED']);
    expect(errors[0]).toMatch(/^master-2: /);
  }, 60_000);

  test('as a user without sudo names the user and the line that allows it', async () => {
    await onHost(
      'node-1',
      `useradd --create-home guest; mkdir -p ~guest/.ssh; cp /root/.ssh/authorized_keys ~guest/.ssh/; chown -R guest: ~guest/.ssh`,
    );
    const cluster = changedCluster(lab, 'guest', ({ hosts }) => {
      for (const host of hosts) if (host.name === 'node-1') host.ssh = { user: 'guest' };
    });
    const { codes, errors, milliseconds } = await harmless({ cluster });
    expect(codes).toEqual(['SUDO_REFUSED']);
    expect(errors[0]).toMatch(/^node-1: .*guest.*\n.*NOPASSWD/);
    expect(milliseconds).toBeLessThan(15_000);
    await onHost('node-1', 'userdel --remove guest 2>/dev/null');
  }, 60_000);

  describe('with a host that lost its power', () => {
    afterAll(() => powerOn('node-1'), 60_000);

    test('names it and its address, after some attempts', async () => {
      await lab.powerOff('node-1', { hard: true });
      const { codes, errors, milliseconds } = await refused(lab);
      expect(codes).toEqual(['HOST_UNREACHABLE']);
      expect(errors[0]).toMatch(/^node-1: .*192\.168\.1\.156:22/);
      expect(milliseconds).toBeLessThan(75_000);
    }, 120_000);
  });
});

describe('afterwards', () => {
  test('a run changes nothing, not even on the host that was off', async () => {
    const { outputs } = succeeded(await act('deploy'));
    expect(outputs).toMatchObject({ changed: '0', restarted: '[]' });
  }, 120_000);

  test('a key with Windows line ends is accepted', async () => {
    const crlf = key.trimEnd().replaceAll('\n', '\r\n');
    succeeded(await act('deploy', { 'ssh-key': crlf, 'dry-run': 'true' }));
  }, 60_000);
});
