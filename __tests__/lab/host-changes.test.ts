import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Applied, type HostState, hostState, type Unit } from '../../src/host/index.ts';
import { apply, bareHosts, differences, h1, h2, lab, onHost, onSession } from './host-lab.ts';

beforeAll(bareHosts, 300_000);
afterAll(async () => {
  await lab.down();
}, 60_000);

const kubectl = `${lab.mirrorUrl}/dl.k8s.io/v1.37.2/bin/linux/amd64/kubectl`;

function service(name: string, reads: readonly string[]): Unit {
  const content = `[Unit]\nDescription=${name}\n[Service]\nExecStart=/bin/sleep 10000\nRestart=always\n[Install]\nWantedBy=multi-user.target\n`;
  const ready = { command: 'true', timeoutSeconds: 10, hint: 'it only sleeps' };
  return { name: `${name}.service`, content, reads, ready };
}

function whole(host: string): HostState {
  return hostState({
    hostname: `${host}.example`,
    swapOff: true,
    hostEntries: [
      { address: '192.168.1.21', names: ['h1', 'h1.example'] },
      { address: '192.168.1.22', names: ['h2', 'h2.example'] },
    ],
    modules: [
      { name: 'br_netfilter', check: '/proc/sys/net/bridge' },
      { name: 'overlay', check: 'filesystem:overlay' },
    ],
    sysctls: { 'net.ipv4.ip_forward': '1', 'net.ipv4.ip_local_port_range': '32768 60999' },
    users: [{ name: 'etcd', home: '/var/lib/etcd' }],
    packages: [
      { command: 'haproxy', apt: 'haproxy', dnf: 'haproxy', zypper: 'haproxy', disableUnit: 'haproxy.service' },
    ],
    directories: [
      { path: '/var/lib/etcd', mode: '700', owner: 'etcd:etcd' },
      { path: '/etc/app', mode: '750', owner: 'root:etcd' },
    ],
    files: [
      { path: '/etc/app/a.conf', content: 'a\n', mode: '640', owner: 'root:etcd', secret: false },
      { path: '/etc/app/b.key', content: 'b\n', mode: '600', owner: 'etcd:etcd', secret: true },
    ],
    downloads: [{ url: kubectl, sumUrl: `${kubectl}.sha256`, mode: '755', place: '/usr/local/bin/kubectl' }],
    units: [service('app-a', ['/etc/app/a.conf', '/usr/local/bin/kubectl']), service('app-b', ['/etc/app/b.key'])],
    absent: ['/etc/app/old'],
  });
}

const hosts = [h1, h2];
const pids = async (host: string) =>
  (await onHost(host, 'systemctl show -p MainPID --value app-a app-b')).split('\n').filter((line) => line !== '');
/** Files that the engine may have left in the folders where it writes. */
const places = (host: string) =>
  onHost(
    host,
    'find /etc /usr/local /var/lib -xdev -newer /root/begin ! -path "/var/lib/dpkg*" ! -path "/var/lib/apt*" ! -path "/var/lib/systemd*" ! -type d | sort',
  );

test('a bare host gets everything that a state lists, by root and by sudo', async () => {
  for (const host of hosts) await onHost(host.name, 'touch /root/begin; sleep 0.01');
  const applied = await Promise.all(hosts.map(async (host) => await apply(host, 'app', whole(host.name))));
  for (const { started, restarted } of applied) {
    expect(started).toEqual(['app-a.service', 'app-b.service']);
    expect(restarted).toEqual([]);
  }
  expect(await onHost('h2', 'systemctl is-active haproxy.service app-a app-b || true')).toBe(
    'inactive\nactive\nactive',
  );
  expect(await onHost('h2', 'stat -c "%a %U:%G" /etc/app/b.key /etc/app /usr/local/bin/kubectl')).toBe(
    '600 etcd:etcd\n750 root:etcd\n755 root:root',
  );
  expect(await onHost('h1', 'hostname; sysctl -n net.ipv4.ip_forward; getent passwd etcd | cut -d: -f7')).toBe(
    'h1.example\n1\n/usr/sbin/nologin',
  );
}, 120_000);

