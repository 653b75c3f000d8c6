import { randomUUID } from 'node:crypto';
import { hostsWith } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import { clientCertificate, parseKubeconfig } from '../kubernetes/index.ts';
import { apiServerUrl } from '../layout/addresses.ts';
import { certificateRequest, kubeconfigText, type RequestedSubject } from '../pki/index.ts';
import { newSigningPair } from '../pki/keys.ts';
import { notAfter, readCertificate } from '../pki/x509-read.ts';
import { adminConf, withApi } from './cluster-access.ts';
import type { Phase } from './phase.ts';
import type { Run } from './run.ts';
import type { Connected } from './stages.ts';

export interface AskedKubeconfig extends RequestedSubject {
  readonly seconds: number;
  /** `https://…`. Default: the master that issued the certificate. */
  readonly server?: string;
}

export interface MadeKubeconfig {
  readonly text: string;
  readonly expires: Date;
}

/** Lets the cluster issue a certificate for a key that is created here, and passes the kubeconfig with both to `keep`. */
export function issueKubeconfig(
  asked: AskedKubeconfig,
  keep: (made: MadeKubeconfig) => Promise<void>,
): Phase<Connected> {
  return {
    title: 'Issue a kubeconfig',
    async run(run, signal) {
      const { key } = await newSigningPair();
      run.mask([key, base64(key)]);
      const request = await certificateRequest(asked, key);
      const { crt, ca, server } = await issuedBy(run, asked, request, signal);
      run.log.info(`${asked.user} in ${asked.groups.join(', ')}, at ${server}`);
      await keep(madeOf(run, { server, ca, crt, key }));
    },
  };
}

/** The certificate, and the address and CA of the master that issued it. */
async function issuedBy(run: Connected, asked: AskedKubeconfig, request: string, signal: AbortSignal) {
  return await withApi(run, async (api) => {
    const master = hostsWith(run.cluster, 'master').find(({ name }) => name === api.host);
    if (!master) throw new Error(`${api.host} is no master`);
    const { ca } = parseKubeconfig(await adminConf(run, master));
    const name = `k8s-ha-action-${randomUUID()}`;
    const crt = await clientCertificate(api, { name, request, ca, seconds: asked.seconds, log: run.log, signal });
    return { crt, ca, server: asked.server ?? apiServerUrl(master.address, run.cluster.api.port) };
  });
}

type Parts = Readonly<Record<'server' | 'ca' | 'crt' | 'key', string>>;

/** Its secrets are masked before it is passed on. */
function madeOf(run: Run, { server, ca, crt, key }: Parts): MadeKubeconfig {
  const certificate = readCertificate(crt);
  if (!certificate) {
    const hint = 'Check --cluster-signing-cert-file of the kube-controller-manager.';
    throw new Problem('the cluster returned an invalid certificate', { code: 'CERTIFICATE_NOT_ISSUED', hint });
  }
  run.mask([base64(crt)]);
  const credentials = { crt, key };
  // The certificate names the user; this is only the entry's name, which contains no input.
  const text = kubeconfigText({ clusterName: run.cluster.name, server, ca, user: 'k8s-ha-action', credentials });
  return { text, expires: notAfter(certificate) };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
