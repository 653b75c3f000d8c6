import { must } from '../command.ts';

/** The releases whose systemd boots on cgroup v1: Debian 11 and 12. */
export type Release = 'bullseye' | 'bookworm';

/** The usual release of the lab's hosts. */
export const RELEASE = 'bookworm';

/** The keys that verify Debian's packages; on other distributions the package debian-archive-keyring has them. */
export const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** A source from which this machine gets Debian packages. */
export interface DebianSource {
  readonly uri: string;
  /** `bookworm`, `bookworm-updates` or `bookworm-security`. */
  readonly suite: string;
}

/**
 * Reads the release's sources from the output of `apt-get indextargets`, lines of "URI codename component", the release itself first.
 * If this machine's apt has none of them, as on Ubuntu, Debian's own servers are used.
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
 * The sources of the hosts' packages: K8S_HA_LAB_DEBIAN_MIRROR, the configuration of this machine's apt,
 * or Debian's own servers.
 *
 * @param release of another one, or of any other suite such as `trixie`, only the main archive is used: older ones have no more updates
 */
export async function debianSources(
  release: string = RELEASE,
  env: NodeJS.ProcessEnv = process.env,
): Promise<DebianSource[]> {
  if (env.K8S_HA_LAB_DEBIAN_MIRROR) return [{ uri: env.K8S_HA_LAB_DEBIAN_MIRROR, suite: release }];
  const format = '$(REPO_URI) $(CODENAME) $(COMPONENT)';
  const listing = await must(['apt-get', 'indextargets', '--format', format, 'Created-By: Packages']);
  const sources = parseTargets(listing);
  return release === RELEASE ? sources : sources.slice(0, 1).map(({ uri }) => ({ uri, suite: release }));
}

/** The sources as lines of a sources.list. */
export function sourcesList(sources: readonly DebianSource[]): string {
  return sources.map(({ uri, suite }) => `deb [signed-by=${KEYRING}] ${uri} ${suite} main\n`).join('');
}
