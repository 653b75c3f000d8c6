// What would be otherwise after the next boot, or with the next start of a unit, than what a run makes: refused in any case, because a
// green run would end in a dead node.
import { basename } from 'node:path/posix';
import type { Cluster, Host } from '../cluster/cluster.ts';
import { hostPreparation, sysctlAliases } from '../components/host-preparation.ts';
import type { ProblemCode } from '../error-codes.ts';
import { Problem } from '../errors.ts';
import type { DropInSetting, SysctlLine } from '../host/beside.ts';
import type { Facts, Inspection } from '../host/engine.ts';
import { insecureHint } from '../host/exchange-problems.ts';
import { sysctlFilePath } from '../host/expand.ts';
import { sysctlPath } from '../host/ledger.ts';
import { quote } from '../host/quote.ts';
import { redact } from '../host/redact.ts';
import { places } from '../layout/paths.ts';
import { modulesDisabled, otherServices } from './beside-query.ts';
import { confinementProblems } from './check-confinement.ts';

/** The controllers of cgroups without which a kubelet does not start (pkg/kubelet/cm/container_manager_linux.go). */
const neededControllers = ['cpu', 'cpuset', 'memory', 'pids'];

/** Settings of a drop-in that make another program of our service, or run it as another user. */
const replacing = /^(ExecStart|Type|User|Group|DynamicUser|RootDirectory|RootImage)$/;

/** The settings of others that would win over ours, for the roles of the host. Pure. */
export function bootProblems(cluster: Cluster, host: Host, inspection: Inspection): readonly Problem[] {
  const { facts } = inspection;
  const isNode = host.roles.includes('node');
  const problem = (code: ProblemCode, message: string, hint: string) =>
    new Problem(message, { code, host: host.name, hint });
  return [
    ...winningLines(cluster, host, facts).map(({ file, key, value, ours }) =>
      problem(
        'HOST_SYSCTL',
        `${file} sets ${key} to ${value} at boot, after this cluster's file, which needs ${ours}`,
        `On the host, as root: sed -i ${quote(`s|^\\s*-\\?\\s*${key.replaceAll('.', '\\.')}\\s*=|# &|`)} ${quote(file)}`,
      ),
    ),
    ...(isNode ? lockedModules(facts, problem) : []),
    ...byFile(facts.beside.dropIns)
      .map(([file, settings]) => ({ file, unit: settings[0]?.unit ?? '', keys: keysOf(settings, replacing) }))
      .filter(({ keys }) => keys.length > 0)
      .map(({ file, unit, keys }) =>
        problem(
          'HOST_DROP_IN',
          `${file} replaces ${keys.join(', ')} of ${unit === 'service' ? 'every service' : unit}`,
          `On the host, as root: rm ${quote(file)} && systemctl daemon-reload`,
        ),
      ),
    ...(isNode && cluster.kubelet.config.failSwapOn !== false ? facts.beside.swap : []).map((source) =>
      problem(
        'HOST_SWAP',
        `${source} turns swap on at each boot, and a kubelet does not start with swap`,
        `On the host, as root: ${withoutSwap(source)}`,
      ),
    ),
    ...lockedSettings(cluster, host, facts, problem),
    ...placeProblems(cluster, facts, problem),
    ...(facts.beside.open === undefined ? [] : [problem('PLACE_INSECURE', facts.beside.open, insecureHint)]),
    ...policyProblems(cluster, isNode, facts, problem),
    ...(isNode ? [...kernelProblems(facts, problem), ...confinementProblems(host, inspection)] : []),
  ];
}

function withoutSwap(source: string): string {
  return source.startsWith('/')
    ? `delete the line with swap from ${source}`
    : `systemctl disable --now ${quote(source)}`;
}

type Report = (code: ProblemCode, message: string, hint: string) => Problem;

/**
 * Directories in which programs of ours must be able to run. Those of containers run from overlays, for which the kernel does not ask
 * how the file system below is mounted.
 */
