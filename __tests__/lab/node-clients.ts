import type { Lab } from '../../lab/lab.ts';
import { inNetworkOf } from './networks.ts';
import { requestsDriver, type Sample, startRequests } from './requests.ts';
import { localApi } from './seed-hosts.ts';

/** The admin's access, as a master has it on its disk. */
export interface AdminFiles {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** Reads the admin's certificates on a master. */
export async function adminFiles(lab: Lab, master: string): Promise<AdminFiles> {
  const part = async (name: string) => {
    const line = `sed -n 's/^ *${name}: "\\?\\([^"]*\\)"\\?$/\\1/p' /etc/kubernetes/admin.conf | base64 -d`;
    return (await lab.exec(master, ['sh', '-c', line])).stdout;
  };
  const [ca = '', cert = '', key = ''] = await Promise.all(
    ['certificate-authority-data', 'client-certificate-data', 'client-key-data'].map(part),
  );
  return { ca, cert, key };
}

/** Ten new connections a second on a node, through its load balancer. */
export async function clientsOf(node: string, admin: AdminFiles): Promise<() => Promise<readonly Sample[]>> {
  const targets = { [node]: `${localApi}/api/v1/namespaces/default` };
  return await startRequests(inNetworkOf(node, requestsDriver), { ...admin, targets, everyMs: 100, timeoutMs: 10_000 });
}
