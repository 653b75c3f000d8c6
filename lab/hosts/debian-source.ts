import { must } from '../command.ts';

/** The release that the lab's hosts run: its systemd is the newest one that still boots on cgroup v1. */
export const RELEASE = 'bookworm';

/** What packages of Debian are checked against; on other distributions the package debian-archive-keyring brings it. */
export const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** A place that this machine gets Debian packages from. */
export interface DebianSource {
  readonly uri: string;
  /** `bookworm`, `bookworm-updates` or `bookworm-security`. */
  readonly suite: string;
}

/**
 * Reads the release's sources out of `apt-get indextargets`, lines of "URI codename component", the release itself first.
 * A machine whose own apt knows nothing of it, like an Ubuntu, asks Debian itself.
 */
export function parseTargets(listing: string): DebianSource[] {
  const sources: DebianSource[] = [];
  for (const line of listing.split('\n')) {
    const [uri, suite, component] = line.trim().split(' ');
    if (!uri || !suite || component !== 'main') continue;
    if (suite !== RELEASE && !suite.startsWith(`${RELEASE}-`)) continue;
    if (!sources.some((known) => known.uri === uri && known.suite === suite)) sources.push({ uri, suite });
  }
  sources.sort((a, b) => a.suite.length - b.suite.length);
  return sources[0]?.suite === RELEASE ? sources : [...OFFICIAL];
}

const OFFICIAL: readonly DebianSource[] = [
  { uri: 'https://deb.debian.org/debian', suite: RELEASE },
  { uri: 'https://deb.debian.org/debian-security', suite: `${RELEASE}-security` },
];

/**
 * Where packages of the hosts' release come from: K8S_HA_LAB_DEBIAN_MIRROR, what this machine's own apt is set up with,
 * or Debian itself.
 */
export async function debianSources(env: NodeJS.ProcessEnv = process.env): Promise<DebianSource[]> {
  if (env.K8S_HA_LAB_DEBIAN_MIRROR) return [{ uri: env.K8S_HA_LAB_DEBIAN_MIRROR, suite: RELEASE }];
  const format = '$(REPO_URI) $(CODENAME) $(COMPONENT)';
  const listing = await must(['apt-get', 'indextargets', '--format', format, 'Created-By: Packages']);
  return parseTargets(listing);
}

/** The sources as lines of a sources.list. */
export function sourcesList(sources: readonly DebianSource[]): string {
  return sources.map(({ uri, suite }) => `deb [signed-by=${KEYRING}] ${uri} ${suite} main\n`).join('');
}
