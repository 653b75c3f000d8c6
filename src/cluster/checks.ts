import { addonFindings } from './checks/addons.ts';
import { authenticationFindings } from './checks/authentication.ts';
import { containerdFindings } from './checks/containerd.ts';
import { electionFindings } from './checks/election.ts';
import { extraArgFindings } from './checks/extra-args.ts';
import { hostFindings } from './checks/hosts.ts';
import { labelFindings } from './checks/labels.ts';
import { nameFindings } from './checks/names.ts';
import { networkFindings } from './checks/network.ts';
import { pathFindings } from './checks/paths.ts';
import { portFindings } from './checks/ports.ts';
import { roleFindings } from './checks/roles.ts';
import { versionFindings } from './checks/versions.ts';
import type { Finding } from './finding.ts';
import type { ClusterFile } from './schema.ts';
import { settingFindings } from './settings/judge.ts';

const checks: readonly ((file: ClusterFile) => readonly Finding[])[] = [
  versionFindings,
  networkFindings,
  portFindings,
  pathFindings,
  extraArgFindings,
  settingFindings,
  authenticationFindings,
  electionFindings,
  containerdFindings,
  addonFindings,
  roleFindings,
  hostFindings,
  nameFindings,
  labelFindings,
];

/** Checks beyond the schema: of several values together, or with knowledge of Kubernetes. */
export function checkCluster(file: ClusterFile): readonly Finding[] {
  return checks.flatMap((check) => check(file));
}
