import * as z from 'zod';

/**
 * The schemas of API servers' answers, for the fields that this project reads; all other fields are passed through
 * unchanged. The original object is used after validation: in zod's copy, a key called `__proto__` would have an effect.
 */
const text = z.string().max(1024 * 1024);
const name = z.string().min(1).max(1024);
/** Go writes a list or a map that was never set as null. */
const words = z.record(z.string(), text).nullish();
const time = z.string().max(64).nullish();

const managedFields = z.looseObject({
  manager: text.optional(),
  operation: text.optional(),
  time,
  subresource: text.optional(),
  fieldsV1: z.looseObject({}).nullish(),
});
const metadata = z.looseObject({
  name,
  namespace: text.optional(),
  uid: text.optional(),
  resourceVersion: text.optional(),
  generation: z.number().optional(),
  creationTimestamp: time,
  labels: words,
  annotations: words,
  managedFields: z.array(managedFields).nullish(),
  ownerReferences: z.array(z.looseObject({ kind: text, name, controller: z.boolean().nullish() })).nullish(),
  deletionTimestamp: time,
});
const condition = z.looseObject({
  type: text,
  status: text,
  reason: text.optional(),
  message: text.optional(),
});
const conditions = z.array(condition).nullish();
const object = z.looseObject({ metadata });

const node = object.extend({
  spec: z.looseObject({ unschedulable: z.boolean().nullish(), podCIDR: text.nullish() }).optional(),
  status: z
    .looseObject({
      conditions,
      nodeInfo: z
        .looseObject({
          kubeletVersion: text.optional(),
          containerRuntimeVersion: text.optional(),
          machineID: text.optional(),
        })
        .optional(),
      addresses: z.array(z.looseObject({ type: text, address: text })).nullish(),
    })
    .optional(),
});
const lease = object.extend({
  spec: z
    .looseObject({
      holderIdentity: z.string().max(1024).nullish(),
      leaseDurationSeconds: z.number().nullish(),
      acquireTime: time,
      renewTime: time,
      leaseTransitions: z.number().nullish(),
    })
    .optional(),
});
const certificateSigningRequest = object.extend({
  spec: z
    .looseObject({
      signerName: text.optional(),
      request: text.optional(),
      username: text.optional(),
      groups: z.array(text).nullish(),
      usages: z.array(text).nullish(),
      expirationSeconds: z.number().nullish(),
    })
    .optional(),
  status: z.looseObject({ conditions, certificate: text.nullish() }).optional(),
});
const configMap = object.extend({ data: words });
const port = z.int().min(1).max(65_535);
const namedPort = z.looseObject({ name: text.nullish() });
const endpointSlice = object.extend({
  // Limits of the API for one EndpointSlice.
  endpoints: z
    .array(
      z.looseObject({
        addresses: z.array(text).max(100).nullish(),
        conditions: z.looseObject({ ready: z.boolean().nullish() }).nullish(),
      }),
    )
    .max(1000)
    .nullish(),
  ports: z
    .array(namedPort.extend({ port: port.nullish() }))
    .max(100)
    .nullish(),
});
const service = object.extend({
  spec: z.looseObject({ ports: z.array(namedPort.extend({ port })).nullish() }).optional(),
});
const apiService = object.extend({
  spec: z
    .looseObject({
      service: z.looseObject({ namespace: text.optional(), name: text.optional(), port: port.nullish() }).nullish(),
    })
    .optional(),
  status: z.looseObject({ conditions }).optional(),
});
const tokenRequested = z.looseObject({ expirationSeconds: z.number().nullish() });
const configMapSource = z.looseObject({ name: text.nullish() }).nullish();
const projected = z.looseObject({ serviceAccountToken: tokenRequested.nullish(), configMap: configMapSource });
const volume = z.looseObject({
  projected: z.looseObject({ sources: z.array(projected).nullish() }).nullish(),
  configMap: configMapSource,
  secret: z.looseObject({ secretName: text.nullish() }).nullish(),
});
const pod = object.extend({
  spec: z.looseObject({ nodeName: text.nullish(), volumes: z.array(volume).nullish() }).optional(),
  status: z.looseObject({ conditions, phase: text.nullish() }).optional(),
});
const container = z.looseObject({ image: text.nullish() });
const podTemplate = z.looseObject({
  spec: z.looseObject({ containers: z.array(container).max(1000).nullish() }).optional(),
});
const deployment = object.extend({ spec: z.looseObject({ template: podTemplate.optional() }).optional() });
const csiDriver = object.extend({
  spec: z.looseObject({ tokenRequests: z.array(tokenRequested).max(1000).nullish() }).optional(),
});
const migration = object.extend({ status: z.looseObject({ conditions }).optional() });
const disruptionBudget = object.extend({
  status: z.looseObject({ disruptionsAllowed: z.number().nullish(), expectedPods: z.number().nullish() }).optional(),
});
const volumeAttachment = object.extend({ spec: z.looseObject({ nodeName: text.nullish() }).optional() });

