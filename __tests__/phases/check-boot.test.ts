import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Facts } from '../../src/host/engine.ts';
import { bootProblems, dropInWarnings, unreadWarnings } from '../../src/phases/check-boot.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { besideOf, factsOf, hostOf, inspectionOf } from './scene.ts';

const seed = seedCluster();

function problems(name: string, lines: readonly string[], facts: Partial<Facts> = {}, cluster = seed) {
  const host = hostOf(cluster, name);
  return bootProblems(cluster, host, inspectionOf(host, { beside: besideOf(...lines), ...facts })).map(
    ({ code, message, fields }) => ({ code, message, hint: fields.hint ?? '' }),
  );
}

const messages = (...args: Parameters<typeof problems>) => problems(...args).map(({ message }) => message);

test('a hardening baseline does not win at boot over the cluster’s file, and what does is refused', () => {
  const late = (name: string, value = '60') => `sysctl /etc/sysctl.d/${name} kernel.panic ${value}`;
  expect(messages('node-1', [late('99-hardening.conf'), late('99-sysctl.conf')])).toEqual([]);
  expect(problems('node-1', [late('zzzz.conf')])).toMatchObject([{ code: 'HOST_SYSCTL' }]);
  expect(messages('node-1', [late('zzzz.conf')])).toEqual([
    "/etc/sysctl.d/zzzz.conf sets kernel.panic to 60 at boot, after this cluster's file, which needs 10",
  ]);
  // The last one counts, and an equal value is no problem.
  expect(messages('node-1', [late('zzzz.conf'), late('zzzzz.conf', '10')])).toEqual([]);
  expect(messages('node-1', [late('zzzz.conf', '10'), late('zzzzz.conf', '0')])).toHaveLength(1);
  // Nothing of ours on a host without a kubelet.
  expect(messages('etcd-1', [late('zzzz.conf')])).toEqual([]);
});

test('the file of ufw is applied last, while ufw is active', () => {
  const lines = ['sysctl /etc/ufw/sysctl.conf net/ipv4/ip_forward 0'];
  expect(messages('node-1', lines)).toEqual([]);
  expect(messages('node-1', lines, { firewalls: ['ufw'] })).toEqual([expect.stringMatching(/ufw.*ip_forward to 0/)]);
});

test('forwarding that is turned off by its other name, or for a pattern of it, is refused', () => {
  const late = (key: string, value = '0') => `sysctl /etc/sysctl.d/zzzz.conf ${key} ${value}`;
  for (const key of ['net.ipv4.conf.all.forwarding', 'net/ipv4/conf/all/forwarding', 'net.ipv4.conf.*.forwarding'])
    expect(problems('node-1', [late(key)])).toMatchObject([
      { code: 'HOST_SYSCTL', message: expect.stringContaining(key) },
    ]);
  expect(problems('node-1', [late('net.ipv4.conf.all.forwarding', '1')])).toEqual([]);
  // systemd leaves keys that a file names out of patterns, and this is no pattern of the other name.
  expect(problems('node-1', [late('net.ipv4.*'), late('net.ipv4.conf.eth0.forwarding')])).toEqual([]);
  // The baseline's own file comes before ours.
  expect(problems('node-1', ['sysctl /etc/sysctl.d/99-stig.conf net.ipv4.conf.all.forwarding 0'])).toEqual([]);
});

test('a host that loads no more modules, now or after its boot, is refused where a pod network needs some', () => {
  const file = '/etc/sysctl.d/99-hardening.conf';
  const lines = [`sysctl ${file} kernel.modules_disabled 1`];
  expect(problems('node-1', lines)).toEqual([
    {
      code: 'HOST_SYSCTL',
      message: `${file} sets kernel.modules_disabled to 1 at boot: then the modules of the pods' network cannot be loaded`,
      hint: expect.stringMatching(/sed -i .*kernel\[\.\/\]modules_disabled.* '\/etc\/sysctl\.d\/99-hardening\.conf'$/),
    },
  ]);
  expect(problems('master-1', lines)).toEqual([]);
  expect(problems('node-1', [`sysctl ${file} kernel.modules_disabled 0`])).toEqual([]);
  expect(problems('node-1', ['missing vxlan'], { loadsNoModules: true })).toMatchObject([
    {
      code: 'HOST_KERNEL',
      message: expect.stringContaining('kernel.modules_disabled is 1'),
      hint: expect.stringContaining('reboot'),
    },
  ]);
});

test('kernel settings that a container cannot change are refused by the first look, if they are wrong', () => {
  expect(
    problems('node-1', ['locked kernel.panic 0', 'locked net.ipv4.ip_forward 1', 'locked vm.overcommit_memory 1']),
  ).toEqual([
    {
      code: 'SYSCTL_REFUSED',
      message: 'kernel.panic is 0 and cannot be changed on this host; it must be 10',
      hint: 'In a container, set it outside: on the machine that runs it, as root: sysctl -w kernel.panic=10',
    },
  ]);
  expect(problems('etcd-1', ['locked kernel.panic 0'])).toEqual([]);
});

