import { type Finding, type Path, quote } from '../finding.ts';
import type { ClusterFile, ExtraArg } from '../schema.ts';
import { apiServerFlags, controllerManagerFlags, etcdFlags, schedulerFlags } from './control-plane-flags.ts';
import type { FlagRules } from './flags.ts';
import { flannelFlags, kubeletFlags, kubeProxyFlags } from './node-flags.ts';

/** What is refused in each component’s extraArgs; the reference page lists it. */
export const flagRules = {
  etcd: etcdFlags,
  apiServer: apiServerFlags,
  controllerManager: controllerManagerFlags,
  scheduler: schedulerFlags,
  kubelet: kubeletFlags,
  kubeProxy: kubeProxyFlags,
  flannel: flannelFlags,
} satisfies Readonly<Record<string, FlagRules>>;

/** Flags that a component would not start with, or that would take away what the product is for. */
export function extraArgFindings(file: ClusterFile): readonly Finding[] {
  const names = Object.keys(flagRules) as (keyof typeof flagRules)[];
  return names.flatMap((component) =>
    file[component].extraArgs.flatMap((arg, index) =>
      argFindings(arg, [component, 'extraArgs', index], flagRules[component]),
    ),
  );
}

function argFindings({ name, value }: ExtraArg, path: Path, rules: FlagRules): readonly Finding[] {
  const at = [...path, 'name'];
  if (!/^[a-z][a-z0-9.-]*$/i.test(name)) {
    const bare = name.replace(/^-+/, '').replace(/=.*$/, '');
    const message = `The flag ${quote(name)} is not a name only.`;
    return [
      { code: 'CLUSTER_FLAG', path: at, message, hint: `Write the name without hyphens and value: ${quote(bare)}.` },
    ];
  }
  if (/[\0\r\n]/.test(value)) {
    const message = `The value of the flag ${quote(name)} has more than one line.`;
    return [{ code: 'CLUSTER_FLAG', path: [...path, 'value'], message, hint: 'Write it on one line.' }];
  }
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
  if (rule === undefined || rule.when?.(value) === false) return [];
  const shown = rule.when === undefined ? quote(name) : quote(`${name}=${value}`);
  return [{ code: 'CLUSTER_FLAG', path: at, message: `The flag ${shown} ${rule.message}.`, hint: rule.hint }];
}
