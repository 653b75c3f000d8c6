import { createPrivateKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { run } from '../../lab/command.ts';
import { scratchFolder } from '../lab-tools/scratch.ts';
import type { SeedHost } from './seed-hosts.ts';
import { lab, onHost } from './seed-lab.ts';

// Found and parsed here without the product's own code, which could be wrong about secrets in the same way.

const places = '/etc/kubernetes /etc/etcd /var/lib/kubelet/pki /root/.kube';
/** The length of the searched pieces, so that a part of a secret is found too, in lines of any width. */
const piece = 32;

/** Texts that identify a host's secrets anywhere: in the form of their files, and in base64. */
export async function tracesOf(host: SeedHost | string): Promise<readonly string[]> {
  const name = typeof host === 'string' ? host : host.name;
  const listed = await onHost(name, `find ${places} -type f 2>/dev/null || true`);
  const texts = await Promise.all(
    listed
      .split('\n')
      .filter(Boolean)
      .map((file) => onHost(name, `cat ${file}`)),
  );
  return texts.flatMap(tracesIn);
}

/** The same for one file's text; empty for a file without a secret. */
export function tracesIn(text: string): readonly string[] {
  const keys = text.match(/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----\n?/g) ?? [];
  const pems = keys.flatMap(tracesOfKey);
  if (!/^(apiVersion|kind):/m.test(text)) return pems;
  return [...pems, ...tracesInYaml(parse(text))];
}

function tracesInYaml(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'client-key-data') return tracesOfKey(Buffer.from(String(inner), 'base64').toString());
    if (key === 'secret') return tracesOfValue(String(inner));
    // A bootstrap token is a public id and, after the dot, the secret.
    if (key === 'token') return tracesOfValue(String(inner).replace(/^.*\./, ''));
    return tracesInYaml(inner);
  });
}

/** A value that is short enough to be searched as a whole. */
export function tracesOfValue(value: string): readonly string[] {
  return [value, Buffer.from(value).toString('base64').replace(/=+$/, '')];
}

/** The part of a key's file that is in no certificate and no public key, unchanged and in base64. */
function tracesOfKey(pem: string): readonly string[] {
  const banner = pem.indexOf('\n') + 1;
  const lines = pem.slice(banner, pem.indexOf('\n-----END'));
  // An RSA key begins with its public part, 364 characters; an EC key ends with it, and its first 52 characters are the secret.
  const rsa = createPrivateKey(pem).asymmetricKeyType === 'rsa';
  const [from, to] = rsa ? [6 * 65, lines.length] : [0, 52];
  const body = lines.slice(from, to).replaceAll('\n', '');
  // Base64 takes three bytes at a time, counted from the beginning of the file.
  const begin = Math.ceil((banner + from) / 3) * 3;
  const wrapped = Buffer.from(pem.slice(begin, banner + to))
    .toString('base64')
    .slice(0, -4);
  return [...piecesOf(body), ...piecesOf(wrapped)];
}

function piecesOf(text: string): readonly string[] {
  const count = Math.floor(text.length / piece);
  return Array.from({ length: count }, (_, index) => text.slice(index * piece, (index + 1) * piece));
}

/** The traces that are in a text. */
export async function foundIn(text: string, traces: readonly string[]): Promise<readonly string[]> {
  await using scratch = await scratchFolder();
  const patterns = join(scratch.path, 'traces');
  writeFileSync(patterns, `${traces.join('\n')}\n`, { mode: 0o600 });
  const { stdout, stderr, status } = await run(['grep', '-aoFf', patterns], { input: text });
  if (status > 1) throw new Error(stderr);
  return [...new Set(stdout.split('\n').filter(Boolean))];
}

/** The files of a host with the traces; those that an ordinary user can read, or all. */
export async function foundOn(
  host: SeedHost,
  traces: readonly string[],
  as: { readonly user: 'root' | 'nobody'; readonly since: number },
): Promise<readonly string[]> {
  const become = as.user === 'nobody' ? 'setpriv --reuid=65534 --regid=65534 --clear-groups' : '';
  // Files from before the run and very big files are not searched.
  const which = `-xdev -type f -readable -newerct @${Math.floor(as.since / 1000)} -size -16M`;
  const roots = '/ /run /tmp /dev/shm /var/lib/containerd /var/lib/kubelet /var/lib/etcd';
  return await grepOn(
    host,
    traces,
    `${become} find ${roots} ${which} ! -path "$f" -exec grep -laFf "$f" {} + 2>/dev/null`,
  );
}

/** Lines of a host's journal, with all their fields, that contain a trace. */
export async function foundInJournal(host: SeedHost, traces: readonly string[]): Promise<readonly string[]> {
  return await grepOn(host, traces, 'journalctl -q --no-pager -o export | grep -aFf "$f"');
}

/** Files of a directory on a host that contain a trace, read by root. */
export async function foundUnder(
  host: SeedHost,
  directory: string,
  traces: readonly string[],
): Promise<readonly string[]> {
  return await grepOn(host, traces, `grep -rlaFf "$f" ${directory}`);
}

async function grepOn(host: SeedHost, traces: readonly string[], command: string): Promise<readonly string[]> {
  const script = `umask 077; f=$(mktemp -p /run); cat >"$f"; chown nobody "$f"; ${command}; rm -f "$f"`;
  const { stdout, stderr } = await lab.exec(host.name, ['sh', '-c', script], { input: `${traces.join('\n')}\n` });
  if (stderr) throw new Error(`${host.name}: ${stderr}`);
  return stdout.split('\n').filter(Boolean);
}
