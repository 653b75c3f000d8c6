import { Problem } from '../errors.ts';
import type { ApiClient } from './api-client.ts';
import { isNotFound } from './api-problem.ts';
import type { ApiObject } from './objects.ts';

interface Resource {
  /** Plural, as in the path; with a `/` for subresources. */
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** The identity of an object across kinds: an inventory's entry. */
export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** Finds the path of any object, with one request per group and version. */
export class Discovery {
  readonly #api: ApiClient;
  readonly #known = new Map<string, Promise<readonly Resource[]>>();

  constructor(api: ApiClient) {
    this.#api = api;
  }

  /** The kind's resource; undefined if the server does not serve it (yet). */
  async find(apiVersion: string, kind: string): Promise<Resource | undefined> {
    const known = this.#known.has(apiVersion);
    const found = await this.#lookUp(apiVersion, kind);
    if (found || !known) return found;
    // Its definition may be newer than our cached list.
    this.#known.delete(apiVersion);
    return await this.#lookUp(apiVersion, kind);
  }

  /**
   * The object's path; a namespaced object without a namespace is in `default`.
   * @throws Problem KIND_UNKNOWN
   */
  async pathOf({ apiVersion, kind, name, namespace }: ObjectReference): Promise<string> {
    const resource = await this.find(apiVersion, kind);
    if (!resource) {
      throw new Problem(`the cluster knows no kind ${kind} in ${apiVersion}`, {
        code: 'KIND_UNKNOWN',
        hint: 'Is its CustomResourceDefinition among the manifests, and is the apiVersion one that this Kubernetes serves?',
      });
    }
    const place = resource.namespaced ? `namespaces/${encodeURIComponent(namespace ?? 'default')}/` : '';
    return `${groupPath(apiVersion)}/${place}${resource.name}/${encodeURIComponent(name)}`;
  }

  async #lookUp(apiVersion: string, kind: string): Promise<Resource | undefined> {
    const resources = this.#known.get(apiVersion) ?? this.#ask(apiVersion);
    this.#known.set(apiVersion, resources);
    return (await resources).find((resource) => resource.kind === kind && !resource.name.includes('/'));
  }

  async #ask(apiVersion: string): Promise<readonly Resource[]> {
    try {
      return (await this.#api.get<{ resources: readonly Resource[] }>(groupPath(apiVersion))).resources;
    } catch (error) {
      this.#known.delete(apiVersion);
      if (isNotFound(error)) return [];
      throw error;
    }
  }
}

const groupPath = (apiVersion: string): string =>
  apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;

/** An object's reference. */
export function referenceOf(object: ApiObject): ObjectReference {
  const { apiVersion, kind, metadata } = object;
  const { name, namespace } = metadata;
  return { apiVersion, kind, name, ...(namespace !== undefined && { namespace }) };
}

/** `Deployment kube-system/coredns`, for logs. */
export function nameOf({ kind, namespace, name }: ObjectReference): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}
