/** An object of the API in the form of server-side apply. */
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

/** An object of this project, with the label that identifies all of them. */
export function object(
  apiVersion: string,
  kind: string,
  metadata: KubernetesObject['metadata'],
  fields: Readonly<Record<string, unknown>> = {},
): KubernetesObject {
  const labels = { 'app.kubernetes.io/managed-by': 'k8s-ha-action', ...metadata.labels };
  return { apiVersion, kind, metadata: { ...metadata, labels }, ...fields };
}
