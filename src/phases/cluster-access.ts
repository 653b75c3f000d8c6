import { type Host, hostsWith } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import { type ApiClient, KeptConnections, openKubernetes, whyNotServing } from '../kubernetes/index.ts';
import { paths, secretFile, secretValues } from '../pki/index.ts';
import { type Connected, type Inspected, type PerhapsSecrets, sessionOf } from './stages.ts';

type Stage = Connected & PerhapsSecrets & Partial<Pick<Inspected, 'inspections'>>;

/**
 * The administrator's kubeconfig of a master: from this run's secrets, from its first exchange, or from the host. Its secrets are masked.
 * @throws Problem NOT_A_MASTER if the host has none
 */
export async function adminConf(run: Stage, master: Host): Promise<string> {
  const prepared = run.secrets?.get(master.name)?.files.find((file) => file.path === paths.adminConf);
  // A dry run has prepared only placeholders.
  if (prepared && prepared.sha256 === undefined) return prepared.content;
  const text = run.inspections?.get(master.name)?.files.get(paths.adminConf) ?? (await readAdminConf(run, master));
  if (text !== undefined) {
    const files = [secretFile(paths.adminConf, text)];
    run.mask(secretValues({ cluster: run.cluster.name, host: master.name, authorities: {}, files }));
    return text;
  }
  const hint = 'Run the master action first.';
  throw new Problem(`there is no ${paths.adminConf} here`, { code: 'NOT_A_MASTER', host: master.name, hint });
}

async function readAdminConf(run: Stage, master: Host): Promise<string | undefined> {
  const { status, stdout } = await sessionOf(run, master).run(`cat ${paths.adminConf}`);
  return status === 0 ? stdout : undefined;
}

/** A client of one master's own API server. Its connections are kept for the run's next client: a handshake takes both sides milliseconds. */
async function apiOf(run: Stage, master: Host, { address }: Pick<Host, 'address'> = master): Promise<ApiClient> {
  const endpoint = { address, port: run.cluster.api.port };
  const [session, conf] = [sessionOf(run, master), await adminConf(run, master)];
  const place = `${master.name} ${address}`;
  const known = run.apiConnections.get(place);
  if (known?.session === session && known.conf === conf) return openKubernetes(session, known.connections, endpoint);
  const connections = new KeptConnections(session, endpoint, conf);
  run.apiConnections.set(place, { session, conf, connections });
  return openKubernetes(session, connections, endpoint);
}

/**
 * Uses one master's own API server.
 * @param at another API server of the cluster, which is used through the master
 * @throws Problem NOT_A_MASTER, those of the host; what `work` throws
 */
export async function withMaster<T>(
  run: Stage,
  master: Host,
  work: (api: ApiClient) => Promise<T>,
  at: Pick<Host, 'address'> = master,
): Promise<T> {
  const api = await apiOf(run, master, at);
  try {
    return await work(api);
  } finally {
    api.close();
  }
}

/**
 * Uses the cluster through the first connected master that is ready.
 * @param last a master that is used only if no other one is ready, as its API server is about to restart
 * @throws Problem API_UNREACHABLE if none is, with the error of each.
 */
export async function withApi<T>(run: Stage, work: (api: ApiClient) => Promise<T>, last?: Host): Promise<T> {
  const connected = hostsWith(run.cluster, 'master').filter((host) => run.sessions.has(host.name));
  const masters = [...connected.filter((host) => host !== last), ...connected.filter((host) => host === last)];
  const refusals: string[] = [];
  for (const master of masters) {
    const api = await apiOf(run, master).catch(refusalOf);
    if (api instanceof Problem) {
      refusals.push(`${master.name}: ${api.message}`);
      continue;
    }
    try {
      const reason = await whyNotServing(api);
      if (reason === undefined) return await work(api);
      refusals.push(`${master.name}: ${reason}`);
    } finally {
      api.close();
    }
  }
  const hint = 'Run journalctl -u kube-apiserver on a master for the reason.';
  throw new Problem('no master answers', { code: 'API_UNREACHABLE', detail: refusals, hint });
}

/** If a master is not installed yet or is gone, the next one is tried. */
function refusalOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  throw error;
}