function placeProblems({ binDir }: Cluster, { beside }: Facts, problem: Report): readonly Problem[] {
  const ofPrograms = [binDir, places.cniPlugins];
  return [
    ...beside.mounts
      .filter(({ path, how }) => how === 'readonly' || (how === 'noexec' && ofPrograms.includes(path)))
      .map(({ path, mount, how }) =>
        problem(
          'HOST_MOUNT',
          `${mount} is mounted ${how === 'noexec' ? `noexec: programs in ${path} cannot run` : `read-only: nothing can be written to ${path}`}`,
          `On the host, as root: mount -o remount,${how === 'noexec' ? 'exec' : 'rw'} ${quote(mount)}, also in /etc/fstab; or choose another path in cluster.yaml (binDir).`,
        ),
      ),
    ...beside.emptied.map(({ file, path }) =>
      problem(
        'HOST_TMPFILES',
        `${file} removes what is in ${path} at boot or after some time`,
        `Delete that line from ${file}.`,
      ),
    ),
  ];
}

/**
 * fapolicyd lets only programs of packages run, and kills none that run already: without a rule, each start of ours would fail. Source: its
 * fapolicyd.rules(5); the same directories as in RKE2's rules (rancher/rke2#3416).
 */
function policyProblems({ binDir }: Cluster, isNode: boolean, { beside }: Facts, problem: Report): readonly Problem[] {
  if (!beside.services.includes(otherServices.fapolicyd)) return [];
  const all = isNode ? [binDir, places.cniPlugins, places.kubeletRoot] : [binDir];
  const closed = all.filter((path) => !beside.allowed.some((allowed) => `${path}/`.startsWith(withSlash(allowed))));
  if (closed.length === 0) return [];
  const paths = all.map((path) => quote(path)).join(' ');
  return [
    problem(
      'HOST_EXEC',
      `fapolicyd keeps programs in ${closed.join(', ')} from running`,
      `On the host, as root: printf 'allow perm=any all : dir=%s/\\n' ${paths} >/etc/fapolicyd/rules.d/80-k8s-ha.rules && fagenrules --load && systemctl restart fapolicyd`,
    ),
  ];
}

/** Settings that a container cannot change, and that are not as they must be. */
function lockedSettings(
  cluster: Cluster,
  host: Host,
  { beside: { locked } }: Facts,
  problem: Report,
): readonly Problem[] {
  const wanted = Object.assign({}, ...host.roles.map((role) => hostPreparation(cluster, host, role).sysctls));
  return locked
    .filter(({ key, value }) => wanted[key] !== undefined && wordsOf(value) !== wordsOf(wanted[key]))
    .map(({ key, value }) =>
      problem(
        'SYSCTL_REFUSED',
        `${key} is ${value} and cannot be changed on this host; it must be ${wanted[key]}`,
        `In a container, set it outside: on the machine that runs it, as root: sysctl -w ${key}=${wanted[key]}`,
      ),
    );
}

const withSlash = (path: string): string => (path.endsWith('/') ? path : `${path}/`);

/** iptables loads the modules of its rules when it needs them, which is later than this setting. */
function lockedModules({ beside }: Facts, problem: Report): readonly Problem[] {
  return beside.sysctls
    .filter(({ key, value }) => sysctlPath(key) === sysctlPath(modulesDisabled) && value.trim() === '1')
    .map(({ file }) =>
      problem(
        'HOST_SYSCTL',
        `${file} sets ${modulesDisabled} to 1 at boot: then the modules of the pods' network cannot be loaded`,
        `On the host, as root: sed -i ${quote(`s|^\\s*-\\?\\s*${modulesDisabled.replace('.', '[./]')}\\s*=|# &|`)} ${quote(file)}`,
      ),
    );
}

