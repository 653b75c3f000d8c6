// Settings of a hardening baseline for services which containerd and the kubelet cannot work with: nothing fails at their start, but pods
// find their volumes empty, or may not enter their own root directory.
import { basename } from 'node:path/posix';
import type { Host } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import type { DropInSetting } from '../host/beside.ts';
import type { Inspection } from '../host/engine.ts';
import { quote } from '../host/quote.ts';
import { components } from '../layout/components.ts';

const units: readonly string[] = [components.containerd.unit, components.kubelet.unit];

/**
 * Each gives a service a file system namespace that its mounts do not leave (systemd.exec(5)): containerd would not see the volumes that the
 * kubelet mounts.
 */
const ownNamespace =
  /^(Private(Tmp|Devices|Mounts|IPC)|Protect(System|Home|KernelTunables|KernelModules|KernelLogs|ControlGroups|Proc)|ProcSubset|MountFlags|TemporaryFileSystem|Bind(ReadOnly)?Paths|(ReadOnly|ReadWrite|Inaccessible|Exec|NoExec)Paths)$/;
const off = /^(0|no|n|false|f|off|default|all|shared)?$/i;

/** containerd makes the root directory of a container, and its resolv.conf, with its own umask. */
const openMask = /^(0*22|0*2|0+)?$/;

/** One problem for each file that confines containerd or the kubelet. Pure. */
export function confinementProblems({ name }: Host, { facts, scopes }: Inspection): readonly Problem[] {
  const found = units.flatMap((unit) =>
    effective(unit, facts.beside.dropIns)
      .filter(isConfining)
      .map((setting) => ({ ...setting, on: unit })),
  );
  return [...Map.groupBy(found, ({ file }) => file)].map(([file, settings]) => {
    const keys = [...new Set(settings.map(({ key }) => key))].join(', ');
    const on = [...new Set(settings.map((setting) => setting.on))];
    const message = `${file} sets ${keys} of ${on.join(' and ')}, with which pods do not work`;
    const isForAll = settings[0]?.unit !== on[0];
    const restart = scopes.includes('node') ? `; systemctl restart ${on.join(' ')}` : '';
    const hint = `On the host, as root: ${isForAll ? exempt(file, on) : `rm ${quote(file)}`}; systemctl daemon-reload${restart}`;
    return new Problem(message, { code: 'HOST_DROP_IN', host: name, hint });
  });
}

function isConfining({ key, value = '' }: DropInSetting): boolean {
  return key === 'UMask' ? !openMask.test(value) : ownNamespace.test(key) && !off.test(value);
}

/** A drop-in of its own with the same name has precedence over one for all services (systemd.unit(5)). */
function exempt(file: string, on: readonly string[]): string {
  return on
    .map((unit) => `/etc/systemd/system/${unit}.d`)
    .map((directory) => `mkdir -p ${directory}; ln -s /dev/null ${quote(`${directory}/${basename(file)}`)}`)
    .join('; ');
}

/**
 * The last setting of each key for a unit: files count in the order of their names, wherever they are, and of several with one name only that of
 * the most specific directory (systemd.unit(5)).
 */
function effective(unit: string, dropIns: readonly DropInSetting[]): readonly DropInSetting[] {
  const ofUnit = dropIns.filter((each) => each.unit === unit || each.unit === 'service');
  const byName = [...Map.groupBy(ofUnit, ({ file }) => basename(file))].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const settings = byName.flatMap(([, all]) => {
    const own = all.filter((each) => each.unit === unit);
    return own.length > 0 ? own : all;
  });
  return [...new Map(settings.map((setting) => [setting.key, setting])).values()];
}
