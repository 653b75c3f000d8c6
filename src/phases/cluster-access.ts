import { type Host, hostsWith } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import { type ApiClient, openKubernetes, whyNotServing } from '../kubernetes/index.ts';
import { paths, secretFile, secretValues } from '../pki/index.ts';
import { type Connected, type PerhapsSecrets, sessionOf } from './stages.ts';

type Stage = Connected & PerhapsSecrets;

/**
 * The administrator's kubeconfig of a master: from this run's secrets, or from the host. Its secrets are masked.
 * @throws Problem NOT_A_MASTER if the host has none
 */
export async function adminConf(run: Stage, master: Host): Promise<string> {
  const prepared = run.secrets?.get(master.name)?.files.find((file) => file.path === paths.adminConf);
  // A dry run has prepared only placeholders.
  if (prepared && prepared.sha256 === undefined) return prepared.content;
  const { status, stdout } = await sessionOf(run, master).run(`cat ${paths.adminConf}`);
  if (status === 0) {
    const files = [secretFile(paths.adminConf, stdout)];
    run.mask(secretValues({ cluster: run.cluster.name, host: master.name, authorities: {}, files }));
    return stdout;
  }
  const hint = 'Run the master action first.';
  throw new Problem(`there is no ${paths.adminConf} here`, { code: 'NOT_A_MASTER', host: master.name, hint });
}

/** A client of one master's own API server. */
export async function apiOf(run: Stage, master: Host): Promise<ApiClient> {
  const endpoint = { address: master.address, port: run.cluster.api.port };
  return openKubernetes(sessionOf(run, master), await adminConf(run, master), endpoint);
}

/**
 * Uses the cluster through the first connected master that is ready.
 * @throws Problem API_UNREACHABLE if none is, with the error of each.
 */
export async function withApi<T>(run: Stage, work: (api: ApiClient) => Promise<T>): Promise<T> {
  const masters = hostsWith(run.cluster, 'master').filter((host) => run.sessions.has(host.name));
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
