import type { Cluster, Host } from '../../cluster/cluster.ts';
import { etcdHealth } from '../../etcd/health.ts';
import type { HostSession } from '../../host/engine.ts';
import { type ApiClient, nodeStatus, openKubernetes, whyNotServing } from '../../kubernetes/index.ts';
import { now } from '../instruments/clock.ts';
import { servingMasters } from '../instruments/endpoint-watch.ts';
import type { Sighting } from '../instruments/timeline.ts';
import { untilNoReason } from '../instruments/until.ts';
import { controllersHealth } from './controllers-health.ts';

export interface RejoinScene {
  readonly cluster: Cluster;
  readonly host: Host;
  readonly adminConf: string;
  /** A session to the host after the fault, retried until it opens; the provider closes it. */
  readonly open: () => Promise<HostSession>;
  /** The API through a master other than the target. */
  readonly api: ApiClient;
  /** A session to a host with etcd other than the target, to ask about the members. */
  readonly etcdSession: HostSession | undefined;
  /** The last renewal by its kubelet before the restore: the API's time, because the clocks of hosts differ. */
  readonly lastRenewed: Date | undefined;
  readonly timeoutMs: number;
}

export interface Rejoin {
  /** When each part was back, by the runner's clock. */
  readonly seen: readonly Sighting[];
  /** When all parts were back. */
  readonly inStepAt: number | undefined;
  /** What is still missing, in words. */
  readonly missing: readonly string[];
}

/** Waits until the host is in sync with the others again: each of its parts works, and the others see it. Never throws. */
export async function waitForRejoin(scene: RejoinScene): Promise<Rejoin> {
  const { host, cluster, timeoutMs, open } = scene;
  const end = now() + timeoutMs;
  const seen: Sighting[] = [];
  const missing: string[] = [];
  const wait = async (what: string, look: () => Promise<string | undefined>): Promise<void> => {
    const reason = await untilNoReason(look, end);
    if (reason === undefined) seen.push({ at: now(), track: 'rejoin', what: `${host.name}: ${what}` });
    else missing.push(`${what}: ${reason}`);
  };
  let session: HostSession | undefined;
  const answering = wait('answers SSH', async () => {
    session = await open();
    return undefined;
  });
  // The view of the others needs no session to the host.
  const others = outside(scene).map(([what, look]) => wait(what, look));
  await answering;
  if (session) {
    const own = openKubernetes(session, scene.adminConf, { address: host.address, port: cluster.api.port });
    await Promise.all(inside(scene, own, session).map(([what, look]) => wait(what, look)));
    own.close();
  }
  await Promise.all(others);
  return { seen, missing, inStepAt: missing.length === 0 ? now() : undefined };
}

type Look = readonly [what: string, look: () => Promise<string | undefined>];

/** Parts whose state only the host itself can report. */
function inside({ host, api }: RejoinScene, own: ApiClient, session: HostSession): readonly Look[] {
  if (!host.roles.includes('master')) return [];
  const listed = async () => (await servingMasters(api)).includes(host.address);
  return [
    ['its API server is ready', () => whyNotServing(own)],
    // Before the API server serves, the entry is the old one from before the fault, which takes a while to go.
    [
      'it is in the kubernetes Service',
      async () => (await whyNotServing(own)) ?? ((await listed()) ? undefined : 'not listed'),
    ],
    ['its controller-manager and scheduler run', () => controllersHealth(session)],
  ];
}

/** The state of the host in the view of the others. */
function outside({ host, cluster, api, etcdSession, lastRenewed }: RejoinScene): readonly Look[] {
  const looks: Look[] = [];
  if (host.roles.includes('etcd') && etcdSession) {
    looks.push(['its etcd member is in step', async () => lagOf(host.name, await etcdHealth(etcdSession, cluster))]);
  }
  if (host.roles.includes('node')) {
    looks.push([
      'its node is Ready',
      async () => {
        const status = await nodeStatus(api, host.nodeName);
        if (!status) return 'no such node';
        // A node stays Ready for a while after its death: only later reports of its kubelet count.
        if (!status.renewed || status.renewed.getTime() <= (lastRenewed?.getTime() ?? 0))
          return 'its kubelet has not reported since';
        return status.reason;
      },
    ]);
  }
  return looks;
}

/** A member with up to this many entries less than the furthest one still counts as in sync, because the answers are not simultaneous. */
const slack = 1000;

function lagOf(name: string, { members }: Awaited<ReturnType<typeof etcdHealth>>): string | undefined {
  const own = members.find(({ host }) => host === name);
  if (!own?.healthy) return own?.error ?? 'no answer';
  const behind = Math.max(...members.map(({ applied }) => applied)) - own.applied;
  return behind > slack ? `${behind} entries behind` : undefined;
}
