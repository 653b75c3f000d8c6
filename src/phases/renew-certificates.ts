import type { Host } from '../cluster/cluster.ts';
import { Problem, problemsOf } from '../errors.ts';
import type { Change, Inspection } from '../host/engine.ts';
import type { HostState } from '../host/state.ts';
import { paths, places } from '../layout/paths.ts';
import { type Role, roles } from '../layout/roles.ts';
import { certificatesFor, type Place } from '../pki/index.ts';
import { applyState, roleState } from './apply-role.ts';
import { changeInWords } from './change-words.ts';
import type { Reached } from './connect-reset.ts';
import { gatherFacts } from './gather-facts.ts';
import { issueAnswered } from './issue-answered.ts';
import { hasJoined } from './kubelet-certificate.ts';
import { settled } from './node-state.ts';
import { onHosts } from './on-hosts.ts';
import type { Phase, StagePhase } from './phase.ts';
import { tellIssued } from './prepare-secrets.ts';
import { type Run, targetsOf } from './run.ts';
import { type Inspected, inspectionOf, type Prepared, sessionOf, type WithSecrets } from './stages.ts';

/** The first exchange with the hosts that can be reached. From here on they are the run's targets. */
export const gatherReachedFacts: StagePhase<Reached, Pick<Inspected, 'inspections'> & Pick<Run, 'targets'>> = {
  title: gatherFacts.title,
  async run(run, signal) {
    const reached = (role: Role) => targetsOf(run, role).filter((host) => run.reached.includes(host));
    const targets = new Map(roles.map((role) => [role, reached(role)]));
    // Without any, their CAs would count as lost.
    if (targets.get('master')?.length === 0) throw new AggregateError(run.unreached, 'no master can be reached');
    return { ...(await gatherFacts.run({ ...run, targets }, signal)), targets };
  },
};

/** The same secrets as a deployment's, for the hosts that can be reached. @throws those of {@link issueAnswered} */
export const prepareRenewal: StagePhase<Inspected, Pick<WithSecrets, 'secrets'>> = {
  title: 'Prepare certificates',
  async run(run) {
    return { secrets: tellIssued(run, await issueAnswered(run)) };
  },
};

/** After one of these, the host serves as before, and the others get their turn. After any other failure no further role begins. */
const harmless: readonly unknown[] = ['ROTATION_PENDING', 'RESTART_REFUSED', 'RESTART_UNKNOWN'];

/**
 * Places the certificates that were issued, and restarts what reads them, as a deployment does: in turns, and only where a restart is safe without
 * the hosts that can't be reached. Nothing else is changed. A host that differs from the file in anything else is left as it is.
 * @throws AggregateError of Problems, at the end: of the hosts that were left, ROTATION_PENDING, and those of the restarts
 */
export const renewCertificates: Phase<Prepared & Reached> = {
  title: 'Renew the certificates',
  async run(run, signal) {
    const left: unknown[] = [...run.unreached];
    for (const role of roles) {
      const problems = await problemsOn(targetsOf(run, role), (host) => renew(run, host, role), signal);
      left.push(...problems);
      if (problems.some((each) => !(each instanceof Problem && harmless.includes(each.code)))) break;
    }
    if (left.length > 0) throw new AggregateError(left, 'not all certificates are renewed');
  },
};

async function problemsOn(
  hosts: readonly Host[],
  work: (host: Host) => Promise<void>,
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  try {
    await onHosts(hosts, work, signal);
    return [];
  } catch (error) {
    signal.throwIfAborted();
    return problemsOf(error);
  }
}

async function renew(run: Prepared, host: Host, role: Role): Promise<void> {
  const isNew = isBare(inspectionOf(run, host), role) || (role === 'node' && !hasJoined(run, host));
  if (isNew) throw pending(host, `it is not deployed as ${role} yet`);
  const state = stateOf(run, host, role);
  const changes = await sessionOf(run, host).difference(role, { ...state, owner: run.cluster.name });
  const renewed = renewedFiles(run, host);
  const others = changes.filter((change) => !renewed.includes(change.subject) && !isItsRestart(run, host, change));
  if (others.length > 0) {
    const words = others.slice(0, 3).map((change) => changeInWords(change, true));
    throw pending(host, `it also differs from the file in something else: ${words.join('; ')}`);
  }
  await applyState(run, host, role, state);
}

const isBare = ({ scopes }: Inspection, role: Role): boolean => !scopes.includes(role);

function stateOf(run: Prepared, host: Host, role: Role): HostState {
  return role === 'node' ? settled(run, host, false) : roleState(run, host, role);
}

/** The files of the certificates that this run has issued for a host. */
function renewedFiles(run: Run, host: Host): readonly string[] {
  const all = certificatesFor(run.cluster, host).map(({ place }) => filesOf(place));
  return all.filter((files) => files.some((path) => run.issued.includes(`${host.name}:${path}`))).flat();
}

/** Also a restart that an earlier run has left, because another host was away. */
function isItsRestart(run: Run, host: Host, { kind, reason }: Change): boolean {
  const files = certificatesFor(run.cluster, host).flatMap(({ place }) => filesOf(place));
  return kind === 'restart' && files.some((path) => reason.startsWith(`${path} `));
}

/** A pair's, or a kubeconfig and root's copy of it. */
function filesOf(place: Place): readonly string[] {
  if (place.kind === 'pair') return [place.crt, place.key];
  return place.path === paths.adminConf ? [place.path, places.rootKubeconfig] : [place.path];
}

function pending(host: Host, message: string): Problem {
  return new Problem(`its certificates are not renewed: ${message}`, {
    code: 'ROTATION_PENDING',
    host: host.name,
    hint: 'Run a deployment: it renews them, too.',
  });
}