function kernelProblems({ beside, kernel, loadsNoModules }: Facts, problem: Report): readonly Problem[] {
  const { missingModules, blockedModules, controllers } = beside;
  const off = controllers.length === 0 ? [] : neededControllers.filter((name) => !controllers.includes(name));
  return [
    ...(missingModules.length > 0
      ? [
          problem(
            'HOST_KERNEL',
            loadsNoModules
              ? `the kernel loads no modules until the next boot (${modulesDisabled} is 1), and ${missingModules.join(', ')} are not loaded`
              : `the kernel ${kernel} has no ${missingModules.join(', ')}`,
            loadsNoModules
              ? `Remove ${modulesDisabled} from /etc/sysctl.d and /etc/sysctl.conf, and reboot.`
              : 'Install the rest of its modules (linux-modules-extra on Ubuntu, kernel-modules-extra on RHEL), or another kernel, and reboot.',
          ),
        ]
      : []),
    ...blockedModules.map(({ file, name }) =>
      problem(
        'HOST_KERNEL',
        `${file} keeps the kernel module ${name} from being loaded at boot`,
        `On the host, as root: sed -i ${quote(`s|^\\s*\\(install\\|blacklist\\)\\s\\+${name}\\b|# &|`)} ${quote(file)}`,
      ),
    ),
    ...(off.length > 0
      ? [
          problem(
            'HOST_CGROUP',
            `the kernel has these cgroup controllers off: ${off.join(', ')}`,
            'Turn them on in the kernel’s command line, such as cgroup_enable=memory (on a Raspberry Pi in /boot/firmware/cmdline.txt), and reboot.',
          ),
        ]
      : []),
  ];
}

/** What others merge into our services without replacing anything of them. */
export function dropInWarnings(host: Host, { beside }: Facts): readonly string[] {
  // A setting for all services, such as a time limit of the distribution's, is everyday.
  const own = byFile(beside.dropIns.filter(({ unit, key }) => unit !== 'service' && key !== ''));
  return own
    .filter(([, settings]) => keysOf(settings, replacing).length === 0)
    .map(
      ([file, settings]) => `${host.name}: ${file} also sets ${keysOf(settings).join(', ')} of ${settings[0]?.unit}`,
    );
}

/** What of others' configuration is unknown, and so was not checked. */
export function unreadWarnings(host: Host, { beside: { unread } }: Facts): readonly string[] {
  if (unread === undefined) return [];
  return [
    `${host.name}: the configuration of other programs could not be read (${redact(unread || 'awk failed')}): unknown is what it does at boot to kernel settings, swap, mounts and this cluster's units`,
  ];
}

function byFile(dropIns: readonly DropInSetting[]): readonly (readonly [string, readonly DropInSetting[]])[] {
  return [...Map.groupBy(dropIns, ({ file }) => file)];
}

function keysOf(settings: readonly DropInSetting[], which = /^/): readonly string[] {
  return [...new Set(settings.map(({ key }) => key))].filter((key) => which.test(key));
}

interface WinningLine extends SysctlLine {
  readonly ours: string;
}

/** Of each kernel setting of ours, the line that decides it at boot, if that is not one of ours and has another value. */
function winningLines(cluster: Cluster, host: Host, facts: Facts): readonly WinningLine[] {
  const lines = facts.beside.sysctls.filter(
    ({ file }) => !file.startsWith(ufwDirectory) || facts.firewalls.includes('ufw'),
  );
  const found = host.roles.flatMap((role) => {
    const last = basename(sysctlFilePath(role));
    return Object.entries(hostPreparation(cluster, host, role).sysctls).flatMap(([key, ours]) => {
      const line = lines
        .filter((each) => decides(each.key, key) && orderOf(each.file) > last)
        .toSorted((a, b) => (orderOf(a.file) < orderOf(b.file) ? -1 : 1))
        .at(-1);
      return line === undefined || wordsOf(line.value) === wordsOf(ours) ? [] : [{ ...line, ours }];
    });
  });
  return [...new Map(found.map((line) => [`${line.file} ${line.key}`, line])).values()];
}

/**
 * Whether a key in another file sets ours: by its name, by another one, or by a pattern with the other one. A pattern does not count for keys
 * that a file names, as ours does (sysctl.d(5)).
 */
function decides(key: string, ours: string): boolean {
  const [path, alias] = [sysctlPath(key), sysctlAliases[ours]];
  if (path === sysctlPath(ours)) return true;
  if (alias === undefined || path.split('*').length > 4) return false;
  const pattern = path.replaceAll(/[^\w/*-]/g, '\\$&').replaceAll('*', '[^/]*');
  return new RegExp(`^${pattern}$`).test(sysctlPath(alias));
}

const ufwDirectory = '/etc/ufw/';

/** By name alone, as systemd applies them; ufw applies its file later, when it starts. */
function orderOf(file: string): string {
  return file.startsWith(ufwDirectory) ? `~${file}` : basename(file);
}

function wordsOf(value: string): string {
  return value.trim().split(/\s+/).join(' ');
}
