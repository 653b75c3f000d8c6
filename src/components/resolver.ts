import type { Cluster } from '../cluster/cluster.ts';
import { places } from '../layout/paths.ts';

const { hostResolver, resolvedServers, networkManagerServers } = places;

/** By file in the form of resolv.conf(5): the addresses of its name servers. */
export type Resolvers = ReadonlyMap<string, readonly string[]>;

/** The file whose name servers pods get. */
export interface PodResolver {
  /** Absent: the kubelet's default, or the user's choice. */
  readonly config?: string;
  readonly file: string;
  /** Undefined: unknown. */
  readonly servers: readonly string[] | undefined;
}

/** The files that a host may have for its pods: the user's alone, or ours in the order of preference. */
export function resolverFiles(cluster: Cluster): readonly string[] {
  const chosen = cluster.kubelet.config.resolvConf;
  return typeof chosen === 'string' ? [chosen] : [resolvedServers, hostResolver, networkManagerServers];
}

/**
 * /etc/resolv.conf may name a resolver on the host's own loopback, which in a pod is the pod itself. systemd-resolved and
 * NetworkManager keep the servers behind theirs in a file of their own.
 */
export function podResolver(cluster: Cluster, resolvers: Resolvers, resolvedRuns: boolean): PodResolver {
  const [chosen = hostResolver, ...others] = resolverFiles(cluster);
  if (others.length === 0) return { file: chosen, servers: resolvers.get(chosen) };
  const files = [...(resolvedRuns ? [resolvedServers] : []), hostResolver, networkManagerServers];
  const fallback = resolvedRuns ? resolvedServers : hostResolver;
  const file = files.find((each) => isUsable(resolvers.get(each))) ?? fallback;
  return { ...(file !== hostResolver && { config: file }), file, servers: resolvers.get(file) };
}

/** Whether pods can use all of these servers. */
export function isUsable(servers: readonly string[] | undefined): boolean {
  return servers !== undefined && servers.length > 0 && !servers.some(isLoopback);
}

/** In a pod these are the pod itself; a link-local address of IPv6 is of a link that the pod does not have. */
function isLoopback(address: string): boolean {
  return /^(127\.|0\.0\.0\.0$|::1?$|::ffff:127\.|fe[89ab][0-9a-f]:)/i.test(address);
}