test('a second run changes nothing, restarts nothing and makes one request', async () => {
  for (const host of hosts) {
    const before = await pids(host.name);
    const { results } = await onSession(host, [['inspect'], ['apply', 'app', whole(host.name)]]);
    expect(results[1]).toMatchObject({ changes: [], started: [], restarted: [] });
    // No request: those take longer, and are counted by the unit tests.
    expect((results[1] as Applied).milliseconds).toBeLessThan(60);
    expect(await pids(host.name)).toEqual(before);
  }
}, 60_000);

test.each<[string, string, string[], string[]]>([
  ['an edited file', 'echo x >> /etc/app/a.conf', ['file /etc/app/a.conf'], []],
  ['a removed file', 'rm /etc/app/b.key', ['file /etc/app/b.key'], []],
  ['a mode', 'chmod 644 /etc/app/b.key', ['file /etc/app/b.key'], []],
  ['an owner', 'chown root:root /var/lib/etcd', ['directory /var/lib/etcd'], []],
  ['an edited unit', 'echo "# x" >> /etc/systemd/system/app-a.service', ['unit app-a.service'], []],
  ['a stopped unit', 'systemctl stop app-b', ['start app-b.service'], ['app-b.service']],
  ['a disabled unit', 'systemctl disable app-b 2>&1', ['unit app-b.service'], []],
  ['a masked unit', 'ln -sf /dev/null /etc/systemd/system/app-b.service', ['unit app-b.service'], []],
  ['a removed binary', 'rm /usr/local/bin/kubectl', ['download /usr/local/bin/kubectl', 'restart app-a.service'], []],
  [
    'a damaged binary',
    'printf x | dd conv=notrunc of=/usr/local/bin/kubectl bs=1 seek=9999 2>&1',
    ['download /usr/local/bin/kubectl', 'restart app-a.service'],
    [],
  ],
  ['a sysctl', 'sysctl -qw net.ipv4.ip_forward=0', ['sysctl net.ipv4.ip_forward'], []],
  ['a hosts file', 'sed -i /h2.example/d /etc/hosts', ['hosts /etc/hosts'], []],
  ['a host name', 'hostname other', ['hostname h1.example'], []],
  [
    'a removed user',
    'userdel etcd',
    ['user etcd', 'directory /var/lib/etcd', 'directory /etc/app', 'file /etc/app/a.conf', 'file /etc/app/b.key'],
    [],
  ],
  ['a thing that must not be', 'mkdir -p /etc/app/old/x', ['remove /etc/app/old'], []],
  [
    'a removed record of what a unit read',
    'rm /var/lib/k8s-ha-action/started/app-b.service',
    ['restart app-b.service'],
    ['app-b.service'],
  ],
  [
    'an edited file that the unit was restarted with',
    'echo x >> /etc/app/a.conf; systemctl restart app-a',
    ['file /etc/app/a.conf', 'restart app-a.service'],
    ['app-a.service'],
  ],
])(
  '%s is found and fixed, with no restart but what is due',
  async (_, line, expected, restarts) => {
    await onHost('h1', line);
    const found = await differences(h1, 'app', whole('h1'));
    expect(found.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual(expected);
    const before = await pids('h1');
    const { started, restarted } = await apply(h1, 'app', whole('h1'));
    expect([...started, ...restarted]).toEqual(restarts);
    const after = await pids('h1');
    expect(after.filter((pid, index) => pid !== before[index]).length).toBe(restarts.length);
    expect(await differences(h1, 'app', whole('h1'))).toEqual([]);
  },
  60_000,
);

test('a binary with only a new time is not downloaded again', async () => {
  await onHost('h1', 'touch /usr/local/bin/kubectl');
  expect((await apply(h1, 'app', whole('h1'))).changes).toEqual([]);
  expect(await onHost('h1', 'grep -c "$(stat -c %Y /usr/local/bin/kubectl)" /var/lib/k8s-ha-action/sums')).toBe('1');
}, 60_000);

test('new content restarts only the unit that reads it', async () => {
  const changed = whole('h1');
  const files = changed.files.map((file) => (file.path === '/etc/app/b.key' ? { ...file, content: 'new\n' } : file));
  const applied = await apply(h1, 'app', { ...changed, files });
  expect(applied.restarted).toEqual(['app-b.service']);
  expect((await apply(h1, 'app', whole('h1'))).restarted).toEqual(['app-b.service']);
}, 60_000);

test('after a reboot there is nothing to change, and services run', async () => {
  await lab.powerOff('h1');
  await lab.powerOn('h1');
  const found = await differences(h1, 'app', whole('h1'));
  expect(found).toEqual([]);
  await lab.powerOff('h1', { hard: true });
  await lab.powerOn('h1');
  expect(await differences(h1, 'app', whole('h1'))).toEqual([]);
}, 60_000);

test('an entry stays if another scope lists it too', async () => {
  const shared = hostState({
    files: [{ path: '/etc/app/a.conf', content: 'a\n', mode: '640', owner: 'root:etcd', secret: false }],
  });
  await apply(h1, 'other', shared);
  const less = { ...whole('h1'), files: whole('h1').files.slice(1), units: whole('h1').units.slice(1), downloads: [] };
  const { changes } = await apply(h1, 'app', less);
  expect(changes.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual([
    'remove app-a.service',
    'remove /usr/local/bin/kubectl',
  ]);
  expect(await onHost('h1', 'cat /etc/app/a.conf; ls /etc/systemd/system | grep -c app-a || true')).toBe('a\n0');
  expect((await apply(h1, 'other', hostState({}))).changes.map(({ subject }) => subject)).toEqual(['/etc/app/a.conf']);
}, 60_000);

test('an empty state removes exactly what was placed', async () => {
  for (const host of hosts) {
    await apply(host, 'app', hostState({}));
    expect(await places(host.name)).not.toMatch(/app|kubectl|k8s-ha/);
    expect(await onHost(host.name, 'ls -d /var/lib/k8s-ha-action /etc/app 2>&1 | grep -c "No such"')).toBe('2');
    expect(
      await onHost(
        host.name,
        'systemctl list-units --all | grep -c app-[ab] || true; grep -c k8s-ha /etc/hosts || true',
      ),
    ).toBe('0\n0');
  }
}, 60_000);

describe('a change that the host refuses is a problem with its own code and the name of the subject:', () => {
  const file = (path: string) => ({ path, content: 'x', mode: '600', owner: 'root:root', secret: false });
  const none = 'k8s-ha-none';
  const long = 'a-name-of-more-than-thirty-two-characters';
  test.each([
    ['WRITE_FAILED', hostState({ files: [file('/proc/none')] }), '/proc/none'],
    ['DISK_READ_ONLY', hostState({ files: [file('/srv/ro/conf')] }), '/srv/ro/conf'],
    ['MODULE_MISSING', hostState({ modules: [{ name: 'k8s_ha_none', check: '/none' }] }), 'k8s_ha_none'],
    ['SYSCTL_REFUSED', hostState({ sysctls: { 'net.ipv4.ip_forward': 'many' } }), 'many'],
    ['USER_FAILED', hostState({ users: [{ name: long, home: '/none' }] }), long],
    ['PACKAGE_FAILED', hostState({ packages: [{ command: none, apt: none, dnf: none, zypper: none }] }), none],
  ])('%s', async (code, state, what) => {
    await onHost('h1', 'mountpoint -q /srv/ro || { mkdir -p /srv/ro; mount -t tmpfs -o ro,mode=755 none /srv/ro; }');
    const { problem } = await onSession(h1, [['apply', 'refused', state]]);
    expect(problem).toMatchObject({ code, host: 'h1' });
    expect(problem?.message).toContain(what);
    await apply(h1, 'refused', hostState({}));
  });

  test('NO_PACKAGE_MANAGER, and HOST_UNFIT without a command that every distribution has', async () => {
    const needs = hostState({ packages: [{ command: none, apt: none, dnf: none, zypper: none }] });
    await onHost('h1', 'mv /usr/bin/apt-get /usr/bin/apt-get.away');
    const { problem } = await onSession(h1, [['apply', 'refused', needs]]);
    await onHost('h1', 'mv /usr/bin/apt-get.away /usr/bin/apt-get; mv /usr/bin/cut /usr/bin/cut.away');
    const unfit = await onSession(h1, []);
    await onHost('h1', 'mv /usr/bin/cut.away /usr/bin/cut');
    expect(problem).toMatchObject({ code: 'NO_PACKAGE_MANAGER', host: 'h1' });
    expect(unfit.problem).toMatchObject({ code: 'HOST_UNFIT', host: 'h1' });
    expect(unfit.problem?.message).toContain('cut');
  });
});
