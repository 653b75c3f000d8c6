/** An object of the API as server-side apply wants it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** An object of ours, with the label by which every object of ours is found. */
export function object(
  apiVersion: string,
  kind: string,
  metadata: KubernetesObject['metadata'],
  fields: Readonly<Record<string, unknown>> = {},
): KubernetesObject {
  const labels = { 'app.kubernetes.io/managed-by': 'k8s-ha-action', ...metadata.labels };
  return { apiVersion, kind, metadata: { ...metadata, labels }, ...fields };
}
