import { type Host, hostsWith } from '../cluster/cluster.ts';
import { secretFiles } from '../components/secret-files.ts';
import { hostState } from '../host/state.ts';
import {
  type Authorities,
  authoritiesOf,
  authorityFiles,
  findAuthorities,
  type Issue,
  issue,
  paths,
  type SeenHost,
  secretValues,
  withStandIns,
} from '../pki/index.ts';
import { applyState } from './apply-role.ts';
import { onHosts } from './on-hosts.ts';
import type { StagePhase } from './phase.ts';
import type { Run } from './run.ts';
import { type Inspected, inspectionOf, secretsOf, type WithSecrets } from './stages.ts';
import type { WithBackup } from './verify-backup.ts';

/**
 * Reads the cluster's CAs from the masters, or creates them if they never existed, and issues missing certificates.
 * New CAs are on every master before any other host gets a certificate that they signed: a run that is killed
 * in between never leaves a host that trusts a CA that no master has.
 */
export const prepareSecrets: StagePhase<Inspected, Pick<WithSecrets, 'secrets'>> = {
  title: 'Prepare certificates',
  run: async (run, signal) => await prepare(run, signal),
};

/** The same with the CAs of a backup, which masters without them get. */
export const prepareBackedUpSecrets: StagePhase<Inspected & WithBackup, Pick<WithSecrets, 'secrets'>> = {
  title: 'Prepare certificates',
  async run(run, signal) {
    const files = authorityFiles(run.backup.authorities).map(({ path, content }) => [path, content] as const);
    return await prepare(run, signal, [{ host: 'the backup', files: new Map(files) }]);
  },
};

/** @param kept what besides the masters has the CAs */
async function prepare(
  run: Inspected,
  signal: AbortSignal,
  kept: readonly SeenHost[] = [],
): Promise<Pick<WithSecrets, 'secrets'>> {
  const masters = hostsWith(run.cluster, 'master');
  const others = run.cluster.hosts.filter((host) => !masters.includes(host));
  const seen = withStandIns(run.cluster.hosts.map((host) => ({ host: host.name, ...inspectionOf(run, host) })));
  const seenOf = (hosts: readonly Host[]) => seen.filter(({ host }) => hosts.some(({ name }) => name === host));
  const found = findAuthorities([...kept, ...seenOf(masters)], seenOf(others));
  const authorities = await authoritiesOf(found, run.now, run.dryRun);
  const lacking = found.kind === 'found' ? found.missingOn : masters.map((host) => host.name);
  run.log.info(
    found.kind === 'found'
      ? `the CAs of the ${kept.length > 0 ? 'backup' : 'masters'} are used`
      : 'new CAs are created',
  );
  const existing = new Map(seen.map(({ host, files }) => [host, files]));
  const secrets = await issueFrom(run, authorities, existing);
  if (run.dryRun) tellUnknown(run);
  const without = run.dryRun ? [] : masters.filter((host) => lacking.includes(host.name));
  await placeAuthorities({ ...run, secrets }, without, authorities, signal);
  return { secrets };
}

/** Each host's secrets from these CAs: what is valid of the existing files, by host, and what is missing. They are masked and logged. */
export async function issueFrom(
  run: Run,
  authorities: Authorities,
  existing: ReadonlyMap<string, ReadonlyMap<string, string>>,
): Promise<WithSecrets['secrets']> {
  return tellIssued(run, await issue(run.cluster, authorities, existing, run.now, run.dryRun));
}

/** Masks the secrets of all hosts, and logs which certificates are new. */
export function tellIssued(run: Run, { secrets, issued }: Issue): WithSecrets['secrets'] {
  // A dry run has none.
  if (!run.dryRun) for (const own of secrets.values()) run.mask(secretValues(own));
  for (const { host, path, reason } of issued)
    run.log.info(`${host}: ${run.dryRun ? 'would issue' : 'issued'} ${path} (${reason})`);
  run.issued.push(...issued.map(({ host, path }) => `${host}:${path}`));
  return secrets;
}

/** Writes the CAs to masters, which restarts nothing. @throws Problems of the hosts */
export async function placeAuthorities(
  run: Inspected & WithSecrets,
  masters: readonly Host[],
  authorities: Authorities,
  signal: AbortSignal,
): Promise<void> {
  const files = authorityFiles(authorities);
  const place = (host: Host) => {
    const { directories } = secretFiles('master', secretsOf(run, host));
    return applyState(run, host, 'authorities', hostState({ directories, files }));
  };
  await onHosts(masters, place, signal);
}

function tellUnknown(run: Inspected): void {
  const isUnknown = ({ name }: Host) =>
    [...(run.inspections.get(name)?.withheld ?? [])].some(
      ([path, { publicHalf }]) => publicHalf === 'unknown' && path !== paths.encryptionConfig,
    );
  const hosts = run.cluster.hosts.filter(isUnknown).map(({ name }) => name);
  if (hosts.length === 0) return;
  run.log.info(
    `${hosts.join(', ')}: no openssl there, so this run can’t tell whether keys belong to their certificates`,
  );
}
