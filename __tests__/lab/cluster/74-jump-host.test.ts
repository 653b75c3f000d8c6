import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { lab, onHost } from '../seed-lab.ts';
import { bastion, newIdentity, standingTrio, trio, trioText } from '../trio.ts';
import { outcomeOf, rebuild } from '../workflow-runs.ts';

const folder = mkdtempSync(join(tmpdir(), 'k8s-ha-jump-host-test-'));
let identity: string;

beforeAll(async () => {
  await standingTrio();
  identity = await newIdentity();
  // The account has only the rights that docs/runners.md requires.
  const key = readFileSync(`${lab.sshKey}.pub`, 'utf8').trim();
  await onHost(
    bastion.name,
    `id -u jump >/dev/null 2>&1 || useradd --create-home --shell /usr/sbin/nologin jump
mkdir -p /home/jump/.ssh && echo 'restrict,port-forwarding ${key}' >/home/jump/.ssh/authorized_keys
chown -R jump: /home/jump/.ssh`,
  );
  await cutOff();
}, 900_000);

afterAll(async () => {
  await lab.run(['nft', 'delete', 'table', 'inet', 'runner']);
  rmSync(folder, { recursive: true, force: true });
});

/** Drops packets from the runner to the hosts; answers of its mirror still reach them. */
async function cutOff(): Promise<void> {
  const hosts = trio.map(({ address }) => address).join(', ');
  const rules = `table inet runner {
  chain output {
    type filter hook output priority 0
    ip daddr { ${hosts} } ct state new drop
  }
}`;
  const { status, stderr } = await lab.run(['nft', '-f', '-'], { input: rules });
  expect([status, stderr]).toEqual([0, '']);
}

/** Whether a TCP connection from the runner succeeds. */
async function reaches(address: string, seconds = 2): Promise<boolean> {
  const { status } = await lab.run(['timeout', String(seconds), 'bash', '-c', `</dev/tcp/${address}/22`]);
  return status === 0;
}

test('the complete workflow changes hosts that the runner reaches only through a jump host', async () => {
  expect(await reaches(bastion.address, 20)).toBe(true);
  expect(await Promise.all(trio.map(({ address }) => reaches(address)))).toEqual([false, false, false]);
  const since = (await onHost('one', 'date +%s')).trim();

  const through = trioText((cluster) => {
    const jumpHost = { address: bastion.address, user: 'jump' };
    Object.assign(cluster, {
      ssh: { ...(cluster.ssh as object | undefined), jumpHost },
      apiServer: { extraArgs: [{ name: 'max-requests-inflight', value: '444' }] },
    });
  });
  const outcome = await rebuild(identity, { folder, files: { 'cluster.yaml': through } });

  const legs = trio.flatMap(({ name }) => [`etcd ${name}`, `master ${name}`]);
  expect(outcomeOf(outcome)).toEqual([
    {
      ...{ plan: 'success', pki: 'success', node: 'skipped', addons: 'success', gate: 'success' },
      'verify-failover': 'skipped',
      ...Object.fromEntries(legs.map((leg) => [leg, 'success'])),
    },
    true,
  ]);
  for (const { name } of trio) {
    expect(await onHost(name, 'cat /proc/$(systemctl show -P MainPID kube-apiserver)/cmdline')).toContain(
      '--max-requests-inflight=444',
    );
    const logins = await onHost(name, `journalctl --sync && journalctl -q --no-pager -o cat -t sshd --since=@${since}`);
    const from = [...logins.matchAll(/^Accepted publickey for \S+ from (\S+)/gm)].map(([, address]) => address);
    // plan, pki, etcd, its own master job, and addons.
    expect(from).toEqual(Array(5).fill(bastion.address));
  }
}, 600_000);
