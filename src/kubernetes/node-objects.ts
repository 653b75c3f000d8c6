import type { ApiClient } from './api-client.ts';
import { ifFound } from './api-problem.ts';
import type { ApiObject, CertificateSigningRequest, Node } from './objects.ts';

const nodes = '/api/v1/nodes';
const leases = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';
const requests = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const attachments = '/apis/storage.k8s.io/v1/volumeattachments';

interface VolumeAttachment extends ApiObject {
  readonly spec?: { readonly nodeName?: string };
}

/** One node; undefined if the API has none of that name. @throws ApiProblem */
export async function nodeNamed(api: ApiClient, name: string): Promise<Node | undefined> {
  return await ifFound(api.get<Node>(`${nodes}/${encodeURIComponent(name)}`));
}

/**
 * Deletes a node and what the API keeps of its machine: its Lease, its certificate requests, its attached volumes. Pods of a node that does
 * not exist are deleted by the controller-manager after 40 s; those of a node that is back before stay assigned to it.
 * An issued client certificate can't be revoked: it is valid until it ends.
 * Returns what was deleted, such as `Node node-1`.
 * @throws ApiProblem
 */
export async function deleteNode(api: ApiClient, name: string): Promise<readonly string[]> {
  const [csrs, volumes] = await Promise.all([
    api.list<CertificateSigningRequest>(requests),
    api.list<VolumeAttachment>(attachments),
  ]);
  const own = [
    ['Node', `${nodes}/${encodeURIComponent(name)}`, name],
    ['Lease', `${leases}/${encodeURIComponent(name)}`, name],
    ...csrs.items
      .filter(({ spec }) => spec.username === `system:node:${name}`)
      .map(({ metadata }) => ['CertificateSigningRequest', `${requests}/${metadata.name}`, metadata.name] as const),
    ...volumes.items
      .filter(({ spec }) => spec?.nodeName === name)
      .map(({ metadata }) => ['VolumeAttachment', `${attachments}/${metadata.name}`, metadata.name] as const),
  ] as const;
  const deleted: string[] = [];
  for (const [kind, path, id] of own) if (await api.delete(path)) deleted.push(`${kind} ${id}`);
  return deleted;
}

/** What a re-created node begins with. */
export interface NodeStart {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly { readonly key: string; readonly value?: string | undefined; readonly effect: string }[];
  readonly podSubnet: string;
}

/**
 * Creates a node with the subnet that its pods have. Otherwise the controller-manager would give it another one, and the pods that run
 * could not be reached any more. Its kubelet takes it over when it starts. Returns false if there is such a node already.
 * @throws ApiProblem
 */
export async function createNode(api: ApiClient, { name, labels, taints, podSubnet }: NodeStart): Promise<boolean> {
  const spec = { podCIDR: podSubnet, podCIDRs: [podSubnet], ...(taints.length > 0 && { taints }) };
  if (await nodeNamed(api, name)) return false;
  await api.create(nodes, { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, spec });
  return true;
}
