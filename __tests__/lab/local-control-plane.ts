import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiClient, type Tunnel, waitForApiServer } from '../../src/kubernetes/index.ts';

const cache =
  process.env.K8S_HA_LAB_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'k8s-ha-action');
const kubernetes = join(cache, 'mirror/dl.k8s.io/v1.37.2/bin/linux/amd64');
const etcdArchive = join(
  cache,
  'mirror/github.com/etcd-io/etcd/releases/download/v3.7.3/etcd-v3.7.3-linux-amd64.tar.gz',
);

/** Whether the lab has made the binaries that this needs. */
export const available = existsSync(join(kubernetes, 'kube-apiserver')) && existsSync(etcdArchive);

/** A session whose network is this machine's own; streams are not sockets, as over SSH. */
export function localTunnel(name = 'local'): Tunnel {
  return {
    host: { name, address: '127.0.0.1', port: 22, user: 'root' },
    async forward(address, port) {
      const socket = connect(port, address);
      await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
      return new Channel(socket);
    },
  };
}

/** A Duplex around a socket, so that TLS runs over a stream and not over the socket's handle. */
class Channel extends Duplex {
  readonly #socket: Duplex;

  constructor(socket: Duplex) {
    super({ allowHalfOpen: false });
    this.#socket = socket;
    socket.on('data', (chunk) => this.push(chunk) || socket.pause());
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

export interface ControlPlane extends AsyncDisposable {
  readonly api: ApiClient;
  readonly port: number;
  readonly adminConf: string;
  readonly dir: string;
  /** Starts the API server again on the same port after `stopApiServer`. */
  startApiServer(): void;
  stopApiServer(signal: NodeJS.Signals): Promise<void>;
  startController(name: 'kube-controller-manager' | 'kube-scheduler', ...flags: string[]): ChildProcess;
}

/** etcd and kube-apiserver on loopback, ended and removed by disposal. */
export async function startControlPlane(): Promise<ControlPlane> {
  const dir = mkdtempSync(join(tmpdir(), 'k8s-ha-api-'));
  const children = new Set<ChildProcess>();
  const [client, peer, port] = [await freePort(), await freePort(), await freePort()];
  execFileSync('tar', ['-xzf', etcdArchive, '-C', dir, '--strip-components=1']);
  makeCertificates(dir);
  const start = (binary: string, args: readonly string[]): ChildProcess => {
    const log = openSync(join(dir, `${binary.split('/').at(-1)}.log`), 'a');
    const child = spawn(binary, args, { stdio: ['ignore', log, log] });
    children.add(child);
    child.once('exit', () => children.delete(child));
    return child;
  };
  start(join(dir, 'etcd'), [
    `--data-dir=${dir}/data`,
    `--listen-client-urls=http://127.0.0.1:${client}`,
    `--advertise-client-urls=http://127.0.0.1:${client}`,
    `--listen-peer-urls=http://127.0.0.1:${peer}`,
    `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
    `--initial-cluster=default=http://127.0.0.1:${peer}`,
    '--unsafe-no-fsync',
  ]);
  const apiFlags = [
    `--etcd-servers=http://127.0.0.1:${client}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=10.1.2.3',
    `--secure-port=${port}`,
    `--tls-cert-file=${dir}/server.crt`,
    `--tls-private-key-file=${dir}/server.key`,
    `--client-ca-file=${dir}/ca.crt`,
    `--service-account-key-file=${dir}/sa.pub`,
    `--service-account-signing-key-file=${dir}/sa.key`,
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    '--authorization-mode=Node,RBAC',
    '--enable-bootstrap-token-auth=true',
    '--service-cluster-ip-range=10.254.0.0/16',
    '--shutdown-send-retry-after=true',
  ];
  const adminConf = kubeconfigOf(dir, port);
  writeFileSync(join(dir, 'admin.conf'), adminConf);
  let apiServer = start(join(kubernetes, 'kube-apiserver'), apiFlags);
  const api = new ApiClient(localTunnel(), { address: '127.0.0.1', port }, adminConf);
  const end = async (child: ChildProcess, signal: NodeJS.Signals) => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  };
  const stop = async () => {
    api.close();
    await Promise.all([...children].map((child) => end(child, 'SIGKILL')));
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    await waitForApiServer(api, { timeoutMs: 60_000 });
  } catch (error) {
    console.error(readFileSync(join(dir, 'kube-apiserver.log'), 'utf8').slice(-2000));
    await stop();
    throw error;
  }
  return {
    api,
    port,
    adminConf,
    dir,
    startApiServer: () => {
      apiServer = start(join(kubernetes, 'kube-apiserver'), apiFlags);
    },
    stopApiServer: async (signal) => {
      await end(apiServer, signal);
      await delay(50);
    },
    startController: (name, ...flags) =>
      start(join(kubernetes, name), [`--kubeconfig=${dir}/admin.conf`, '--bind-address=127.0.0.1', ...flags]),
    [Symbol.asyncDispose]: stop,
  };
}

function makeCertificates(dir: string): void {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] });
  mkdirSync(dir, { recursive: true });
  const key = ['-newkey', 'rsa:2048', '-nodes', '-sha256'];
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=kubernetes', '-days', '2');
  const issue = (name: string, subject: string, extensions: string) => {
    openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', subject);
    writeFileSync(join(dir, `${name}.ext`), extensions);
    const from = [
      '-in',
      `${name}.csr`,
      '-CA',
      'ca.crt',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-extfile',
      `${name}.ext`,
    ];
    openssl('x509', '-req', ...from, '-out', `${name}.crt`, '-days', '2');
  };
  issue(
    'server',
    '/CN=kube-apiserver',
    'subjectAltName=DNS:kubernetes,DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth',
  );
  issue('admin', '/O=system:masters/CN=admin', 'extendedKeyUsage=clientAuth');
  openssl('genrsa', '-out', 'sa.key', '2048');
  openssl('rsa', '-in', 'sa.key', '-pubout', '-out', 'sa.pub');
}

function kubeconfigOf(dir: string, port: number): string {
  const base64 = (file: string) => readFileSync(join(dir, file)).toString('base64');
  return `apiVersion: v1
kind: Config
current-context: admin@local
contexts: [{ name: admin@local, context: { cluster: local, user: admin } }]
clusters: [{ name: local, cluster: { server: "https://127.0.0.1:${port}", certificate-authority-data: ${base64('ca.crt')} } }]
users: [{ name: admin, user: { client-certificate-data: ${base64('admin.crt')}, client-key-data: ${base64('admin.key')} } }]
`;
}
