import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { cacheFolder } from '../../lab/binaries/cache.ts';
import { ApiClient, type Tunnel, waitForApiServer } from '../../src/kubernetes/index.ts';

const cache = cacheFolder();
const kubernetes = join(cache, 'mirror/dl.k8s.io/v1.37.2/bin/linux/amd64');
const etcdArchive = join(
  cache,
  'mirror/github.com/etcd-io/etcd/releases/download/v3.7.3/etcd-v3.7.3-linux-amd64.tar.gz',
);

/** One of several masters: its address is invented, and its processes listen on a separate loopback address. */
export interface LocalMaster {
  readonly name: string;
  readonly address: string;
  readonly listens: string;
}

export const localMasters: readonly LocalMaster[] = [1, 2, 3].map((number) => ({
  name: `master-${number}`,
  address: `10.1.2.${number + 10}`,
  listens: `127.0.0.${number + 10}`,
}));

/** A session with this machine's own network; its streams are not sockets, like over SSH. */
export function localTunnel({ name, listens, address: own }: LocalMaster): Tunnel {
  return {
    host: { name, address: own, port: 22, user: 'root' },
    async forward(address, port) {
      const at = localMasters.find((master) => master.address === address)?.listens ?? address;
      const socket = connect(port, at === '127.0.0.1' ? listens : at);
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

/** The processes of one master. */
export interface RunningMaster extends LocalMaster {
  /** Through its own API server. */
  readonly api: ApiClient;
  /** Starts the processes that do not run: the API server, and those that `withControllers` named. */
  start(): void;
  /** Ends all at once. */
  end(signal: NodeJS.Signals): Promise<void>;
}

export interface ControlPlane extends AsyncDisposable {
  /** Through the first master. */
  readonly api: ApiClient;
  readonly masters: readonly RunningMaster[];
  readonly port: number;
  /** Where etcd serves its clients, by http. */
  readonly etcd: string;
  readonly adminConf: string;
  readonly dir: string;
  /** Through the first master, as another user: `/O=group/CN=name`. */
  apiAs(subject: string): ApiClient;
  /** The path of a program in the lab's mirror. */
  readonly kubectl: string;
  /** The output of a further API server with these flags until it serves or ends. */
  sayings(flags: readonly string[]): Promise<string>;
}

type Controller = 'kube-controller-manager' | 'kube-scheduler';

/** One etcd member, and the API server and controllers of each master, on loopback; ended and removed by disposal. */
export async function startControlPlane(
  options: {
    readonly masters?: number;
    readonly controllers?: Readonly<Partial<Record<Controller, readonly string[]>>>;
    /** The API servers' AuthenticationConfiguration. Default: anonymous users reach all paths. */
    readonly authentication?: object;
    /** The API servers' audit policy. Default: none, and no log. The log is audit.log in `dir`. */
    readonly audit?: object;
    /** The API servers' EncryptionConfiguration, encryption.yaml in `dir`. Default: none. */
    readonly encryption?: string;
  } = {},
): Promise<ControlPlane> {
  const dir = mkdtempSync(join(tmpdir(), 'k8s-ha-api-'));
  const processes = new Processes(dir);
  const [client, peer, port] = [await freePort(), await freePort(), await freePort()];
  execFileSync('tar', ['-xzf', etcdArchive, '-C', dir, '--strip-components=1']);
  makeCertificates(dir);
  processes.start('etcd', join(dir, 'etcd'), [
    `--data-dir=${dir}/data`,
    `--listen-client-urls=http://127.0.0.1:${client}`,
    `--advertise-client-urls=http://127.0.0.1:${client}`,
    `--listen-peer-urls=http://127.0.0.1:${peer}`,
    `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
    `--initial-cluster=default=http://127.0.0.1:${peer}`,
    '--unsafe-no-fsync',
  ]);
  const adminConf = kubeconfigOf(dir, `https://127.0.0.1:${port}`);
  const own = [
    ...(options.authentication ? [`--authentication-config=${dir}/authentication.json`] : []),
    ...(options.audit ? [`--audit-policy-file=${dir}/audit.json`, `--audit-log-path=${dir}/audit.log`] : []),
    ...(options.encryption ? [`--encryption-provider-config=${dir}/encryption.yaml`] : []),
  ];
  writeFileSync(join(dir, 'encryption.yaml'), options.encryption ?? '');
  writeFileSync(join(dir, 'authentication.json'), JSON.stringify(options.authentication ?? {}));
  writeFileSync(join(dir, 'audit.json'), JSON.stringify(options.audit ?? {}));
  const masters = localMasters.slice(0, options.masters ?? 1).map((master): RunningMaster => {
    const conf = join(dir, `${master.name}.conf`);
    writeFileSync(conf, kubeconfigOf(dir, `https://${master.listens}:${port}`));
    const commands: Record<string, readonly string[]> = {
      'kube-apiserver': [...apiServerFlags(dir, master, port, client), ...own],
      ...Object.fromEntries(
        Object.entries(options.controllers ?? {}).map(([name, flags]) => [
          name,
          [
            `--kubeconfig=${conf}`,
            `--bind-address=${master.listens}`,
            ...flags.map((flag) => flag.replace('DIR', dir)),
          ],
        ]),
      ),
    };
    return {
      ...master,
      api: new ApiClient(localTunnel(master), { address: master.address, port }, adminConf),
      start: () => {
        for (const [name, flags] of Object.entries(commands)) processes.startAs(master.name, name, flags);
      },
      end: async (signal) => await processes.end((name) => name.startsWith(`${master.name}/`), signal),
    };
  });
  const [first] = masters;
  if (!first) throw new Error('a control plane has a master');
  const others: ApiClient[] = [];
  const apiAs = (subject: string) => {
    const name = `user-${others.length}`;
    issue(dir, name, subject, 'extendedKeyUsage=clientAuth');
    const text = kubeconfigOf(dir, `https://${first.listens}:${port}`, name);
    others.push(new ApiClient(localTunnel(first), { address: first.address, port }, text));
    return others.at(-1) ?? first.api;
  };
  const stop = async () => {
    for (const api of [...masters.map((master) => master.api), ...others]) api.close();
    await processes.end(() => true, 'SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    for (const master of masters) {
      master.start();
      await waitForApiServer(master.api, { timeoutMs: 180_000 });
    }
  } catch (error) {
    console.error(readFileSync(join(dir, 'master-1-kube-apiserver.log'), 'utf8').slice(-2000));
    await stop();
    throw error;
  }
  const sayings = async (flags: readonly string[]) => {
    const place = { ...first, listens: '127.0.0.19' };
    return await saidUntilServing([...apiServerFlags(dir, place, port, client), ...flags]);
  };
  return {
    api: first.api,
    masters,
    port,
    etcd: `http://127.0.0.1:${client}`,
    adminConf,
    dir,
    apiAs,
    kubectl: join(kubernetes, 'kubectl'),
    sayings,
    [Symbol.asyncDispose]: stop,
  };
}

async function saidUntilServing(flags: readonly string[]): Promise<string> {
  const child = spawn(join(kubernetes, 'kube-apiserver'), flags, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let said = '';
  for await (const chunk of child.stderr) {
    said += String(chunk);
    if (!said.includes('Serving securely')) continue;
    child.kill('SIGKILL');
    break;
  }
  await ended;
  return said;
}

/** Processes by name, so that each is ended by its own id. */
class Processes {
  readonly #dir: string;
  readonly #running = new Map<string, ChildProcess>();

  constructor(dir: string) {
    this.#dir = dir;
  }

  start(name: string, binary: string, args: readonly string[]): void {
    if (this.#running.has(name)) return;
    const log = openSync(join(this.#dir, `${name.replace('/', '-')}.log`), 'a');
    const child = spawn(binary, args, { stdio: ['ignore', log, log] });
    this.#running.set(name, child);
    child.once('exit', () => this.#running.delete(name));
  }

  /** With a separate hostname, because a leader writes it into its lease. */
  startAs(host: string, binary: string, args: readonly string[]): void {
    const line = 'hostname "$0" && exec "$@"';
    this.start(`${host}/${binary}`, 'unshare', ['--uts', 'sh', '-c', line, host, join(kubernetes, binary), ...args]);
  }

  async end(chosen: (name: string) => boolean, signal: NodeJS.Signals): Promise<void> {
    const children = [...this.#running].filter(([name]) => chosen(name)).map(([, child]) => child);
    await Promise.all(
      children.map(async (child) => {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.kill(signal);
        await ended;
      }),
    );
  }
}

function apiServerFlags(dir: string, { address, listens }: LocalMaster, port: number, etcd: number): readonly string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${etcd}`,
    `--bind-address=${listens}`,
    `--advertise-address=${address}`,
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
}

const newKey = ['-newkey', 'rsa:2048', '-nodes', '-sha256'];

function opensslIn(dir: string): (...args: string[]) => void {
  return (...args) => void execFileSync('openssl', args, { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Makes NAME.key and NAME.crt, signed by the CA, in a folder. */
function issue(dir: string, name: string, subject: string, extensions: string): void {
  const openssl = opensslIn(dir);
  openssl('req', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', subject);
  writeFileSync(join(dir, `${name}.ext`), extensions);
  const ca = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', `${name}.ext`];
  openssl('x509', '-req', '-in', `${name}.csr`, ...ca, '-out', `${name}.crt`, '-days', '2');
}

function makeCertificates(dir: string): void {
  const openssl = opensslIn(dir);
  mkdirSync(dir, { recursive: true });
  openssl('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=kubernetes', '-days', '2');
  issue(
    dir,
    'server',
    '/CN=kube-apiserver',
    'subjectAltName=DNS:kubernetes,DNS:localhost,IP:127.0.0.1,IP:127.0.0.11,IP:127.0.0.12,IP:127.0.0.13\nextendedKeyUsage=serverAuth',
  );
  issue(dir, 'admin', '/O=system:masters/CN=admin', 'extendedKeyUsage=clientAuth');
  openssl('genrsa', '-out', 'sa.key', '2048');
  openssl('rsa', '-in', 'sa.key', '-pubout', '-out', 'sa.pub');
}

function kubeconfigOf(dir: string, server: string, user = 'admin'): string {
  const base64 = (file: string) => readFileSync(join(dir, file)).toString('base64');
  return `apiVersion: v1
kind: Config
current-context: admin@local
contexts: [{ name: admin@local, context: { cluster: local, user: admin } }]
clusters: [{ name: local, cluster: { server: "${server}", certificate-authority-data: ${base64('ca.crt')} } }]
users: [{ name: admin, user: { client-certificate-data: ${base64(`${user}.crt`)}, client-key-data: ${base64(`${user}.key`)} } }]
`;
}
