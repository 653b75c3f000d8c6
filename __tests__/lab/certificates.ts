import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { run } from '../../lab/command.ts';
import { scratchFolder } from '../lab-tools/scratch.ts';
import type { SeedHost } from './seed-hosts.ts';
import { onHost } from './seed-lab.ts';

export type AuthorityName = 'kubernetes' | 'etcd' | 'front-proxy';

/** A certificate on a host, in its own file or inside a kubeconfig. */
export interface Placed {
  readonly host: string;
  readonly path: string;
  readonly pem: string;
}

/** Every certificate on a host, except those of the distribution. */
export async function certificatesOn({ name }: SeedHost): Promise<readonly Placed[]> {
  const files = 'find /etc/kubernetes /etc/etcd /var/lib/kubelet/pki /root/.kube -type f 2>/dev/null || true';
  const listed = (await onHost(name, files)).split('\n').filter(Boolean);
  const all = await Promise.all(
    listed.map(async (path) => {
      const text = await onHost(name, `cat ${path}`);
      return pemsIn(text).map(([part, pem]) => ({ host: name, path: `${path}${part}`, pem }));
    }),
  );
  return all.flat();
}

function pemsIn(text: string): readonly (readonly [part: string, pem: string])[] {
  if (/^kind: "?Config|"kind": ?"Config"/m.test(text)) {
    const { clusters, users } = parse(text);
    const inside = (base64: unknown) => (base64 ? Buffer.from(String(base64), 'base64').toString() : undefined);
    const [ca, own] = [
      inside(clusters?.[0]?.cluster?.['certificate-authority-data']),
      inside(users?.[0]?.user?.['client-certificate-data']),
    ];
    return [...(ca ? [['#ca', ca] as const] : []), ...(own ? [['#client', own] as const] : [])];
  }
  return (text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----\n/g) ?? []).map(
    (pem) => ['', pem] as const,
  );
}

/** The CA that must have signed the certificate at a path. */
export function authorityFor(path: string): AuthorityName {
  if (path.includes('front-proxy')) return 'front-proxy';
  return path.includes('etcd') ? 'etcd' : 'kubernetes';
}

/** The result of `openssl verify` for each certificate: `OK`, or the error. */
export async function opensslVerify(
  authority: string,
  pems: readonly string[],
  purpose?: 'sslserver' | 'sslclient',
): Promise<readonly string[]> {
  await using scratch = await scratchFolder();
  const ca = join(scratch.path, 'ca.pem');
  writeFileSync(ca, authority);
  const files = pems.map((pem, index) => {
    const file = join(scratch.path, `${index}.pem`);
    writeFileSync(file, pem);
    return file;
  });
  const asked = ['-x509_strict', '-no-CApath', '-no-CAstore', ...(purpose ? ['-purpose', purpose] : [])];
  return await Promise.all(
    files.map(async (file) => {
      const { status, stdout, stderr } = await run(['openssl', 'verify', ...asked, '-CAfile', ca, file]);
      return status === 0
        ? stdout.trim().replace(`${file}: `, '')
        : (/error \d+.*/.exec(stderr + stdout)?.[0] ?? stderr);
    }),
  );
}

/** A certificate's alternative names, sorted. */
export function sansOf(pem: string): readonly string[] {
  const names = new X509Certificate(pem).subjectAltName ?? '';
  return names
    .split(', ')
    .map((name) => name.replace(/^(DNS|IP Address):/, ''))
    .toSorted();
}

/** `CN` and `O` of a certificate. */
export function subjectOf(pem: string): string {
  return new X509Certificate(pem).subject.split('\n').toSorted().join(', ');
}
