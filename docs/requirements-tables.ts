// The tables of docs/requirements.md, from the checks of hosts, the records of components and the places of downloads.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from '../src/cluster/cluster.ts';
import { parseCluster } from '../src/cluster/load.ts';
import {
  cniPlugins,
  containerdBinaries,
  etcdBinaries,
  flanneldBinary,
  kubernetesBinary,
  runcBinary,
} from '../src/components/downloads.ts';
import { type ComponentRecord, components } from '../src/layout/components.ts';
import { roles } from '../src/layout/roles.ts';
import { memoryNeeded, spaceNeeds } from '../src/phases/check-room.ts';
import { root } from './action-manifests.ts';

/** The page with these tables. */
export const requirementsPage = 'docs/requirements.md';

/** The page with each of its tables between its marks. @throws Error when a table has no place there */
export function withRequirements(text: string): string {
  return Object.entries({ resources, ports, downloads }).reduce((page, [name, rows]) => {
    const place = new RegExp(`(<!-- npm run docs: ${name} -->\n)[\\s\\S]*?(<!-- end -->)`);
    if (!place.test(page)) throw new Error(`${requirementsPage} has no place for the table of ${name}`);
    return page.replace(place, (_, begin: string, end: string) => `${begin}\n${rows()}\n\n${end}`);
  }, text);
}

/** The limits below which a host is refused. */
function resources(): string {
  const cluster = seedCluster();
  const rows = roles.map((role) => {
    const needs = spaceNeeds(cluster, role);
    const sum = (of: 'first' | 'change') => needs.reduce((total, need) => total + need[of], 0);
    const where = needs.map(({ path, first }) => `${first} in \`${path}\``).join(', ');
    return [`\`${role}\``, `${memoryNeeded[role]} MiB`, `${sum('first')} MiB: ${where}`, `${sum('change')} MiB`];
  });
  return table(['role', 'memory', 'free disk, first deployment', 'free disk, later'], rows);
}

function ports(): string {
  const records: readonly ComponentRecord[] = Object.values(components);
  const rows = roles.flatMap((role) =>
    records
      .filter((record) => record.roles.includes(role))
      .flatMap((record) => Object.values(record.ports))
      .filter(({ from }) => from === 'hosts')
      .map((port): [number, string, string] =>
        'key' in port
          ? [port.usual, 'TCP', `the API (\`api.${port.key}\`)`]
          : [port.port, (port.protocol ?? 'tcp').toUpperCase(), port.use],
      )
      .toSorted(([one], [other]) => one - other)
      .map(([port, protocol, use]) => [`\`${role}\``, `${protocol} ${port}`, use]),
  );
  return table(['on hosts with the role', 'port', 'for'], rows);
}

function seedCluster(): Cluster {
  const file = 'examples/seed/cluster.yaml';
  return parseCluster(readFileSync(join(root, file), 'utf8'), file);
}

/** Where binaries come from, and who asks there. */
function downloads(): string {
  const cluster = seedCluster();
  const software = {
    Kubernetes: kubernetesBinary(cluster, 'amd64', 'kubelet'),
    etcd: etcdBinaries(cluster, 'amd64', ['etcd']),
    containerd: containerdBinaries(cluster, 'amd64'),
    runc: runcBinary(cluster, 'amd64'),
    'the CNI plugins': cniPlugins(cluster, 'amd64', [], ''),
    flannel: flanneldBinary(cluster, 'amd64'),
  };
  const asked = Object.entries(software).flatMap(([name, { url, sumUrl }]): [string, string, string][] => [
    [new URL(url).hostname, 'the hosts', name],
    [new URL(sumUrl).hostname, 'the runner', name],
  ]);
  const rows = [...Map.groupBy(asked, ([host, by]) => `${host}\n${by}`)].map(([key, all]) => {
    const [host = '', by = ''] = key.split('\n');
    const what = all.map(([, , name]) => name).join(', ');
    return [`\`${host}\``, by, by === 'the runner' ? `checksums of ${what}` : what];
  });
  return table(
    ['address', 'asked by', 'for'],
    rows.toSorted(([one = ''], [other = '']) => one.localeCompare(other)),
  );
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heads), `|${heads.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}
