import { type Cluster, type Host, hostsWith } from '../cluster/cluster.ts';
import { Problem, unlessProblem } from '../errors.ts';
import { type EtcdOnHost, type ObservedMembers, observeEtcd, readEtcdOnHost } from '../etcd/observe.ts';
import { places } from '../layout/paths.ts';
import { connect } from './connect-hosts.ts';
import { type Run, targetsOf } from './run.ts';
import { type Connected, type Inspected, inspectionOf, sessionOf } from './stages.ts';

/** Seconds for one host's answer: etcdctl waits for 8. */
const timeoutSeconds = 20;

/** What the first exchange says of etcd on the hosts that this run changes. */
export function observedAtFirst(run: Inspected): ObservedMembers {
  return observationOf(
    targetsOf(run, 'etcd').flatMap((host) =>
      inspectionOf(run, host)
        .answers.slice(0, 1)
        .map(({ stdout }) => [host, stdout] as const),
    ),
  );
}

/** Hosts that may have a member: those with the role, and those that are to leave, whose line may have a wrong role. */
const hostsOfMembers = (cluster: Cluster): readonly Host[] => [...hostsWith(cluster, 'etcd'), ...cluster.removed];

/** Asks all hosts of etcd that are connected. */
export async function observeMembers(run: Connected): Promise<ObservedMembers> {
  const hosts = hostsOfMembers(run.cluster).filter(({ name }) => run.connections.has(name));
  const ask = async (host: Host): Promise<readonly [Host, string | undefined]> => [host, await answerOf(run, host)];
  return observationOf(await Promise.all(hosts.map(ask)));
}

/** Connects to the hosts of etcd that this run does not change, to ask them; one that does not answer stays unknown. */
export async function reachMembers(run: Run, signal: AbortSignal): Promise<void> {
  const others = hostsOfMembers(run.cluster).filter(({ name }) => !run.connections.has(name));
  const reach = async (host: Host): Promise<void> => {
    try {
      await connect(run, host, { readOnly: true, retries: run.access.retries ?? retriesOf(run.cluster, host), signal });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      run.log.info(`${host.name}: its member of etcd is unknown: ${error.message}`);
    }
  };
  await Promise.all(others.map(reach));
}

/** One that is to leave may be gone. */
const retriesOf = ({ removed }: Cluster, host: Host): number => (removed.includes(host) ? 1 : 2);

/** A host whose connection is lost says nothing. */
async function answerOf(run: Connected, host: Host): Promise<string | undefined> {
  const line = observeEtcd(run.cluster, host, places.etcdBootstrap);
  return (await unlessProblem(() => sessionOf(run, host).run(line, { timeoutSeconds })))?.stdout;
}

function observationOf(answers: readonly (readonly [Host, string | undefined])[]): ObservedMembers {
  return new Map(
    answers.flatMap(([{ name }, stdout]): [string, EtcdOnHost][] => {
      const said = stdout === undefined ? undefined : readEtcdOnHost(stdout);
      return said ? [[name, said]] : [];
    }),
  );
}
