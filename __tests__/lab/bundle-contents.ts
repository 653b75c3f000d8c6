import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { parse } from 'yaml';

// Parsed without the product's own code, which could be wrong about secrets in the same way.

/** The fields of a bundle's content that are read here. */
export interface Opened {
  readonly files: readonly {
    readonly path: string;
    readonly content: string;
    readonly mode: string;
    readonly owner: string;
    readonly secret: boolean;
  }[];
}

/** The real kind of each file of a bundle, by path: whose certificate it is, or whose key, by its public key. */
export function contentsOf(bundle: Opened): Readonly<Record<string, string>> {
  const owners = ownersOf(bundle);
  return Object.fromEntries(
    bundle.files.map(({ path, content, mode, owner, secret }) => {
      const kind = kindOf(content, owners);
      return [path, secret ? `${kind}, ${mode} ${owner}` : kind];
    }),
  );
}

/** Public keys, and their owners. */
function ownersOf({ files }: Opened): ReadonlyMap<string, string> {
  return new Map(
    files.flatMap(({ path, content }): [string, string][] => {
      if (content.startsWith('-----BEGIN PUBLIC KEY')) return [[publicHalf(content), path]];
      if (!content.startsWith('-----BEGIN CERTIFICATE')) return [];
      const { publicKey, subject } = new X509Certificate(content);
      return [[publicKey.export({ type: 'spki', format: 'pem' }).toString(), commonName(subject)]];
    }),
  );
}

function kindOf(content: string, owners: ReadonlyMap<string, string>): string {
  if (content.startsWith('-----BEGIN CERTIFICATE'))
    return `certificate of ${commonName(new X509Certificate(content).subject)}`;
  if (content.startsWith('-----BEGIN PUBLIC KEY')) return 'public key';
  if (content.startsWith('-----BEGIN')) return `key of ${owners.get(publicHalf(content)) ?? 'no host here'}`;
  const document = parse(content);
  if (document.kind === 'EncryptionConfiguration') return 'encryption key';
  return document.kind === 'Config' ? kubeconfigKind(document) : 'something else';
}

function kubeconfigKind({ users }: { users: readonly { user: Record<string, string> }[] }): string {
  const [{ user = {} } = {}, ...more] = users;
  const { 'client-certificate-data': crt = '', 'client-key-data': key = '', ...rest } = user;
  if (more.length > 0 || Object.keys(rest).length > 0) return 'a kubeconfig of another kind';
  const certificate = new X509Certificate(Buffer.from(crt, 'base64'));
  const fits = certificate.checkPrivateKey(createPrivateKey(Buffer.from(key, 'base64')));
  return `kubeconfig of ${commonName(certificate.subject)}${fits ? '' : ' with the key of another'}`;
}

function publicHalf(pem: string): string {
  return createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString();
}

function commonName(subject: string): string {
  return /^CN=(.*)$/m.exec(subject)?.[1] ?? subject;
}

const files = (folder: string, name: string, who: string, owner = 'root:root') => ({
  [`${folder}/${name}.crt`]: `certificate of ${who}`,
  [`${folder}/${name}.key`]: `key of ${who}, 600 ${owner}`,
});
const [pki, etcdPki] = ['/etc/kubernetes/pki', '/etc/etcd/pki'];

/** By role, the complete content of a host's bundle; a host with two roles has both. */
export const expectedContents = {
  etcd: (host: string) => ({
    [`${etcdPki}/ca.crt`]: 'certificate of etcd-ca',
    ...files(etcdPki, 'server', host, 'etcd:etcd'),
    ...files(etcdPki, 'peer', host, 'etcd:etcd'),
    ...files(etcdPki, 'healthcheck-client', 'kube-etcd-healthcheck-client'),
  }),
  master: () => ({
    ...files(pki, 'ca', 'kubernetes'),
    ...files(`${pki}/etcd`, 'ca', 'etcd-ca'),
    ...files(pki, 'front-proxy-ca', 'front-proxy-ca'),
    [`${pki}/sa.pub`]: 'public key',
    [`${pki}/sa.key`]: `key of ${pki}/sa.pub, 600 root:root`,
    '/etc/kubernetes/encryption-config.yaml': 'encryption key, 600 root:root',
    ...files(pki, 'apiserver', 'kube-apiserver'),
    ...files(pki, 'apiserver-kubelet-client', 'kube-apiserver-kubelet-client'),
    ...files(pki, 'apiserver-etcd-client', 'kube-apiserver-etcd-client'),
    ...files(pki, 'front-proxy-client', 'front-proxy-client'),
    '/etc/kubernetes/admin.conf': 'kubeconfig of kubernetes-admin, 600 root:root',
    '/etc/kubernetes/controller-manager.conf': 'kubeconfig of system:kube-controller-manager, 600 root:root',
    '/etc/kubernetes/scheduler.conf': 'kubeconfig of system:kube-scheduler, 600 root:root',
  }),
  node: (host: string) => ({
    [`${pki}/ca.crt`]: 'certificate of kubernetes',
    ...files(pki, 'kubelet', `system:node:${host}`),
    '/etc/kubernetes/proxy.conf': 'kubeconfig of system:kube-proxy, 600 root:root',
  }),
} as const;
