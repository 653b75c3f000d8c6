import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { dirname } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { type Beside, type BesideQuery, parseBeside, parseChains } from '../../src/host/beside.ts';
import { remoteProgram } from '../../src/host/remote/program.ts';
import { LocalHost, shells } from './local-host.ts';

jest.setTimeout(60_000);

const query: BesideQuery = {
  sysctls: ['kernel.panic', 'net.ipv4.ip_forward', 'net.ipv4.conf.all.forwarding'],
  units: ['kubelet.service', 'kube-proxy.service'],
  resolvers: ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf'],
  secure: ['/usr/local/bin', '/var/lib/k8s-ha-action'],
  services: ['fapolicyd.service', 'docker.service', 'some.timer'],
  left: ['/etc/cni/net.d/*', '/var/lib/kubelet/pki', '/var/lib/calico'],
  places: ['/opt/cni/bin', '/var/lib/etcd', '/usr/local/bin'],
  modules: [
    { name: 'no_such_module' },
    { name: 'k8s_loadable' },
    { name: 'k8s_builtin' },
    { name: 'k8s_there', check: '/proc/version' },
  ],
};

/** What the host says about a tree of files; a content that begins with `-> ` is a link. */
async function lookAt(shell: string, files: Readonly<Record<string, string>>): Promise<Beside> {
  using host = new LocalHost(shell);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(host.path(path)), { recursive: true });
    if (content.startsWith('-> ')) symlinkSync(content.slice(3), host.path(path));
    else writeFileSync(host.path(path), content);
    if (content.startsWith('#!')) chmodSync(host.path(path), 0o755);
  }
  const session = await host.open({ dryRun: true });
  const { facts } = await session.inspect({ beside: query });
  await session.close();
  return facts.beside;
}

const unit = (line: string) => `[Service]\n${line}\n[Install]\nWantedBy=multi-user.target\n`;

