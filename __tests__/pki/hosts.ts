import type { Cluster, Host } from '../../src/cluster/cluster.ts';
import { Problem } from '../../src/errors.ts';
import type { HostSecrets, SecretFile, SeenHost } from '../../src/pki/index.ts';

export const now = new Date('2026-11-23T12:00:00Z');
const day = 24 * 3600 * 1000;

export function daysLater(days: number): Date {
  return new Date(now.getTime() + days * day);
}

export function hostNamed(cluster: Cluster, name: string): Host {
  const host = cluster.hosts.find((each) => each.name === name);
  if (!host) throw new Error(`no host ${name}`);
  return host;
}

/** Files in the form of an inspection: path → content. */
export function contents(files: readonly SecretFile[]): Map<string, string> {
  return new Map(files.map(({ path, content }) => [path, content]));
}

export function seen(host: string, files: readonly SecretFile[] = []): SeenHost {
  return { host, files: contents(files) };
}

/** The files of each host after all secrets were applied. */
export function applied(secrets: ReadonlyMap<string, HostSecrets>): Map<string, Map<string, string>> {
  return new Map([...secrets].map(([host, { files }]) => [host, contents(files)]));
}

export function fileAt(secrets: HostSecrets | undefined, path: string): string {
  const file = secrets?.files.find((each) => each.path === path);
  if (!file) throw new Error(`${secrets?.host} has no ${path}`);
  return file.content;
}

/** The problem of the work. */
export async function problemOf(work: () => unknown): Promise<Problem> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('there was no problem');
}
