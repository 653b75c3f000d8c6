// What would be otherwise after the next boot, or with the next start of a unit, than what a run makes: refused in any case, because a
// green run would end in a dead node.
import { basename } from 'node:path/posix';
import type { Cluster, Host } from '../cluster/cluster.ts';
import { hostPreparation } from '../components/host-preparation.ts';
import type { ProblemCode } from '../error-codes.ts';
import { Problem } from '../errors.ts';
import type { DropInSetting, SysctlLine } from '../host/beside.ts';
import type { Facts, Inspection } from '../host/engine.ts';
import { sysctlFilePath } from '../host/expand.ts';
import { sysctlPath } from '../host/ledger.ts';
import { quote } from '../host/quote.ts';
import { redact } from '../host/redact.ts';
import { places } from '../layout/paths.ts';
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
    ...placeProblems(cluster, facts, problem),
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
      .filter(({ path, how }) => how === 'readonly' || ofPrograms.includes(path))
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

function kernelProblems({ beside, kernel }: Facts, problem: Report): readonly Problem[] {
  const { missingModules, blockedModules, controllers } = beside;
  const off = controllers.length === 0 ? [] : neededControllers.filter((name) => !controllers.includes(name));
  return [
    ...(missingModules.length > 0
      ? [
          problem(
            'HOST_KERNEL',
            `the kernel ${kernel} has no ${missingModules.join(', ')}`,
            'Install the rest of its modules (linux-modules-extra on Ubuntu, kernel-modules-extra on RHEL), or another kernel, and reboot.',
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
        .filter((each) => sysctlPath(each.key) === sysctlPath(key) && orderOf(each.file) > last)
        .toSorted((a, b) => (orderOf(a.file) < orderOf(b.file) ? -1 : 1))
        .at(-1);
      return line === undefined || wordsOf(line.value) === wordsOf(ours) ? [] : [{ ...line, ours }];
    });
  });
  return [...new Map(found.map((line) => [`${line.file} ${line.key}`, line])).values()];
}

const ufwDirectory = '/etc/ufw/';

/** By name alone, as systemd applies them; ufw applies its file later, when it starts. */
function orderOf(file: string): string {
  return file.startsWith(ufwDirectory) ? `~${file}` : basename(file);
}

function wordsOf(value: string): string {
  return value.trim().split(/\s+/).join(' ');
}
