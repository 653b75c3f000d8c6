import { basename } from 'node:path/posix';
import type { VersionName } from '../cluster/versions.ts';
import type { Inspection } from '../host/engine.ts';
import { places } from '../layout/paths.ts';
import type { PlacedVersion } from './observed.ts';

/** What the path of an official download says, from `dl.k8s.io/` or `github.com/` on; src/components/downloads.ts builds them. */
const official: readonly (readonly [VersionName, RegExp])[] = [
  ['kubernetes', /dl\.k8s\.io\/v(?<version>\d+\.\d+\.\d+)\//],
  ['etcd', /etcd-io\/etcd\/releases\/download\/v(?<version>\d+\.\d+\.\d+)\//],
  ['containerd', /containerd\/containerd\/releases\/download\/v(?<version>\d+\.\d+\.\d+)\//],
  ['runc', /opencontainers\/runc\/releases\/download\/v(?<version>\d+\.\d+\.\d+)\//],
  ['cniPlugins', /containernetworking\/plugins\/releases\/download\/v(?<version>\d+\.\d+\.\d+)\//],
  ['flannel', /flannel-io\/flannel\/releases\/download\/v(?<version>\d+\.\d+\.\d+)\//],
];

/** Prints the image that containerd holds pods with, on a host that has one of ours. */
export const askPauseImage = `grep -o '/pause:[0-9.]*' ${places.containerdConfig}`;

/**
 * The programs and images that earlier runs have put on a host, by where they came from.
 * @param inspection its answers may be to other questions than {@link askPauseImage} too
 */
export function placedVersions(
  host: string,
  { downloads, answers }: Pick<Inspection, 'downloads' | 'answers'>,
): readonly PlacedVersion[] {
  const programs = [...downloads].flatMap(([path, url]): readonly PlacedVersion[] => {
    const program = basename(path);
    return official.flatMap(([name, pattern]) => {
      const version = pattern.exec(url)?.groups?.version;
      return version === undefined ? [] : [{ host, name, program, version }];
    });
  });
  const said = answers.map(({ stdout }) => stdout).join('\n');
  const pause = /^\/pause:(?<version>\d+\.\d+(?:\.\d+)?)$/m.exec(said)?.groups?.version;
  return pause === undefined ? programs : [...programs, { host, name: 'pause', program: 'pause', version: pause }];
}
