import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { follow } from '../lab/getting-started/follow.ts';
import { type Step, stepsBehindJumpHost } from '../lab/getting-started/guide.ts';
import { gettingStartedMachine, type Machine } from '../lab/getting-started/machine.ts';
import { bareHosts, lab, onHost } from '../lab/seed-lab.ts';

// docs/getting-started.md, followed literally for five hosts of an ordinary user behind a jump host. What the reader and the runner send to
// the five is dropped.
const steps = stepsBehindJumpHost();
const file = steps.find((step) => step.kind === 'file' && step.path === 'cluster.yaml');
const { hosts, ssh }: { hosts: readonly { name: string; address: string }[]; ssh: { jumpHost: { address: string } } } =
  parse(file?.text ?? '');
const names = hosts.map(({ name }) => name);
const bastion = { name: 'bastion', address: ssh.jumpHost.address };
const folder = mkdtempSync(join(tmpdir(), 'k8s-ha-behind-'));
const printed = new Map<Step, string>();
let machine: Machine;

beforeAll(async () => {
  const all = [...hosts, { ...bastion, roles: ['node'] }];
  writeFileSync(join(folder, 'hosts.yaml'), stringify({ name: 'first', ssh: { user: 'ops' }, hosts: all }));
  await bareHosts(join(folder, 'hosts.yaml'));
  const rules = `table inet reader {
    chain output { type filter hook output priority 0; ip daddr { ${hosts.map(({ address }) => address).join(', ')} } ct state new drop; }
  }`;
  const { status, stderr } = await lab.run(['nft', '-f', '-'], { input: rules });
  expect([status, stderr]).toEqual([0, '']);
  machine = await gettingStartedMachine(lab, folder);
}, 600_000);

afterAll(async () => {
  await machine?.[Symbol.asyncDispose]();
  await lab.down();
  rmSync(folder, { recursive: true, force: true });
});

describe.each(steps.map((step) => [`${step.heading}: line ${step.line}`, step] as const))('%s', (_, step) => {
  test(`${step.text.split('\n').find((line) => !line.startsWith('#'))} …`, async () => {
    expect(printed.size).toBe(steps.indexOf(step));
    printed.set(step, await follow(step, machine, [...names, bastion.name]));
  }, 900_000);
});

test('the fingerprints that the guide compares are the same, with the jump host’s', () => {
  const fingerprints = (kind: Step['kind']) =>
    [...printed]
      .filter(([step]) => step.kind === kind)
      .flatMap(([, text]) => text.match(/SHA256:\S+/g) ?? [])
      .sort();
  expect(fingerprints('commands on each host')).toHaveLength(6);
  expect(fingerprints('commands')).toEqual(fingerprints('commands on each host'));
});

test('kubectl shows five Ready nodes to the user, and each login came from the jump host', async () => {
  const [text = ''] = [...printed.values()].filter((each) => each.includes('STATUS'));
  expect(names.filter((name) => new RegExp(`^${name} +Ready `, 'm').test(text))).toEqual(names);
  for (const name of names) {
    const logins = await onHost(name, 'journalctl --sync && journalctl -q --no-pager -o cat -t sshd');
    const from = [...logins.matchAll(/^Accepted publickey for (\S+) from (\S+)/gm)].map(
      ([, user, at]) => `${user} ${at}`,
    );
    // The lab itself has waited for the host.
    expect(new Set(from.slice(1))).toEqual(new Set([`ops ${bastion.address}`]));
  }
});
