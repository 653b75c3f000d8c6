import type { OpenReport } from './open-report.ts';

/** What an API server that was started with a backup must read. */
export interface ToRead {
  /** The number of keys by the prefix of their kind, as etcd has them: `/registry/pods/`. */
  readonly objects: Readonly<Record<string, number>>;
  /** `/registry` */
  readonly prefix: string;
  /** Of the namespace kube-system, as the cluster has it; undefined: it was not available. */
  readonly namespace: string | undefined;
}

/** Which differences there are; empty: none. */
export interface Compared {
  /** In what it differs from the cluster. */
  readonly differences: readonly string[];
  /** Kinds that could not be read, with the reason: those that a server outside of the API server converts. */
  readonly unread: readonly string[];
  /** How many kinds it has read, each with the number of objects that etcd has. */
  readonly same: number;
}

/** Where etcd has these kinds under another name. Source: pkg/kubeapiserver/default_storage_factory_builder.go, pkg/registry/core */
const renamed: Readonly<Record<string, string>> = {
  minions: 'nodes',
  controllers: 'replicationcontrollers',
  'services/specs': 'services',
  'services/endpoints': 'endpoints',
};

/** The group and the plural name of the kind that has its keys below this prefix; Kubernetes' own kinds have no group in their keys. */
function resourceOf(kind: string, prefix: string): { readonly group?: string; readonly name: string } {
  const place = kind.slice(prefix.length + 1).replace(/\/$/, '');
  const name = renamed[place] ?? place;
  const at = name.indexOf('/');
  return at < 0 ? { name } : { group: name.slice(0, at), name: name.slice(at + 1) };
}

/** The plural names of all kinds, to be asked for. */
export function pluralNames({ objects, prefix }: Pick<ToRead, 'objects' | 'prefix'>): readonly string[] {
  const names = Object.keys(objects).map((kind) => resourceOf(kind, prefix).name);
  return [...new Set(names.filter((name) => /^[a-z0-9-]+$/.test(name)))].toSorted();
}

/** Compares objects by kind and three canaries: the namespace kube-system, a Secret, and the Lease that was written last. */
export function comparedWith(report: OpenReport, { objects, prefix, namespace }: ToRead): Compared {
  const found = Object.entries(objects).flatMap(([kind, number]) => {
    const read = readOf(report, resourceOf(kind, prefix));
    return read ? [{ kind, number, read }] : [];
  });
  const whole = found.filter(({ read }) => read.why === undefined);
  const other = whole.filter(({ number, read }) => read.count !== number);
  const isConverted = (why: string) => why.includes('conversion webhook');
  const unread = found.flatMap(({ kind, read: { why } }) => (why === undefined ? [] : [{ kind, why }]));
  return {
    differences: [
      ...other.map(({ kind, number, read }) => `it reads ${read.count} objects of ${kind}, and etcd has ${number}`),
      ...unread.filter(({ why }) => !isConverted(why)).map(({ kind, why }) => `it does not read ${kind}: ${why}`),
      ...canaries(report, namespace),
    ],
    unread: unread.filter(({ why }) => isConverted(why)).map(({ kind, why }) => `${kind}: ${why}`),
    same: whole.length - other.length,
  };
}

type Read = OpenReport['kinds'][number];

/** Kubernetes' own groups have no dot, or end with .k8s.io; a custom resource may have the name of one of their kinds. */
function readOf({ kinds }: OpenReport, { group, name }: ReturnType<typeof resourceOf>): Read | undefined {
  const isOfGroup = ({ version }: Read) => {
    const own = version.includes('/') ? version.slice(0, version.indexOf('/')) : '';
    return group === undefined ? !own.includes('.') || own.endsWith('.k8s.io') : own === group;
  };
  return kinds.find((each) => each.name === name && isOfGroup(each));
}

function canaries({ namespace, secret, newest }: OpenReport, cluster: string | undefined): readonly string[] {
  return [
    ...(namespace === '' ? ['it does not read the namespace kube-system'] : []),
    ...(namespace !== '' && cluster !== undefined && namespace !== cluster
      ? ['its namespace kube-system is another one']
      : []),
    ...(secret?.wasRead === false ? ['it does not read a Secret'] : []),
    ...(newest && newest.read !== newest.revision
      ? [`it reads the newest Lease at the revision ${newest.read || 'none'}, and etcd has ${newest.revision}`]
      : []),
  ];
}