describe.each(shells)('a host whose shell is %s', (_, shell) => {
  test('without anything of others says nothing', async () => {
    expect(await lookAt(shell, {})).toMatchObject({
      sysctls: [],
      dropIns: [],
      swap: [],
      resolvers: new Map(),
      left: [],
      missingModules: [],
      blockedModules: [],
      controllers: [],
      haproxyMayConnect: undefined,
    });
  });

  test('tells the kernel settings of other files, those of a masked file not', async () => {
    const { sysctls } = await lookAt(shell, {
      '/etc/sysctl.d/99-hardening.conf':
        '# kernel.panic = 1\n; kernel.panic = 2\n kernel.panic=60 \nkernel.other = 1\n',
      '/etc/sysctl.d/50 with blanks.conf': '-net/ipv4/ip_forward =  0\n',
      '/etc/sysctl.d/98-stig.conf':
        'net.ipv4.conf.*.forwarding=0\nnet.ipv4.conf.*.rp_filter = 1\nnet.ipv4.conf.all.forwarding = 0\nkernel.panic_on_*=1\n',
      '/usr/lib/sysctl.d/60-vendor.conf': 'kernel.panic = 3\n',
      '/etc/sysctl.d/60-vendor.conf': '-> /dev/null',
      '/etc/sysctl.d/README': 'kernel.panic = 4\n',
      '/etc/ufw/sysctl.conf': 'net/ipv4/ip_forward=0\n',
    });
    expect(sysctls).toEqual([
      { file: '/etc/sysctl.d/50 with blanks.conf', key: 'net/ipv4/ip_forward', value: '0' },
      { file: '/etc/sysctl.d/98-stig.conf', key: 'net.ipv4.conf.*.forwarding', value: '0' },
      { file: '/etc/sysctl.d/98-stig.conf', key: 'net.ipv4.conf.all.forwarding', value: '0' },
      { file: '/etc/sysctl.d/99-hardening.conf', key: 'kernel.panic', value: '60' },
      { file: '/etc/ufw/sysctl.conf', key: 'net/ipv4/ip_forward', value: '0' },
    ]);
  });

  test('tells the drop-ins of our units, without our own', async () => {
    const { dropIns } = await lookAt(shell, {
      '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf':
        '[Service]\nExecStart=\nExecStart=/usr/bin/kubelet\n',
      '/etc/systemd/system/kubelet.service.d/10-k8s-ha-action.conf': '[Service]\nExecCondition=x\n',
      '/etc/systemd/system/kube-.service.d/limits.conf': '[Service]\n# x=1\nMemoryMax = 1G\n',
      '/run/systemd/system/service.d/all.conf': '[Service]\nTimeoutStopFailureMode=abort\n',
      '/etc/systemd/system/other.service.d/x.conf': '[Service]\nUser=x\n',
      '/etc/systemd/system/kube-proxy.service.d/vendor.conf': '-> /dev/null',
      '/usr/lib/systemd/system/kube-proxy.service.d/vendor.conf': '[Service]\nUser=x\n',
      '/etc/systemd/system/kube-proxy.service.d/own.conf': '[Service]\nEnvironment=A=secret\nProtectHome = read-only\n',
      '/usr/lib/systemd/system/kube-proxy.service.d/own.conf': '[Service]\nUser=x\n',
    });
    const ofProxy = '/etc/systemd/system/kube-proxy.service.d';
    expect(dropIns.toSorted((a, b) => (a.file < b.file ? -1 : 1))).toEqual([
      { file: '/etc/systemd/system/kube-.service.d/limits.conf', unit: 'kube-.service', key: 'MemoryMax' },
      { file: `${ofProxy}/own.conf`, unit: 'kube-proxy.service', key: 'Environment' },
      { file: `${ofProxy}/own.conf`, unit: 'kube-proxy.service', key: 'ProtectHome', value: 'read-only' },
      { file: `${ofProxy}/vendor.conf`, unit: 'kube-proxy.service', key: '' },
      { file: '/run/systemd/system/service.d/all.conf', unit: 'service', key: 'TimeoutStopFailureMode' },
      { file: '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf', unit: 'kubelet.service', key: 'ExecStart' },
      { file: '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf', unit: 'kubelet.service', key: 'ExecStart' },
    ]);
  });

  test('tells what turns swap on at boot, and nothing that swap.target governs or that is masked', async () => {
    const wants = '/etc/systemd/system/multi-user.target.wants';
    const { swap } = await lookAt(shell, {
      '/usr/lib/systemd/system/zramswap.service': unit('ExecStart=/usr/sbin/zramswap start'),
      [`${wants}/zramswap.service`]: '-> ../../../../usr/lib/systemd/system/zramswap.service',
      '/usr/sbin/zramswap': '#!/bin/bash\nmkswap "$x"\nswapon -p 5 "$x"\n',
      [`${wants}/swapfile.service`]: unit('ExecStart=-/sbin/swapon /swapfile'),
      [`${wants}/data.swap`]: '[Swap]\nWhat=/data/swap\n',
      [`${wants}/off.service`]: unit('ExecStart=/sbin/swapoff -a'),
      [`${wants}/web.service`]: unit('ExecStart=/usr/sbin/web'),
      '/usr/sbin/web': '#!/bin/sh\n# like swapon\nexec swaponly\n',
      [`${wants}/masked.service`]: unit('ExecStart=/sbin/swapon -a'),
      '/etc/systemd/system/masked.service': '-> /dev/null',
      '/etc/systemd/system/swap.target.wants/dev-sda2.swap': '[Swap]\nWhat=/dev/sda2\n',
      '/run/systemd/generator/multi-user.target.wants/rc-local.service': unit('ExecStart=/etc/rc.local start'),
      '/etc/rc.local': '#!/bin/sh\nswapon /extra\n',
      '/etc/cron.d/swap': '@reboot root /sbin/swapon /cron\n',
      '/etc/waagent.conf': 'ResourceDisk.EnableSwap=n\n',
      [`${wants}/swapspace.service`]: unit('ExecStart=/usr/sbin/swapspace'),
      '/etc/udev/rules.d/99-zram.rules': 'KERNEL=="zram0", ATTR{disksize}="1G", RUN+="/sbin/swapon /dev/zram0"\n',
      '/etc/udev/rules.d/98-zram.rules':
        '# RUN+="/sbin/swapon /dev/zram0"\nKERNEL=="zram0", RUN+="/sbin/mkswap /dev/zram0"\n',
      '/etc/systemd/system/timers.target.wants/late-swap.timer': '-> /usr/lib/systemd/system/late-swap.timer',
      '/usr/lib/systemd/system/late-swap.service': unit('ExecStart=/sbin/swapon /late'),
      '/etc/systemd/system/timers.target.wants/web.timer': '-> /usr/lib/systemd/system/web.timer',
    });
    expect(swap.toSorted()).toEqual(
      [
        ...['/etc/cron.d/swap', '/etc/udev/rules.d/99-zram.rules', 'data.swap', 'late-swap.service'],
        ...['rc-local.service', 'swapfile.service', 'swapspace.service', 'zramswap.service'],
      ].toSorted(),
    );
  });

  test('tells the name servers of each file, what is left of other clusters, and what the kernel has', async () => {
    const kernel = `/lib/modules/${release()}`;
    const beside = await lookAt(shell, {
      '/etc/resolv.conf': '# nameserver 1.1.1.1\nsearch lan\nnameserver 127.0.0.1\nnameserver\t::1\n',
      '/run/systemd/resolve/resolv.conf': 'search lan\n',
      '/etc/cni/net.d/05-cilium.conflist': '{}',
      '/etc/cni/net.d/with blanks.conf': '{}',
      '/var/lib/calico/nodename': 'x',
      [`${kernel}/modules.builtin`]: 'kernel/fs/k8s_builtin.ko\n',
      [`${kernel}/modules.dep`]: 'kernel/net/k8s_loadable.ko.zst: kernel/net/no_such_module.ko.zst\n',
      '/etc/modprobe.d/cis.conf': 'install k8s_there /bin/true\nblacklist k8s_loadable\ninstall other /bin/true\n',
      '/sys/fs/cgroup/cgroup.controllers': 'cpuset cpu pids\n',
      '/sys/fs/selinux/booleans/haproxy_connect_any': '0 0',
    });
    expect(beside).toMatchObject({
      resolvers: new Map([
        ['/etc/resolv.conf', ['127.0.0.1', '::1']],
        ['/run/systemd/resolve/resolv.conf', []],
      ]),
      left: ['/etc/cni/net.d/05-cilium.conflist', '/etc/cni/net.d/with blanks.conf', '/var/lib/calico'],
      missingModules: ['no_such_module'],
      blockedModules: [
        { file: '/etc/modprobe.d/cis.conf', name: 'k8s_there' },
        { file: '/etc/modprobe.d/cis.conf', name: 'k8s_loadable' },
      ],
      controllers: ['cpuset', 'cpu', 'pids'],
      haproxyMayConnect: false,
    });
  });

  test('tells how the file systems of the places are mounted, and what empties them', async () => {
    const beside = await lookAt(shell, {
      '/proc/self/mounts': [
        ...['/dev/a / ext4 rw 0 0', '/dev/b /opt ext4 rw,noexec,nosuid 0 0', '/dev/c /usr ext4 ro 0 0'],
        ...[
          '/dev/d /usr/local ext4 rw 0 0',
          '/dev/e /var/lib/etcd ext4 ro,noexec 0 0',
          '/dev/f /var/lib/etcd ext4 ro 0 0',
        ],
        ...['/dev/g /op tmpfs noexec 0 0', ''],
      ].join('\n'),
      '/etc/tmpfiles.d/clean.conf': 'R /var/lib/etcd/member\nd /opt/cni 0755 root root -\nd /opt 0755 root root 10d\n',
      '/usr/lib/tmpfiles.d/clean.conf': 'R /usr/local/bin\n',
      '/usr/lib/tmpfiles.d/tmp.conf': 'D! /tmp/.X11-unix 1777 root root 10d\nq /var/tmp 1777 root root 30d\n',
    });
    expect(beside.mounts).toEqual([
      { path: '/opt/cni/bin', mount: '/opt', how: 'noexec' },
      { path: '/var/lib/etcd', mount: '/var/lib/etcd', how: 'readonly' },
    ]);
    expect(beside.emptied).toEqual([
      { file: '/etc/tmpfiles.d/clean.conf', path: '/var/lib/etcd/member' },
      { file: '/etc/tmpfiles.d/clean.conf', path: '/opt' },
    ]);
  });

  test('follows links to where a place really is, and tells what is in memory or on the network', async () => {
    const { mounts, emptied } = await lookAt(shell, {
      // As on Fedora CoreOS, where /usr is read-only and /usr/local is elsewhere.
      '/usr/local': '-> ../var/usrlocal',
      '/var/usrlocal/bin/x': '',
      '/opt': '-> /nowhere/outside',
      '/proc/self/mounts': [
        ...['/dev/a / ext4 rw 0 0', '/dev/a /usr ext4 ro 0 0', 'none /var/lib tmpfs rw 0 0'],
        ...['filer:/etcd /var/lib/etcd nfs4 rw 0 0', '/dev/b /opt ext4 ro 0 0', ''],
      ].join('\n'),
      '/etc/tmpfiles.d/clean.conf': 'R /var/usrlocal/bin\n',
    });
    expect(mounts).toEqual([
      { path: '/opt/cni/bin', mount: '/opt', how: 'readonly' },
      { path: '/var/lib/etcd', mount: '/var/lib/etcd', how: 'network' },
    ]);
    expect(emptied).toEqual([{ file: '/etc/tmpfiles.d/clean.conf', path: '/var/usrlocal/bin' }]);
    const memory = { '/proc/self/mounts': 'none /var/lib tmpfs rw 0 0\nnone /run ramfs rw 0 0\n' };
    expect((await lookAt(shell, memory)).mounts).toEqual([
      { path: '/var/lib/etcd', mount: '/var/lib', how: 'volatile' },
    ]);
  });

  test('tells which services of others start at boot, and what fapolicyd lets run', async () => {
    const wants = '/etc/systemd/system/multi-user.target.wants';
    const { services, allowed } = await lookAt(shell, {
      [`${wants}/fapolicyd.service`]: '-> /usr/lib/systemd/system/fapolicyd.service',
      [`${wants}/docker.service`]: unit('ExecStart=/usr/bin/dockerd'),
      '/etc/systemd/system/docker.service': '-> /dev/null',
      '/etc/fapolicyd/fapolicyd.conf': '# permissive = 1\npermissive = 0\n',
      // As of RKE2, between those of the package.
      '/etc/fapolicyd/rules.d/80-rke2.rules': 'allow perm=any all : dir=/opt/cni/\n# allow perm=any all : dir=/srv\n',
      '/etc/fapolicyd/rules.d/90-deny-execute.rules': 'deny_audit perm=execute all : all\n',
      '/etc/fapolicyd/rules.d/95-allow-open.rules': 'allow perm=open all : dir=/usr/local/bin\n',
    });
    expect([services, allowed]).toEqual([['fapolicyd.service'], ['/opt/cni/']]);
    const lax = await lookAt(shell, { '/etc/fapolicyd/fapolicyd.conf': 'permissive = 1\n' });
    expect([lax.services, lax.allowed]).toEqual([[], ['/']]);
  });

  test('tells a directory that others could change, below a link too', async () => {
    using host = new LocalHost(shell);
    for (const path of ['/usr', '/var/usrlocal/bin', '/var/lib/k8s-ha-action'])
      mkdirSync(host.path(path), { recursive: true });
    symlinkSync('../var/usrlocal', host.path('/usr/local'));
    const look = async () => {
      const session = await host.open({ dryRun: true });
      const { facts } = await session.inspect({ beside: query });
      await session.close();
      return facts.beside.open;
    };
    expect(await look()).toBeUndefined();
    chmodSync(host.path('/var/usrlocal'), 0o777);
    expect(await look()).toBe('/var/usrlocal can be written by other users (mode 777)');
    chmodSync(host.path('/var/usrlocal'), 0o755);
    chownSync(host.path('/var/lib'), 1000, 1000);
    expect(await look()).toMatch(/^\/var\/lib belongs to \S+$/);
  });

  test('counts only what is built in where the kernel loads no modules any more', async () => {
    const kernel = `/lib/modules/${release()}`;
    const { missingModules } = await lookAt(shell, {
      [`${kernel}/modules.builtin`]: 'kernel/fs/k8s_builtin.ko\n',
      [`${kernel}/modules.dep`]: 'kernel/net/k8s_loadable.ko.zst:\n',
      '/proc/sys/kernel/modules_disabled': '1\n',
    });
    expect(missingModules).toEqual(['no_such_module', 'k8s_loadable']);
  });

  test('reads from the kernel’s lists whether a feature without a sign is built in, or else what an earlier run recorded', () => {
    using host = new LocalHost(shell);
    const [program = 'sh', ...words] = shell.split(' ');
    const isThere = (name: string) => {
      const env = { ...process.env, K8S_HA_TEST_ROOT: host.root };
      const script = `${remoteProgram}\nmodule_there ${name} untellable`;
      return spawnSync(program, [...words, '-c', script], { env }).status === 0;
    };
    mkdirSync(host.path('/var/lib/k8s-ha-action'), { recursive: true });
    writeFileSync(host.path('/var/lib/k8s-ha-action/modules'), 'k8s_loadable\tno\n');
    expect(['k8s_loadable', 'k8s_builtin'].map(isThere)).toEqual([true, false]);
    const kernel = host.path(`/lib/modules/${release()}`);
    mkdirSync(kernel, { recursive: true });
    writeFileSync(`${kernel}/modules.builtin`, 'kernel/net/k8s_builtin.ko\n');
    writeFileSync(`${kernel}/modules.dep`, 'kernel/net/k8s_loadable.ko:\n');
    expect(['k8s_loadable', 'k8s_builtin', 'k8s_built'].map(isThere)).toEqual([false, true, false]);
  });

  test.each([
    ['a file that vanished', 'rm -f', undefined],
    ['a file that cannot be read', 'refuse', expect.stringMatching(/no-entry/)],
  ])('%s does not hide what the others say, or is reported', (_what, how, unread) => {
    using host = new LocalHost(shell);
    const [program = 'sh', ...words] = shell.split(' ');
    const [gone, mounts] = [host.path('/gone'), host.path('/mounts')];
    writeFileSync(gone, '');
    writeFileSync(mounts, '/dev/b /opt ext4 rw,noexec 0 0\n');
    const files = `beside_file resolver '${gone}'; beside_file mounts '${mounts}'`;
    const refuse = 'refuse() { rm -f "$1"; beside_file() { BESIDE_FILES="kind=x${NL}unit=$NL/no-entry$NL"; }; }';
    const script = `${remoteProgram}\n${refuse}\nTMP=${host.root} BESIDE_PATHS="/opt/x$NL"; ${files}; ${how} '${gone}'; beside_read`;
    const { stdout } = spawnSync(program, [...words, '-c', script], { encoding: 'utf8' });
    const beside = parseBeside(new Map([['beside', stdout.split('\n')]]));
    expect(beside.unread).toEqual(unread);
    if (unread === undefined) expect(beside.mounts).toEqual([{ path: '/opt/x', mount: '/opt', how: 'noexec' }]);
  });

  test('of cgroup v1 tells the controllers that are on', async () => {
    const groups = '#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpu\t1\t1\t1\nmemory\t0\t1\t0\n';
    expect((await lookAt(shell, { '/proc/cgroups': groups })).controllers).toEqual(['cpu']);
  });
});

