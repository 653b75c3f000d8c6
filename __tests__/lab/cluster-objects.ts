import type { Kubectl } from '../../lab/kubectl.ts';

interface Listed {
  readonly kind: string;
  readonly metadata: {
    readonly uid: string;
    readonly namespace?: string;
    readonly name: string;
    readonly resourceVersion: string;
  };
}

/** Objects that change all the time: programs report in them. */
const passing =
  /^(events|leases|endpoints|endpointslices|ipaddresses|nodes\.metrics|pods\.metrics|componentstatuses|bindings)(\.|$)/;
/** Objects whose status programs report; their other parts stay. */
const reported = new Set(['Node', 'Pod', 'Deployment', 'ReplicaSet', 'DaemonSet', 'APIService', 'PodDisruptionBudget']);

/** Every object of the API by its uid: as JSON; of those that programs report in, its kind and name. */
export async function allObjects(kubectl: Kubectl): Promise<ReadonlyMap<string, string>> {
  const kinds = (await kubectl.must(['api-resources', '--verbs=list', '--output=name'])).split('\n');
  const asked = kinds.filter((kind) => kind && !passing.test(kind)).join(',');
  const { items } = JSON.parse(await kubectl.must(['get', asked, '--all-namespaces', '--output=json'])) as {
    items: readonly Listed[];
  };
  return new Map(items.map((item) => [item.metadata.uid, textOf(item)]));
}

function textOf(item: Listed): string {
  const { kind, metadata } = item;
  const name = `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
  return reported.has(kind) ? name : `${name} ${JSON.stringify(item)}`;
}
