import { hostsWith } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import { findAuthorities, type Issue, issue, type SeenHost, withStandIns } from '../pki/index.ts';
import { type Inspected, inspectionOf } from './stages.ts';

/**
 * The secrets of the hosts that have answered, by the CAs of the masters among them. Unlike a deployment, which sees all hosts, this never makes CAs.
 * @throws Problem AUTHORITIES_UNKNOWN if no master has CAs; those of findAuthorities and issue
 */
export async function issueAnswered(run: Inspected): Promise<Issue> {
  const read = run.cluster.hosts.filter(({ name }) => run.inspections.has(name));
  const seen = withStandIns(read.map((host) => ({ host: host.name, ...inspectionOf(run, host) })));
  const isMaster = ({ host }: SeenHost): boolean => hostsWith(run.cluster, 'master').some(({ name }) => name === host);
  const found = findAuthorities(
    seen.filter(isMaster),
    seen.filter((each) => !isMaster(each)),
  );
  if (found.kind === 'none') {
    const hint = 'Run a deployment.';
    throw new Problem('no master that was asked has CAs', { code: 'AUTHORITIES_UNKNOWN', hint });
  }
  const existing = new Map(seen.map(({ host, files }) => [host, files]));
  const { secrets, issued } = await issue(run.cluster, found.authorities, existing, run.now, run.dryRun);
  return {
    secrets: new Map([...secrets].filter(([host]) => existing.has(host))),
    issued: issued.filter(({ host }) => existing.has(host)),
  };
}
