// A signer of certificates with openssl: of valid ones, and of ones that the cluster's own signer never makes.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Signed {
  /** `/O=…/CN=…` instead of the request's own. */
  readonly subject?: string;
  /** Extensions instead of a client's. */
  readonly extensions?: readonly string[];
  readonly days?: number;
  /** Another key than the request's. */
  readonly otherKey?: boolean;
}

export const clientExtensions = [
  'keyUsage=critical,digitalSignature',
  'extendedKeyUsage=clientAuth',
  'basicConstraints=critical,CA:FALSE',
];

export class OpensslSigner implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'k8s-ha-signer-'));

  /** @param authority PEM of a CA that exists. Default: a new one. */
  constructor(authority?: { readonly crt: string; readonly key: string }) {
    const files = ['-keyout', 'ca.key', '-out', 'ca.crt', '-days', '400', '-subj', '/CN=kubernetes'];
    if (authority) {
      writeFileSync(join(this.#folder, 'ca.crt'), authority.crt);
      writeFileSync(join(this.#folder, 'ca.key'), authority.key);
    } else this.#openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...files);
  }

  get ca(): string {
    return readFileSync(join(this.#folder, 'ca.crt'), 'utf8');
  }

  /** A new request by an EC key, as PEM. */
  request(subject: string): string {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'leaf.key'];
    return this.#openssl('req', '-new', ...key, '-subj', subject);
  }

  /** The certificate for a request, as PEM. */
  sign(request: string, { subject, extensions = clientExtensions, days = 1, otherKey = false }: Signed = {}): string {
    writeFileSync(join(this.#folder, 'leaf.csr'), request);
    writeFileSync(join(this.#folder, 'leaf.ext'), extensions.join('\n'));
    if (otherKey) this.#openssl('genrsa', '-out', 'other.key', '2048');
    if (otherKey) this.#openssl('rsa', '-in', 'other.key', '-pubout', '-out', 'other.pub');
    return this.#openssl(
      ...['x509', '-req', '-in', 'leaf.csr', '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-sha256'],
      ...['-extfile', 'leaf.ext', '-days', String(days)],
      ...(subject === undefined ? [] : ['-subj', subject]),
      ...(otherKey ? ['-force_pubkey', 'other.pub'] : []),
    );
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #openssl(...args: readonly string[]): string {
    return execFileSync('openssl', args, { cwd: this.#folder, stdio: ['ignore', 'pipe', 'pipe'] }).toString();
  }
}
