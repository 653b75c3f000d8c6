import type { Host } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import { paths, places } from '../layout/paths.ts';
import { secretFile, secretValues } from '../pki/index.ts';
import { newLeafPair } from '../pki/keys.ts';
import { readCertificate, signedBy } from '../pki/x509-read.ts';
import { signerOf } from '../pki/x509-write.ts';
import { isOwn, printCertificate } from './kubelet-certificate.ts';
import { settled } from './node-state.ts';
import { authorityIn } from './rotate-authority.ts';
import { type Prepared, sessionOf } from './stages.ts';

/** As those of the cluster's signer (controller-manager.ts): it can't be revoked, and the kubelet renews it. */
const days = 30;

/** As the kubelet itself does it. Source: Update of fileStore in client-go/util/certificate/certificate_store.go */
const placeCertificate = `set -e
umask 077
folder=$(dirname ${places.kubeletClientCert})
file=$folder/kubelet-client-$(date +%Y-%m-%d-%H-%M-%S).pem
cat >"$file.new"
sync -- "$file.new"
mv -f -- "$file.new" "$file"
ln -sfn -- "$file" "$folder/kubelet-client-updated.pem"
mv -Tf -- "$folder/kubelet-client-updated.pem" ${places.kubeletClientCert}
sync -- "$folder"`;

/**
 * Gives the kubelet of a node a client certificate of the CA that signs, if it has none. The kubelet reads it at its start, and an apply restarts it
 * for the CA's file of each stage.
 * @throws Problem ROTATION_PENDING if it has not joined
 */
export async function moveKubelet(run: Prepared, host: Host): Promise<void> {
  const session = sessionOf(run, host);
  const present = (await session.run(printCertificate)).stdout;
  if (!isOwn(run, host, present))
    throw new Problem('its kubelet has no valid client certificate', {
      code: 'ROTATION_PENDING',
      host: host.name,
      hint: 'Run a deployment first: the node joins again.',
    });
  const { crt, key } = authorityIn(run, 'kubernetes');
  const [authority, own] = [readCertificate(crt), readCertificate(present)];
  if (authority && own && signedBy(own, authority)) return;
  await ran(run, host, placeCertificate, await newCertificate(run, host, { crt, key }));
  run.log.info(`${host.name}: issued the kubelet’s client certificate (not signed by the cluster’s kubernetes CA)`);
}

/** The certificate and its key, as the kubelet keeps them in one file. They are masked. */
async function newCertificate(
  run: Prepared,
  { name, nodeName }: Host,
  authority: Parameters<typeof signerOf>[0],
): Promise<string> {
  const [sign, { key, pub }] = await Promise.all([signerOf(authority), newLeafPair()]);
  const subject = { commonName: `system:node:${nodeName}`, organization: 'system:nodes' };
  const crt = sign({ ...subject, dns: [], ips: [], usages: ['clientAuth'], days }, pub, run.now);
  const files = [secretFile(places.kubeletClientCert, key)];
  run.mask(secretValues({ cluster: run.cluster.name, host: name, authorities: {}, files }));
  return `${crt.trim()}\n${key.trim()}\n`;
}

async function ran(run: Prepared, host: Host, script: string, input = ''): Promise<string> {
  const { status, stdout, stderr } = await sessionOf(run, host).run(script, { input });
  if (status === 0) return stdout;
  throw new Problem(`the kubelet’s certificate can’t be replaced: ${stderr.trim()}`, {
    code: 'ROTATION_UNPROVEN',
    host: host.name,
    hint: 'Repair the host, and run again: the rotation continues where it stopped.',
  });
}

/**
 * Units that were started no later than the kubelet's kubeconfig was written, in whole seconds, restart; their names are printed. The engine restarts
 * what names a file of the same state; the kubelet's kubeconfig is a file of joined nodes only.
 */
const restartOlder = (units: readonly string[]) => `conf=$(stat -c %Y ${paths.kubeletConf}) || exit 1
for unit in ${units.join(' ')}; do
  started=$(date -d "$(systemctl show --property=ExecMainStartTimestamp --value "$unit")" +%s) || exit 1
  [ "$started" -gt "$conf" ] || { systemctl restart "$unit" && echo "$unit"; } || exit 1
done`;

/** Restarts what else reads the kubelet's kubeconfig (flannel), and still runs with the former one. @throws Problem ROTATION_UNPROVEN */
export async function restartWithKubeconfig(run: Prepared, host: Host): Promise<void> {
  const units = settled(run, host, false).units.filter(
    ({ content, reads }) => content.includes(paths.kubeletConf) && !reads.includes(paths.kubeletConf),
  );
  const restarted = await ran(run, host, restartOlder(units.map(({ name }) => name)));
  for (const unit of restarted.split('\n').filter((line) => line !== ''))
    run.log.info(`${host.name}: restarted ${unit} (${paths.kubeletConf} changed since its start)`);
}