test.each(shells.slice(0, 2))(
  'under %s, kernel settings that cannot be changed are reported with their values',
  (_, shell) => {
    using host = new LocalHost();
    mkdirSync(host.path('/proc/sys/net/ipv4'), { recursive: true });
    mkdirSync(host.path('/proc/sys/kernel'), { recursive: true });
    writeFileSync(host.path('/proc/sys/net/ipv4/ip_forward'), '0\n');
    writeFileSync(host.path('/proc/sys/kernel/panic'), '0\n');
    const bind = `mount --bind ${host.path('/proc/sys/net')} ${host.path('/proc/sys/net')} && mount -o remount,bind,ro ${host.path('/proc/sys/net')}`;
    const script = `${bind}\n${remoteProgram}\nTMP=${host.root}\nbeside_sysctls kernel.panic net.ipv4.ip_forward net.none\nbeside_read`;
    const env = { ...process.env, K8S_HA_TEST_ROOT: host.root };
    const { stdout } = spawnSync('unshare', ['--mount', shell, '-c', script], { env, encoding: 'utf8' });
    expect(parseBeside(new Map([['beside', stdout.split('\n')]])).locked).toEqual([
      { key: 'net.ipv4.ip_forward', value: '0' },
    ]);
  },
);

// As nftables 1.0.6 and iptables 1.8.9 print them.
const nft = `table inet filter {
	chain input {
		type filter hook input priority filter; policy drop;
		ct state established,related accept
		tcp dport 22 accept
	}
}
table ip filter {
	chain INPUT {
		type filter hook input priority filter; policy accept;
		iifname "lo" counter packets 0 bytes 0 accept
		tcp dport 22 counter packets 1 bytes 60 accept
		counter packets 3 bytes 180 reject with icmp type host-prohibited
	}
	chain FORWARD {
		type filter hook forward priority filter; policy accept;
		ip daddr 10.0.0.1 drop
	}
}
table inet quiet {
	chain output {
		counter packets 3 bytes 180 drop
	}
}`;

