import type { Host } from '../cluster/cluster.ts';
import {
  type ApiClient,
  bootstrapUser,
  deleteBootstrapToken,
  deleteTokensOf,
  type Expectation,
  putBootstrapToken,
} from '../kubernetes/index.ts';
import { type BootstrapToken, newBootstrapToken, tokenValues } from '../pki/index.ts';
import type { Run } from './run.ts';

/** The lifetime of a token, in case the run is killed before it deletes it; a join takes less than a minute. */
const lifetimeMs = 10 * 60_000;
/** While a join takes longer, its token is renewed twice per lifetime, so that one request may fail. */
const renewMs = 4 * 60_000;

/** The bootstrap tokens of one run: one per joining host, valid only for a request for this host's node. */
export class JoinTokens {
  readonly #run: Run;
  readonly #api: ApiClient;
  readonly #tokens: ReadonlyMap<Host, BootstrapToken>;
  readonly #live: Set<Host>;
  readonly #timer: NodeJS.Timeout;
  #renewing: Promise<unknown> = Promise.resolve();

  /** Creates a token for each host, and deletes those that earlier runs left for it. @throws ApiProblem */
  static async make(run: Run, api: ApiClient, hosts: readonly Host[]): Promise<JoinTokens> {
    await deleteTokensOf(api, new Set(hosts.map(({ nodeName }) => nodeName)));
    const tokens = new JoinTokens(run, api, hosts);
    try {
      await tokens.#put(hosts);
      return tokens;
    } catch (error) {
      await tokens.endAll();
      throw error;
    }
  }

  private constructor(run: Run, api: ApiClient, hosts: readonly Host[]) {
    this.#run = run;
    this.#api = api;
    this.#tokens = new Map(hosts.map((host) => [host, newBootstrapToken()]));
    this.#live = new Set(hosts);
    for (const token of this.#tokens.values()) run.mask(tokenValues(token));
    this.#timer = setInterval(() => this.#renew(), renewMs);
    this.#timer.unref();
  }

  /** The node that each token's user may become. */
  get expected(): Expectation {
    const entries = [...this.#tokens].map(([host, token]) => [bootstrapUser(token), host] as const);
    return new Map(entries.map(([user, { name, nodeName }]) => [user, { host: name, node: nodeName }]));
  }

  of(host: Host): BootstrapToken {
    const token = this.#tokens.get(host);
    if (!token) throw new Error(`no token was made for ${host.name}`);
    return token;
  }

  /** Deletes a host's token. If that fails, the token expires by itself, and the failure is logged. */
  async end(host: Host): Promise<void> {
    if (!this.#live.delete(host)) return;
    // Waits for a pending renewal, which would create it again.
    await this.#renewing;
    await deleteBootstrapToken(this.#api, this.of(host)).catch(() => {
      const minutes = lifetimeMs / 60_000;
      this.#run.log.warning(
        `${host.name}: its bootstrap token could not be deleted; it ends within ${minutes} minutes`,
      );
    });
  }

  async endAll(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([...this.#live].map((host) => this.end(host)));
  }

  async #put(hosts: Iterable<Host>): Promise<void> {
    const expires = new Date(Date.now() + lifetimeMs);
    const puts = [...hosts].map((host) => putBootstrapToken(this.#api, this.of(host), host.nodeName, expires));
    await Promise.all(puts);
  }

  #renew(): void {
    this.#renewing = this.#put(this.#live).catch(() => undefined);
  }
}