test('a directory of programs that others could change is refused by the first look', () => {
  expect(problems('etcd-1', ['open /opt/bin belongs to ops'])).toMatchObject([
    { code: 'PLACE_INSECURE', message: '/opt/bin belongs to ops', hint: expect.stringContaining('chown root') },
  ]);
});

test('fapolicyd without a rule for our directories is refused, with the rule', () => {
  const enabled = 'service fapolicyd.service';
  const [problem, ...more] = problems('node-1', [enabled, 'allow /opt/cni/']);
  expect(more).toEqual([]);
  expect(problem).toEqual({
    code: 'HOST_EXEC',
    message: 'fapolicyd keeps programs in /usr/local/bin, /var/lib/kubelet from running',
    hint: "On the host, as root: printf 'allow perm=any all : dir=%s/\\n' '/usr/local/bin' '/opt/cni/bin' '/var/lib/kubelet' >/etc/fapolicyd/rules.d/80-k8s-ha.rules && fagenrules --load && systemctl restart fapolicyd",
  });
  // What the command writes.
  const rules = ['/usr/local/bin/', '/opt/cni/bin/', '/var/lib/kubelet/'].map((path) => `allow ${path}`);
  expect(problems('node-1', [enabled, ...rules])).toEqual([]);
  expect(problems('etcd-1', [enabled, 'allow /usr/local'])).toEqual([]);
  expect(messages('etcd-1', [enabled, 'allow /usr/loc'])).toHaveLength(1);
  // It only logs, or does not start.
  expect(problems('node-1', [enabled, 'allow /'])).toEqual([]);
  expect(problems('node-1', [])).toEqual([]);
});

test('the command of the hint takes the line out of the file, and no other', () => {
  const directory = mkdtempSync(join(tmpdir(), 'k8s-ha-boot-'));
  const file = join(directory, 'zzzz.conf');
  const text = 'kernel.panic_on_oops = 1\n -kernel.panic=60\nkernel.panic = 60\n';
  writeFileSync(file, text);
  const [problem] = problems('node-1', [`sysctl ${file} kernel.panic 60`]);
  execFileSync('sh', ['-c', problem?.hint.replace('On the host, as root: ', '') ?? 'false']);
  expect(readFileSync(file, 'utf8')).toBe('kernel.panic_on_oops = 1\n#  -kernel.panic=60\n# kernel.panic = 60\n');
  rmSync(directory, { recursive: true });
});

test('a drop-in that replaces our command is refused, one that adds to our unit is reported', () => {
  const kubeadm = '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf';
  const lines = [
    `dropin ${kubeadm} kubelet.service Environment`,
    `dropin ${kubeadm} kubelet.service ExecStart`,
    `dropin ${kubeadm} kubelet.service ExecStart`,
    'dropin /etc/systemd/system/kubelet.service.d/limits.conf kubelet.service MemoryMax',
    'dropin /usr/lib/systemd/system/service.d/10-timeout-abort.conf service TimeoutStopFailureMode',
  ];
  const [problem, ...more] = problems('node-1', lines);
  expect(more).toEqual([]);
  expect(problem).toEqual({
    code: 'HOST_DROP_IN',
    message: `${kubeadm} replaces ExecStart of kubelet.service`,
    hint: `On the host, as root: rm '${kubeadm}' && systemctl daemon-reload`,
  });
  const host = hostOf(seed, 'node-1');
  expect(dropInWarnings(host, factsOf(host, { beside: besideOf(...lines) }))).toEqual([
    'node-1: /etc/systemd/system/kubelet.service.d/limits.conf also sets MemoryMax of kubelet.service',
  ]);
});

const baseline = '/etc/systemd/system/service.d/50-hardening.conf';
const confined = [
  `dropin ${baseline} service LimitCORE`,
  `dropin ${baseline} service UMask 0027`,
  `dropin ${baseline} service ProtectHome read-only`,
];

test('a baseline for all services that would keep pods from their volumes is refused on nodes, with the way around it', () => {
  const directories = ['containerd', 'kubelet'].map((name) => `/etc/systemd/system/${name}.service.d`);
  const links = directories.map((path) => `mkdir -p ${path}; ln -s /dev/null '${path}/50-hardening.conf'; `).join('');
  expect(problems('node-1', confined)).toEqual([
    {
      code: 'HOST_DROP_IN',
      message: `${baseline} sets UMask, ProtectHome of containerd.service and kubelet.service, with which pods do not work`,
      hint: `On the host, as root: ${links}systemctl daemon-reload`,
    },
  ]);
  expect(problems('master-1', confined)).toEqual([]);
  const host = hostOf(seed, 'node-1');
  const placed = inspectionOf(host, { beside: besideOf(...confined) }, { scopes: ['node'] });
  expect(bootProblems(seed, host, placed)[0]?.fields.hint).toMatch(
    /daemon-reload; systemctl restart containerd.service kubelet.service$/,
  );
  // What the links of the hint make of it.
  const masks = directories.map((path) => `dropin ${path}/50-hardening.conf ${path.slice(20, -2)}`);
  expect(problems('node-1', [...masks, ...confined])).toEqual([]);
  expect(messages('node-1', [...masks.slice(1), ...confined])).toEqual([
    expect.stringMatching(/ of containerd\.service,/),
  ]);
  expect(dropInWarnings(host, factsOf(host, { beside: besideOf(...masks, ...confined) }))).toEqual([]);
});

