import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { ApiClient } from '../../src/kubernetes/index.ts';
import { makeAuthorities } from '../../src/pki/authorities.ts';
import { newSigningPair } from '../../src/pki/keys.ts';
import { signerOf } from '../../src/pki/x509-write.ts';

/** Certificates of a cluster, made once for all servers of a test. */
export interface OddCluster {
  readonly server: { readonly key: string; readonly cert: string };
  readonly client: { readonly ca: string; readonly key: string; readonly cert: string };
}

export async function oddCluster(): Promise<OddCluster> {
  const now = new Date();
  const { kubernetes } = await makeAuthorities(now);
  const signer = await signerOf(kubernetes);
  const [own, admin] = await Promise.all([newSigningPair(), newSigningPair()]);
  const leaf = { dns: ['kubernetes'], ips: [], usages: ['serverAuth', 'clientAuth'] } as const;
  return {
    server: { key: own.key, cert: signer({ ...leaf, commonName: 'kube-apiserver' }, own.pub, now) },
    client: {
      ca: kubernetes.crt,
      key: admin.key,
      cert: signer({ ...leaf, commonName: 'admin' }, admin.pub, now),
    },
  };
}

/** An API server with the cluster's certificate that answers as a test chooses, and a client of it. */
export class OddApiServer implements AsyncDisposable {
  readonly asked: string[] = [];
  readonly api: ApiClient;
  readonly #server: Server;

  private constructor(server: Server, { client }: OddCluster, asked: string[]) {
    this.#server = server;
    this.asked = asked;
    const { port } = server.address() as AddressInfo;
    const host = { name: 'master-1', address: '127.0.0.1', port: 22, user: 'root' };
    const forward = async () => connect(port, '127.0.0.1');
    this.api = new ApiClient({ host, forward }, { address: '127.0.0.1', port }, { server: '', ...client });
  }

  static async start(cluster: OddCluster, answer: RequestListener): Promise<OddApiServer> {
    const asked: string[] = [];
    const server = createServer(cluster.server, (question, response) => {
      asked.push(question.url ?? '');
      answer(question, response);
    });
    server.on('clientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new OddApiServer(server, cluster, asked);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.api.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
