import { expect, test } from '@jest/globals';
import { parseFacts } from '../../src/host/facts.ts';
import { parseListening } from '../../src/host/listening.ts';
import { findSum } from '../../src/host/sums.ts';

test('listening sockets are listed with addresses in their usual form', () => {
  const lines = [
    '0100007F:1F90 etcd.service',
    '00000000:0016 ssh.service',
    '00000000000000000000000000000000:0016 ssh.service',
    '00000000000000000000000001000000:1F91 ',
    '0000000000000000FFFF00000100007F:1F92 a.scope',
    'B80D01200000000067452301EFCDAB89:0050 web.service',
    '000080FE00000000FF00FC02010000FE:0051 ',
    '00000000:0016 ssh.service',
    'udp 00000000:0016 ',
    'udp 00000000:2118 ',
  ];
  expect(parseListening(lines)).toEqual([
    { port: 22, address: '0.0.0.0', unit: 'ssh.service' },
    { port: 22, address: '0.0.0.0', unit: '', protocol: 'udp' },
    { port: 22, address: '::', unit: 'ssh.service' },
    { port: 80, address: '2001:db8::123:4567:89ab:cdef', unit: 'web.service' },
    { port: 81, address: 'fe80::2fc:ff:fe00:1', unit: '' },
    { port: 8080, address: '127.0.0.1', unit: 'etcd.service' },
    { port: 8081, address: '::1', unit: '' },
    { port: 8082, address: '127.0.0.1', unit: 'a.scope' },
    { port: 8472, address: '0.0.0.0', unit: '', protocol: 'udp' },
  ]);
});

const sections = new Map<string, string[]>([
  ['facts', ['machine aarch64', 'cgroup 2', 'package-manager dnf', 'systemd 257.4-1.fc42.so']],
  [
    'file',
    [
      ...['=/etc/os-release', '-NAME="Fedora Linux"', '-ID=fedora', '-VERSION_ID=42', '-PRETTY_NAME="Fedora Linux 42"'],
      ...['=/proc/meminfo', '-MemTotal:       8000000 kB', '=/proc/swaps', '-Filename Type', '-/dev/zram0 partition'],
      ...[
        '=/sys/devices/system/cpu/online',
        '-0-3,6',
        '=/sys/fs/selinux/enforce',
        '-1',
        '=/etc/ufw/ufw.conf',
        '-ENABLED=yes',
        ...['=/proc/sys/kernel/modules_disabled', '-1'],
        ...['=/proc/sys/net/ipv4/ip_local_port_range', '-1024\t65000'],
        ...['=/proc/sys/net/ipv4/ip_local_reserved_ports', '-2379-2380,10250'],
      ],
    ],
  ],
  [
    'address',
    ['2: eth0    inet 10.0.0.5/24 brd 10.0.0.255 scope global eth0', '2: eth0    inet6 fe80::1/64 scope link '],
  ],
  ['disk', ['1048576 fd01 /var/lib/etcd']],
  ['unit', ['Id=firewalld.service', 'ActiveState=active', '', 'Id=ufw.service', 'ActiveState=inactive']],
  ['foreign', ['/etc/kubernetes/admin.conf', '/etc/systemd/system/kubelet.service', '/var/lib/k0s']],
]);

test('facts are parsed from the host’s output', () => {
  const own = new Map([['node', [{ kind: 'file', subject: '/etc/systemd/system/kubelet.service', extra: '' }]]]);
  expect(parseFacts(sections, own, { clockSkewMs: 12, clockErrorMs: 3 })).toMatchObject({
    os: { id: 'fedora', versionId: '42', name: 'Fedora Linux 42' },
    architecture: 'arm64',
    systemdVersion: 257,
    cgroupVersion: 2,
    cpus: 5,
    loadsNoModules: true,
    localPorts: {
      first: 1024,
      last: 65000,
      reserved: [
        [2379, 2380],
        [10250, 10250],
      ],
    },
    memoryMiB: 7812,
    freeMiB: { '/var/lib/etcd': 1024 },
    fileSystems: { '/var/lib/etcd': 'fd01' },
    clockSkewMs: 12,
    clockErrorMs: 3,
    addresses: [
      { interface: 'eth0', address: '10.0.0.5', prefix: 24 },
      { interface: 'eth0', address: 'fe80::1', prefix: 64 },
    ],
    swap: true,
    packageManager: 'dnf',
    selinux: 'enforcing',
    firewalls: ['firewalld'],
    foreign: ['/etc/kubernetes/admin.conf', '/var/lib/k0s'],
  });
});

const sum = 'a'.repeat(64);
const other = 'b'.repeat(64);

test.each<[string, string, string | undefined]>([
  ['a bare sum', `${sum}\n`, sum],
  ['a bare sum without a line end, in capitals', sum.toUpperCase(), sum],
  ['a line with the name', `${sum}  app.tgz\n`, sum],
  ['a line with the name in binary mode', `${sum} *app.tgz\n`, sum],
  ['the line among many', `${other}  other.tgz\r\n${sum}  ./release/app.tgz\r\n`, sum],
  ['a line for another name', `${other}  other.tgz\n`, undefined],
  ['a page of a proxy', '<html>sign in</html>', undefined],
  ['an old kind of sum', `${'a'.repeat(40)}  app.tgz\n`, undefined],
])('of sums, %s is read', (_, text, expected) => {
  expect(findSum(text, 'app.tgz')).toBe(expected);
});
