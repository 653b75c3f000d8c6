import { type Finding, type Path, quote } from '../finding.ts';
import type { ClusterFile, ExtraArg } from '../schema.ts';
import { flagName } from '../settings/given.ts';
import type { Component } from '../settings/table.ts';

const components = ['etcd', 'apiServer', 'controllerManager', 'scheduler', 'kubelet', 'kubeProxy', 'flannel'] as const;

/** Entries of extraArgs that are not a flag with one value; src/cluster/settings judges the effect of values. */
export function extraArgFindings(file: ClusterFile): readonly Finding[] {
  return components.flatMap((component) =>
    file[component].extraArgs.flatMap((arg, index) => argFindings(arg, component, [component, 'extraArgs', index])),
  );
}

function argFindings({ name, value }: ExtraArg, component: Component, path: Path): readonly Finding[] {
  const found = (at: string, message: string, hint: string): readonly Finding[] => [
    { code: 'CLUSTER_FLAG', path: [...path, at], message, hint },
  ];
  if (!/^[a-z][a-z0-9._-]*$/i.test(name)) {
    const bare = name.replace(/^-+/, '').replace(/=.*$/, '');
    const hint = `Write the name without hyphens and value: ${quote(bare)}.`;
    return found('name', `The flag ${quote(name)} is not a name only.`, hint);
  }
  // flannel uses klog's flags with their own names: log_dir.
  const usual = component === 'flannel' ? name.toLowerCase() : flagName(name);
  if (name !== usual) {
    return found('name', `The flag ${quote(name)} is not written as the component has it.`, `Write ${quote(usual)}.`);
  }
  if (/[\0\r\n]/.test(value)) {
    return found('value', `The value of the flag ${quote(name)} has more than one line.`, 'Write it on one line.');
  }
  return [];
}
