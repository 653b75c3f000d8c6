import { must } from '../command.ts';
import { LabError } from '../error.ts';

/** The release that the lab's hosts run: its systemd is the newest one that still boots on cgroup v1. */
export const RELEASE = 'bookworm';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** A place that this machine gets Debian packages from. */
export interface DebianSource {
  readonly uri: string;
  /** `bookworm`, `bookworm-updates` or `bookworm-security`. */
  readonly suite: string;
}

/** Reads the release's sources out of `apt-get indextargets`, lines of "URI codename component". */
export function parseTargets(listing: string): DebianSource[] {
  const sources: DebianSource[] = [];
  for (const line of listing.split('\n')) {
    const [uri, suite, component] = line.trim().split(' ');
    if (!uri || !suite || component !== 'main') continue;
    if (suite !== RELEASE && !suite.startsWith(`${RELEASE}-`)) continue;
    if (!sources.some((known) => known.uri === uri && known.suite === suite)) sources.push({ uri, suite });
  }
  return sources;
}

/**
 * Where packages of the hosts' release come from: what this machine's own apt is set up with, or K8S_HA_LAB_DEBIAN_MIRROR.
 * The release itself is first.
 *
 * @throws LabError when this machine's apt knows no such place.
 */
export async function debianSources(env: NodeJS.ProcessEnv = process.env): Promise<DebianSource[]> {
  if (env.K8S_HA_LAB_DEBIAN_MIRROR) return [{ uri: env.K8S_HA_LAB_DEBIAN_MIRROR, suite: RELEASE }];
  const format = '$(REPO_URI) $(CODENAME) $(COMPONENT)';
  const listing = await must(['apt-get', 'indextargets', '--format', format, 'Created-By: Packages']);
  const sources = parseTargets(listing).sort((a, b) => a.suite.length - b.suite.length);
  if (sources[0]?.suite === RELEASE) return sources;
  throw new LabError(`this machine's apt has no source of Debian ${RELEASE}`, {
    hint: 'run apt-get update once; on another distribution set K8S_HA_LAB_DEBIAN_MIRROR to a Debian mirror',
  });
}

/** The sources as lines of a sources.list. */
export function sourcesList(sources: readonly DebianSource[]): string {
  return sources.map(({ uri, suite }) => `deb [signed-by=${KEYRING}] ${uri} ${suite} main\n`).join('');
}
