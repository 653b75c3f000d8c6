import { readFileSync } from 'node:fs';
import { basename } from 'node:path/posix';
import type { Cluster } from '../cluster/cluster.ts';
import { stateDirectory } from '../host/expand.ts';
import { scratchWork } from '../host/scratch-work.ts';
import { shellCommand, shellQuoted } from '../host/shell-command.ts';
import { components } from '../layout/components.ts';
import { paths } from '../layout/paths.ts';
import { type Authorities, authorityFiles } from '../pki/index.ts';

// The build inlines these lines: each stays one line of exactly this shape.
const openBackup = readFileSync(new URL('./open-backup.sh', import.meta.url), 'utf8');
const scratchServer = readFileSync(new URL('./scratch-server.sh', import.meta.url), 'utf8');

/** A backup's snapshot of etcd, and what an API server needs to read it. */
export interface ToOpen {
  readonly bytes: number;
  readonly sha256: string;
  readonly revision: number;
  /** Below which keys Kubernetes has its objects: `/registry`. */
  readonly prefix: string;
  /** Plural names of the kinds that are read. */
  readonly kinds: readonly string[];
}

/** In the unit's own network, so these are no other program's. */
const etcdUrl = `http://127.0.0.1:${components.etcd.ports.clients.port}`;
const port = components.apiServer.ports.api.usual;

/**
 * Lines of sh for a master: an etcd and an API server are started with the snapshot, and print what `readOpenReport` reads. stdin: what
 * `openInput` yields. Its status is 3 while another one is at work there.
 */
export function openCommand(cluster: Cluster, { bytes, sha256, revision, prefix, kinds }: ToOpen): string {
  const inUnit = {
    BIN: cluster.binDir,
    ETCD: etcdUrl,
    REVISION: String(revision),
    PREFIX: prefix,
    KINDS: kinds.join(' '),
  };
  const kubectl = ['kubectl', '--kubeconfig=kubeconfig', '--cache-dir=cache', '--request-timeout=120s'];
  const script = [
    ...assignments(inUnit),
    `server() { exec ${shellCommand(serverCommand(cluster, prefix))}; }`,
    `api() { "$BIN/"${shellCommand(kubectl)} "$@"; }`,
    scratchServer,
  ].join('\n');
  const set = {
    DIRECTORY: `${stateDirectory}/backup-api`,
    UNIT: 'k8s-ha-action-backup-api.service',
    SIZE: String(bytes),
    SHA256: sha256,
    SCRIPT: script,
  };
  return [...assignments(set), scratchWork, openBackup].join('\n');
}

const assignments = (set: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(set).map(([name, value]) => `${name}=${shellQuoted(value)}`);

/**
 * It admits what it writes itself at its start without the cluster's webhooks, whose servers are not there. Without its cache it needs as much memory
 * for a large cluster as for a small one, and with an authorizer that asks nothing it lists nothing by itself.
 */
function serverCommand({ binDir, network, apiServer }: Cluster, prefix: string): readonly string[] {
  const webhooks = ['Mutating', 'Validating'].flatMap((kind) => [`${kind}AdmissionWebhook`, `${kind}AdmissionPolicy`]);
  // What the API serves depends on these.
  const own = apiServer.extraArgs.filter(({ name }) => name === 'feature-gates' || name === 'runtime-config');
  return [
    `${binDir}/kube-apiserver`,
    ...[`--etcd-servers=${etcdUrl}`, `--etcd-prefix=${prefix}`, '--etcd-compaction-interval=0', '--watch-cache=false'],
    ...[
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      '--advertise-address=127.0.0.1',
      '--cert-dir=certificates',
    ],
    ...['--token-auth-file=tokens.csv', '--authorization-mode=AlwaysAllow', '--anonymous-auth=false'],
    `--encryption-provider-config=${basename(paths.encryptionConfig)}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${basename(paths.serviceAccount.pub)}`,
    `--service-account-signing-key-file=${basename(paths.serviceAccount.key)}`,
    `--service-cluster-ip-range=${network.serviceSubnet}`,
    `--disable-admission-plugins=${webhooks.join(',')}`,
    '--endpoint-reconciler-type=none',
    '--profiling=false',
    ...own.map(({ name, value }) => `--${name}=${value}`),
  ];
}

/** The files that the API server gets from the backup, and what kubectl logs in with: a token that only this run has. Then the snapshot. */
export async function* openInput(
  authorities: Authorities,
  token: string,
  snapshot: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const needed: readonly string[] = [paths.encryptionConfig, paths.serviceAccount.key, paths.serviceAccount.pub];
  const secrets = authorityFiles(authorities).filter(({ path }) => needed.includes(path));
  const files = {
    ...Object.fromEntries(secrets.map(({ path, content }) => [basename(path), content])),
    'tokens.csv': `${token},backup,backup\n`,
    kubeconfig: kubeconfig(token),
  };
  const lines = Object.entries(files).map(([name, text]) => `${name} ${Buffer.from(text).toString('base64')}\n`);
  yield Buffer.from(`${lines.join('')}snapshot\n`);
  yield* snapshot;
}

function kubeconfig(token: string): string {
  const name = 'scratch';
  const cluster = { server: `https://127.0.0.1:${port}`, 'certificate-authority': 'certificates/apiserver.crt' };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  });
}
