/** The parts of the API's objects that this project reads or writes; everything else is unchanged. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly managedFields?: readonly ManagedFields[];
  readonly ownerReferences?: readonly OwnerReference[];
  readonly deletionTimestamp?: string;
}

export interface OwnerReference {
  readonly kind: string;
  readonly name: string;
  readonly controller?: boolean;
}

export interface ManagedFields {
  readonly manager?: string;
  readonly operation?: string;
  readonly time?: string;
  readonly subresource?: string;
  readonly fieldsV1?: Readonly<Record<string, unknown>>;
}

export interface ApiObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

export interface ApiList<T> {
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items: readonly T[];
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface Node extends ApiObject {
  readonly spec?: { readonly unschedulable?: boolean; readonly podCIDR?: string };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly nodeInfo?: {
      readonly kubeletVersion?: string;
      readonly containerRuntimeVersion?: string;
      readonly machineID?: string;
    };
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
  };
}

/** A token that a kubelet is to ask for. */
export interface TokenRequested {
  readonly expirationSeconds?: number | null;
}

/** What a volume projects into a pod. */
interface ProjectedSource {
  readonly serviceAccountToken?: TokenRequested | null;
  readonly configMap?: { readonly name?: string | null } | null;
}

export interface CsiDriver extends ApiObject {
  readonly spec?: { readonly tokenRequests?: readonly TokenRequested[] | null };
}

interface Volume {
  readonly projected?: { readonly sources?: readonly ProjectedSource[] | null } | null;
  readonly configMap?: { readonly name?: string | null } | null;
  readonly secret?: { readonly secretName?: string | null } | null;
}

export interface Pod extends ApiObject {
  readonly spec?: {
    readonly nodeName?: string;
    readonly volumes?: readonly Volume[] | null;
  };
  readonly status?: { readonly phase?: string };
}

export interface Deployment extends ApiObject {
  readonly spec?: {
    readonly template?: { readonly spec?: { readonly containers?: readonly { readonly image?: string }[] } };
  };
}

export interface EndpointSlice extends ApiObject {
  readonly endpoints?:
    | readonly {
        readonly addresses?: readonly string[] | null;
        /** Ready: true, or unknown, which counts as true. */
        readonly conditions?: { readonly ready?: boolean | null } | null;
      }[]
    | null;
  readonly ports?: readonly { readonly name?: string | null; readonly port?: number | null }[] | null;
}

export interface Service extends ApiObject {
  readonly spec?: { readonly ports?: readonly { readonly name?: string | null; readonly port: number }[] | null };
}

/** https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/api-service-v1/ */
export interface ApiService extends ApiObject {
  readonly spec?: {
    /** Absent: the API server serves it itself. */
    readonly service?: { readonly namespace?: string; readonly name?: string; readonly port?: number | null } | null;
  };
  readonly status?: { readonly conditions?: readonly Condition[] | null };
}

export interface Lease extends ApiObject {
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly leaseDurationSeconds?: number;
    readonly acquireTime?: string;
    readonly renewTime?: string;
    readonly leaseTransitions?: number;
  };
}

export interface CertificateSigningRequest extends ApiObject {
  readonly spec: {
    readonly signerName: string;
    /** Base64 of the PEM text. */
    readonly request: string;
    readonly username?: string;
    readonly groups?: readonly string[];
    readonly usages?: readonly string[];
    readonly expirationSeconds?: number;
  };
  readonly status?: { readonly conditions?: readonly Condition[]; readonly certificate?: string };
}

/** One line of a watch. */
export interface WatchEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: T;
}
