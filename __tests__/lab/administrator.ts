import type { Lab } from '../../lab/lab.ts';

/** The certificates of the administrator, as texts. */
export interface Administrator {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** Reads them out of a master's kubeconfig; throws if it can't. */
export async function administratorOf(lab: Lab, master: string): Promise<Administrator> {
  const part = async (name: string) => {
    const line = `sed -n 's/^ *${name}: "\\?\\([^"]*\\)"\\?$/\\1/p' /etc/kubernetes/admin.conf | base64 -d`;
    const { status, stdout, stderr } = await lab.exec(master, ['sh', '-c', line]);
    if (status !== 0) throw new Error(`${master}: ${stderr}`);
    return stdout;
  };
  const [ca, cert, key] = await Promise.all([
    part('certificate-authority-data'),
    part('client-certificate-data'),
    part('client-key-data'),
  ]);
  return { ca, cert, key };
}