test('the chains of a firewall are read with what they do to the rest of the packets', () => {
  expect(parseChains(nft.split('\n'))).toEqual([
    { name: 'inet filter input', hook: 'input', otherwise: 'drop' },
    { name: 'ip filter INPUT', hook: 'input', otherwise: 'reject' },
    { name: 'ip filter FORWARD', hook: 'forward', otherwise: 'accept' },
  ]);
  const legacy = [
    '-P INPUT DROP',
    '-A INPUT -i lo -j ACCEPT',
    '-P FORWARD ACCEPT',
    '-A FORWARD -j REJECT --reject-with x',
  ];
  expect(parseChains(legacy)).toEqual([
    { name: 'iptables INPUT', hook: 'input', otherwise: 'drop' },
    { name: 'iptables FORWARD', hook: 'forward', otherwise: 'accept' },
    { name: 'iptables FORWARD', hook: 'forward', otherwise: 'reject' },
  ]);
});

test('nftables of a network namespace is read as it is', () => {
  using host = new LocalHost();
  const rules = [
    'table inet filter {',
    'chain input {',
    'type filter hook input priority 0; policy drop;',
    'tcp dport 22 accept',
    '}',
    'chain own {',
    'drop',
    '}',
    '}',
    'table ip x {',
    'chain in {',
    'type filter hook input priority 5;',
    'counter reject',
    '}',
    '}',
  ];
  const script = `nft -f - <<'END'\n${rules.join('\n')}\nEND\n${remoteProgram}\nTMP=${host.root}\nbeside_firewall`;
  const env = { ...process.env, K8S_HA_TEST_ROOT: host.root };
  const { stdout } = spawnSync('unshare', ['--net', 'sh', '-c', script], { env, encoding: 'utf8' });
  expect(parseChains(stdout.split('\n'))).toEqual([
    { name: 'inet filter input', hook: 'input', otherwise: 'drop' },
    { name: 'ip x in', hook: 'input', otherwise: 'reject' },
  ]);
});

test('an answer without an end is nonsense', () => {
  const many = (section: string, count: number) => new Map([[section, Array<string>(count).fill('left\t/x')]]);
  const nonsense = expect.objectContaining({ code: 'HOST_NONSENSE' });
  expect(() => parseBeside(many('beside', 5_001))).toThrow(nonsense);
  expect(() => parseBeside(many('firewall', 500_001))).toThrow(nonsense);
});