/** By the collection's name in a path. For a collection that is not listed, only the object's name is checked. */
const ofCollection: Readonly<Record<string, z.ZodType>> = {
  nodes: node,
  leases: lease,
  certificatesigningrequests: certificateSigningRequest,
  configmaps: configMap,
  endpointslices: endpointSlice,
  services: service,
  apiservices: apiService,
  pods: pod,
  deployments: deployment,
  poddisruptionbudgets: disruptionBudget,
  volumeattachments: volumeAttachment,
  storageversionmigrations: migration,
  csidrivers: csiDriver,
};

const pages = new Map<z.ZodType, z.ZodType>();
const lines = new Map<z.ZodType, z.ZodType>();

/** `/api/v1` and `/apis/apps/v1`: the resources of a group and version. */
const resourceList = z.looseObject({
  resources: z.array(z.looseObject({ name, kind: name, namespaced: z.boolean() })),
});

const groupVersion = /^\/(?:api\/[^/?]+|apis\/[^/?]+\/[^/?]+)(?<rest>\/[^?]*)?(?:\?|$)/;

/** `nodes` of `/api/v1/nodes/node-1`, `leases` of `/apis/…/v1/namespaces/kube-system/leases`; undefined for a group's own path. */
function collectionOf(path: string): string | undefined {
  const parts = groupVersion.exec(path)?.groups?.rest?.split('/').slice(1) ?? [];
  return parts[0] === 'namespaces' && parts.length > 2 ? parts[2] : parts[0];
}

/** The answer for one object's path, or for a group's. */
export function shapeOfObject(path: string): z.ZodType {
  // An eviction is posted to its pod's path, and answered by a Status.
  if (path.endsWith('/eviction')) return statusShape;
  const collection = collectionOf(path);
  if (collection === undefined) return resourceList;
  return (Object.hasOwn(ofCollection, collection) && ofCollection[collection]) || object;
}

/** One page of a collection. */
export function shapeOfPage(path: string): z.ZodType {
  return remembered(pages, path, (item) =>
    z.looseObject({
      metadata: z.looseObject({ resourceVersion: text.optional(), continue: text.optional() }),
      items: z.array(item).nullish(),
    }),
  );
}

/** The answer of an API server that refuses a request. */
export const statusShape = z.looseObject({
  kind: z.literal('Status'),
  message: text.optional(),
  reason: z
    .string()
    .regex(/^[A-Za-z]{0,64}$/)
    .optional(),
  code: z.number().optional(),
});

/** One line of a watch on a collection. */
export function shapeOfLine(path: string): z.ZodType {
  return remembered(lines, path, (item) =>
    z.discriminatedUnion('type', [
      z.looseObject({ type: z.enum(['ADDED', 'MODIFIED', 'DELETED']), object: item }),
      z.looseObject({
        type: z.literal('BOOKMARK'),
        object: z.looseObject({ metadata: z.looseObject({ resourceVersion: text }) }),
      }),
      z.looseObject({ type: z.literal('ERROR'), object: statusShape }),
    ]),
  );
}

/** zod compiles a schema at its first use: once per kind of object, not per answer. */
function remembered(made: Map<z.ZodType, z.ZodType>, path: string, make: (item: z.ZodType) => z.ZodType): z.ZodType {
  const item = shapeOfObject(path);
  const known = made.get(item) ?? make(item);
  made.set(item, known);
  return known;
}
