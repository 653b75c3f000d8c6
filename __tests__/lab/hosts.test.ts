import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openLab } from '../../lab/lab.ts';
import { scratchFolder } from '../lab-tools/scratch.ts';
import { labId } from './lab-id.ts';

// A separate lab, not the one of the other tests: two hosts, one of them with a user that has sudo.
const lab = openLab({ id: labId('hosts') });

const cluster = `hosts:
  - { name: one, address: 192.168.1.10 }
  - { name: two, address: 192.168.1.11, ssh: { user: ops } }
`;

const ssh = (target: string, command: string) => {
  const known = [
    '-o',
    `UserKnownHostsFile=${lab.knownHosts}`,
    '-o',
    'StrictHostKeyChecking=yes',
    '-o',
    'BatchMode=yes',
  ];
  return lab.run(['ssh', '-i', lab.sshKey, ...known, target, command]);
};

beforeAll(async () => {
  await using scratch = await scratchFolder();
  const file = join(scratch.path, 'cluster.yaml');
  writeFileSync(file, cluster);
  await lab.down();
  await lab.up({ cluster: file });
}, 300_000);

afterAll(async () => {
  await lab.down();
}, 60_000);

describe('a lab that is up', () => {
  test('has booted every host of the file', async () => {
    const { hosts } = await lab.status();
    expect(hosts).toMatchObject([
      { name: 'one', address: '192.168.1.10', user: 'root', power: 'on', systemd: 'running' },
      { name: 'two', address: '192.168.1.11', user: 'ops', power: 'on', systemd: 'running' },
    ]);
  });

  test('lets root in with the key and the known host keys, or a user with sudo, but no one else', async () => {
    expect(await ssh('root@192.168.1.10', 'hostname')).toMatchObject({ status: 0, stdout: 'one\n' });
    expect(await ssh('ops@192.168.1.11', 'sudo -n id -un')).toMatchObject({ status: 0, stdout: 'root\n' });
    expect(await ssh('root@192.168.1.11', 'true')).toMatchObject({ status: 255 });
  });

  test('returns the status and the output of a command in a host', async () => {
    const result = await lab.exec('192.168.1.10', ['sh', '-c', 'echo out; echo err >&2; exit 7']);
    expect(result).toEqual({ status: 7, stdout: 'out\n', stderr: 'err\n' });
  });

  test('has hosts without haproxy that get it from the lab’s own apt source', async () => {
    expect((await lab.exec('one', ['which', 'haproxy'])).status).toBe(1);
    const install = 'apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq -y install haproxy iptables';
    expect(await lab.exec('one', ['sh', '-c', install])).toMatchObject({ status: 0 });
    const nat = 'iptables -t nat -A POSTROUTING -s 172.30.0.0/16 -j MASQUERADE && iptables -t nat -S';
    expect((await lab.exec('one', ['sh', '-c', nat])).stdout).toContain('MASQUERADE');
  }, 60_000);

  test('has hosts with everything for containers: vxlan, overlays on the real folder, cgroups', async () => {
    const script = `set -e
ip link add vx type vxlan id 1 dev host0 dstport 8472; ip link del vx
cd /var/lib/containerd; mkdir a b c d; mount -t overlay overlay -o lowerdir=a,upperdir=b,workdir=c d; umount d; rmdir a b d; rm -r c
group=$(ls -d /sys/fs/cgroup/memory /sys/fs/cgroup | head -1); [ ! -d /sys/fs/cgroup/memory ] || group=/sys/fs/cgroup/memory
mkdir $group/try; rmdir $group/try
unshare --mount --pid --fork true`;
    expect(await lab.exec('two', ['sh', '-c', script])).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('power', () => {
  test('cut is silent: a peer’s connection gets no packet, and the disk is unchanged afterwards', async () => {
    await lab.exec('one', ['touch', '/root/kept']);
    const talk = `exec 3<>/dev/tcp/192.168.1.10/22; read -r -u 3 _; touch ${lab.stateDir}/connected
while [ ! -e ${lab.stateDir}/pulled ]; do sleep 0.05; done; sleep 0.5; ss -Htn dst 192.168.1.10`;
    const talking = lab.run(['bash', '-c', talk]);
    while (!existsSync(join(lab.stateDir, 'connected'))) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await lab.powerOff('one', { hard: true })).toBe(true);
    writeFileSync(join(lab.stateDir, 'pulled'), '');
    expect((await talking).stdout).toMatch(/^ESTAB/);
    await expect(lab.exec('one', ['true'])).rejects.toThrow('host one is off');

    expect(await lab.powerOn('one')).toBe(true);
    expect((await lab.exec('one', ['ls', '/root/kept'])).status).toBe(0);
    expect(await lab.powerOn('one')).toBe(false);
  }, 60_000);

  test('off by a shutdown stops the services first', async () => {
    expect(await lab.powerOff('two')).toBe(true);
    expect(await lab.powerOff('two')).toBe(false);
    const console = readFileSync(join(lab.stateDir, 'hosts/two/console.log'), 'utf8');
    expect(console).toContain('Reached target');
    expect(await lab.powerOn('two')).toBe(true);
  }, 60_000);
});

test('a re-imaged host is another machine with its old name and SSH host key', async () => {
  const identity = async () => (await lab.exec('two', ['cat', '/etc/machine-id'])).stdout;
  const other = (await lab.exec('one', ['cat', '/etc/machine-id'])).stdout;
  const before = await identity();
  for (const place of ['/root/kept', '/var/lib/etcd/kept']) await lab.exec('two', ['touch', place]);
  await lab.reimage('192.168.1.11');
  const kept = 'ls /root/kept /var/lib/etcd/kept /var/lib/containerd/kept 2>/dev/null | wc -l';
  expect((await lab.exec('two', ['sh', '-c', kept])).stdout).toBe('0\n');
  expect(await ssh('ops@192.168.1.11', 'sudo -n hostname')).toMatchObject({ status: 0, stdout: 'two\n' });
  const after = await identity();
  expect([before, after]).toEqual([
    expect.stringMatching(/^[0-9a-f]{32}\n$/),
    expect.stringMatching(/^[0-9a-f]{32}\n$/),
  ]);
  expect(new Set([before, after, other]).size).toBe(3);
  // Also if it is off, and with another id each time.
  await lab.powerOff('two', { hard: true });
  await lab.reimage('two');
  expect([before, after, other]).not.toContain(await identity());
  await expect(lab.reimage('three')).rejects.toThrow('the lab has no host three');
}, 120_000);

test('down leaves nothing behind', async () => {
  await lab.down();
  expect(existsSync(lab.stateDir)).toBe(false);
  expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(lab.stateDir);
  expect((await lab.status()).up).toBe(false);
  await expect(lab.exec('one', ['true'])).rejects.toThrow('the lab is down');
}, 60_000);
