import { formatPath, type Path } from './finding.ts';
import { clusterJsonSchema, type JsonSchema } from './json-schema.ts';
import { plain, suggest } from './suggest.ts';

/** Names of the same settings in other tools and in common guides. */
const otherNames: Readonly<Record<string, string>> = {
  clustername: 'name',
  version: 'kubernetesVersion',
  k8sversion: 'kubernetesVersion',
  kubeversion: 'kubernetesVersion',
  servicecidr: 'network.serviceSubnet',
  clustercidr: 'network.podSubnet',
  podcidr: 'network.podSubnet',
  nodeportrange: 'network.serviceNodePortRange',
  clusterdomain: 'network.dnsDomain',
  cni: 'network.plugin',
  controlplaneendpoint: 'api.certSANs',
  sans: 'api.certSANs',
  ip: 'address',
  privateaddress: 'address',
  publicaddress: 'ssh.address',
  role: 'roles',
  username: 'user',
  bastion: 'ssh.jumpHost',
  kubeapiserver: 'apiServer',
  kubecontrollermanager: 'controllerManager',
  kubescheduler: 'scheduler',
  nodes: 'hosts',
  machines: 'hosts',
  registrymirrors: 'containerd.registries',
};

/** The same for values. */
const otherValues: Readonly<Record<string, string>> = {
  worker: 'node',
  agent: 'node',
  controlplane: 'master',
  controller: 'master',
  server: 'master',
};

let root: JsonSchema | undefined;

/** The hint for a key that the schema does not have. */
export function hintForKey(parent: Path, key: string): string {
  if (key === '<<') return 'Merge keys are not part of YAML 1.2: write the keys out.';
  root ??= clusterJsonSchema();
  const siblings = Object.keys(parent.reduce(child, root as JsonSchema | undefined)?.properties ?? {});
  const other = otherNames[plain(key)];
  const near = siblings.find((name) => name === other) ?? suggest(key, siblings);
  if (near !== undefined) return `Did you mean ${near}?`;
  const places = keyPaths(root, []);
  const elsewhere = places.find((path) => path.at(-1) === key) ?? places.find((path) => formatPath(path) === other);
  if (elsewhere !== undefined) return `Did you mean ${formatPath(elsewhere).replaceAll('[0]', '[]')}?`;
  return `Known keys here: ${siblings.join(', ')}.`;
}

/** The reference page's text about a key. */
export function descriptionOf(path: Path): string {
  root ??= clusterJsonSchema();
  return path.reduce(child, root as JsonSchema | undefined)?.description ?? '';
}

/** The known value that is most similar. */
export function nearestValue(value: string, known: readonly string[]): string | undefined {
  const other = otherValues[plain(value)];
  return known.find((name) => name === other) ?? suggest(value, known);
}

function child(node: JsonSchema | undefined, step: string | number): JsonSchema | undefined {
  if (typeof step === 'number') return node?.items;
  const extra = node?.additionalProperties;
  return node?.properties?.[step] ?? (typeof extra === 'object' ? extra : undefined);
}

function keyPaths(node: JsonSchema, path: Path): readonly Path[] {
  const own = Object.entries(node.properties ?? {});
  return [
    ...own.map(([key]) => [...path, key]),
    ...own.flatMap(([key, value]) => keyPaths(value, [...path, key])),
    ...(node.items ? keyPaths(node.items, [...path, 0]) : []),
  ];
}