test('of the settings of one name the last one counts, wherever it is, and one without an effect is no problem', () => {
  const own = (name: string, setting: string) =>
    `dropin /etc/systemd/system/kubelet.service.d/${name} kubelet.service ${setting}`;
  expect(messages('node-1', [own('60.conf', 'ProtectHome no'), own('60.conf', 'UMask 022'), ...confined])).toEqual([
    expect.stringMatching(/ of containerd\.service,/),
  ]);
  expect(messages('node-1', [own('40.conf', 'PrivateTmp yes'), own('60.conf', 'PrivateTmp false')])).toEqual([]);
  const [late] = problems('node-1', [own('40.conf', 'PrivateTmp false'), own('60.conf', 'PrivateTmp yes')]);
  expect(late?.hint).toMatch(/^On the host, as root: rm '\S+60.conf'; systemctl daemon-reload$/);
  for (const setting of ['UMask 0022', 'UMask', 'PrivateTmp', 'ProtectSystem 0', 'ReadOnlyPaths', 'ProtectClock yes'])
    expect(problems('node-1', [own('60.conf', setting)])).toEqual([]);
  for (const setting of ['UMask 077', 'ProtectSystem full', 'InaccessiblePaths /home', 'PrivateDevices 1'])
    expect(problems('node-1', [own('60.conf', setting)])).toHaveLength(1);
});

test('swap that returns at boot is refused on nodes, unless the kubelet is to run with it', () => {
  const lines = ['swap zramswap.service', 'swap /etc/cron.d/swap'];
  expect(problems('node-1', lines)).toMatchObject([
    { code: 'HOST_SWAP', hint: "On the host, as root: systemctl disable --now 'zramswap.service'" },
    { code: 'HOST_SWAP', hint: 'On the host, as root: delete the line with swap from /etc/cron.d/swap' },
  ]);
  expect(problems('master-1', lines)).toEqual([]);
  const swapping = { ...seed, kubelet: { ...seed.kubelet, config: { failSwapOn: false } } };
  expect(problems('node-1', lines, {}, swapping)).toEqual([]);
});

test('a kernel without a module, with one that may not be loaded, or without the memory controller is refused', () => {
  const lines = ['missing br_netfilter', 'missing vxlan', 'modprobe /etc/modprobe.d/cis.conf overlay'];
  expect(problems('node-1', lines).map(({ code }) => code)).toEqual(['HOST_KERNEL', 'HOST_KERNEL']);
  expect(messages('node-1', lines)[0]).toBe('the kernel 6.1.0-35-amd64 has no br_netfilter, vxlan');
  const controllers = (...names: readonly string[]) => names.map((name) => `controllers ${name}`);
  expect(problems('node-1', controllers('cpuset', 'cpu', 'io', 'pids'))).toMatchObject([
    { code: 'HOST_CGROUP', message: 'the kernel has these cgroup controllers off: memory' },
  ]);
  expect(problems('node-1', controllers('cpuset', 'cpu', 'memory', 'pids'))).toEqual([]);
  expect(problems('node-1', [])).toEqual([]);
  expect(problems('etcd-1', controllers('cpu'))).toEqual([]);
});

test('file systems and tmpfiles that take the cluster’s directories away are refused', () => {
  const lines = [
    'noexec /usr/local/bin /usr/local',
    'noexec /var/lib/kubelet /var/lib/kubelet',
    'noexec /var/lib/containerd /var/lib/containerd',
    'readonly /etc/kubernetes /',
    'tmpfiles /etc/tmpfiles.d/x.conf /var/lib/kubelet',
  ];
  expect(problems('node-1', lines)).toMatchObject([
    { code: 'HOST_MOUNT', message: '/usr/local is mounted noexec: programs in /usr/local/bin cannot run' },
    { code: 'HOST_MOUNT', message: '/ is mounted read-only: nothing can be written to /etc/kubernetes' },
    { code: 'HOST_TMPFILES', hint: 'Delete that line from /etc/tmpfiles.d/x.conf.' },
  ]);
});

test('files that could not be read are warned of with the reason', () => {
  const host = hostOf(seed, 'node-1');
  const warnings = (...lines: readonly string[]) => unreadWarnings(host, factsOf(host, { beside: besideOf(...lines) }));
  expect(warnings()).toEqual([]);
  expect(warnings('unread awk: cannot open /etc/fstab')).toEqual([
    expect.stringMatching(/^node-1: .*could not be read \(awk: cannot open \/etc\/fstab\): unknown is/),
  ]);
});
