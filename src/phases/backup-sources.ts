// What a backup is made of besides the snapshot: the masters' authorities, read without a lock, so that a backup neither waits for a run nor
// holds one up.
import { isDeepStrictEqual } from 'node:util';
import { type Host, hostsWith } from '../cluster/cluster.ts';
import { describeProblem, Problem } from '../errors.ts';
import { roleSecrets } from '../layout/secrets.ts';
import { type Authorities, authorityFiles, findAuthorities, secretValues } from '../pki/index.ts';
import type { Connecting } from './connect-hosts.ts';
import { onHosts } from './on-hosts.ts';
import type { Phase, StagePhase } from './phase.ts';
import { reachHost } from './reach-masters.ts';
import type { Run } from './run.ts';
import { type Connected, sessionOf } from './stages.ts';

/** The masters and the hosts of etcd that can be reached; one of each is enough, and those that are not are warned of. */
export const reachForBackup: Connecting = {
  title: 'Connect to the hosts',
  async run(run, signal) {
    const hosts = run.cluster.hosts.filter(({ roles }) => roles.includes('master') || roles.includes('etcd'));
    const refusals = (await Promise.all(hosts.map((host) => reachHost(run, host, undefined, signal)))).flat();
    for (const role of ['master', 'etcd'] as const)
      if (!hostsWith(run.cluster, role).some(({ name }) => run.connections.has(name)))
        throw new AggregateError(refusals, `no host with the role ${role} is reachable`);
    for (const refusal of refusals) run.log.warning(describeProblem(refusal));
    return { sessions: run.connections };
  },
};

/** The masters' CAs and keys are known. */
export interface WithAuthorities extends Run {
  readonly authorities: Authorities;
}

/** Reads the CAs, the service-account keys and the encryption keys from the masters; they are masked before anything else is done. */
export const readAuthorities: StagePhase<Connected, Pick<WithAuthorities, 'authorities'>> = {
  title: 'Read the CAs',
  async run(run, signal) {
    const masters = mastersOf(run);
    const authorities = await authoritiesOn(run, masters, signal);
    run.log.info(`${masters.map(({ name }) => name).join(', ')}: the CAs agree`);
    return { authorities };
  },
};

/**
 * Reads them again after the snapshot: a backup takes no lock, and a rotation meanwhile could leave values in the snapshot under a key that was
 * not there when the keys were read.
 */
export const confirmAuthorities: Phase<Connected & WithAuthorities> = {
  title: 'Read the CAs again',
  async run(run, signal) {
    const authorities = await authoritiesOn(run, mastersOf(run), signal);
    if (isDeepStrictEqual(authorities, run.authorities)) return;
    throw new Problem('the masters’ keys changed while the snapshot was taken', {
      code: 'AUTHORITIES_DIFFER',
      hint: 'A key is rotated, and the snapshot may need another key than was read. Run the backup again after the rotation.',
    });
  },
};

const mastersOf = (run: Connected): readonly Host[] =>
  hostsWith(run.cluster, 'master').filter(({ name }) => run.sessions.has(name));

async function authoritiesOn(run: Connected, masters: readonly Host[], signal: AbortSignal): Promise<Authorities> {
  const read = async (host: Host) => {
    const { files } = await sessionOf(run, host).inspect({ read: roleSecrets('master').trust });
    return { host: host.name, files };
  };
  const found = findAuthorities(await onHosts(masters, read, signal), []);
  if (found.kind === 'none')
    throw new Problem('no master that was reached has CAs', {
      code: 'AUTHORITIES_UNKNOWN',
      hint: 'Is the cluster deployed? Then bring up a master that has them.',
    });
  const files = authorityFiles(found.authorities);
  run.mask(secretValues({ cluster: run.cluster.name, host: '', authorities: {}, files }));
  return found.authorities;
}
