import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Problem } from '../errors.ts';

interface Entry {
  readonly marker: '' | '@revoked' | '@cert-authority';
  readonly patterns: readonly string[];
  readonly type: string;
  readonly key: Buffer;
}

/** A parsed known_hosts file. */
export type KnownHosts = readonly Entry[];

/** Lines that OpenSSH also skips (comments, unknown markers, broken base64) are ignored. */
export function parseKnownHosts(text: string): KnownHosts {
  return text.split(/\r?\n/).flatMap((line) => parseLine(line.trim()) ?? []);
}

function parseLine(line: string): Entry | undefined {
  if (line === '' || line.startsWith('#')) return undefined;
  const words = line.split(/\s+/);
  const marker = words[0]?.startsWith('@') ? words.shift() : '';
  if (marker !== '' && marker !== '@revoked' && marker !== '@cert-authority') return undefined;
  const [names, type, encoded] = words;
  if (names === undefined || type === undefined || encoded === undefined) return undefined;
  const key = Buffer.from(encoded, 'base64');
  if (keyType(key) !== type) return undefined;
  return { marker, patterns: names.split(','), type, key };
}

/** The type in a public key in SSH's wire format. */
export function keyType(key: Buffer): string {
  if (key.length < 4) return '';
  return key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1');
}

/** The format of `ssh-keygen -l`. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The names of a host in known_hosts: `[name]:port` unless the port is 22. */
function namesOf(address: string, port: number): readonly string[] {
  const bracketed = `[${address.toLowerCase()}]:${port}`;
  return port === 22 ? [address.toLowerCase(), bracketed] : [bracketed];
}

function matches(entry: Entry, names: readonly string[]): boolean {
  const hit = (pattern: string) => names.some((name) => matchesPattern(pattern, name));
  if (entry.patterns.some((pattern) => pattern.startsWith('!') && hit(pattern.slice(1)))) return false;
  return entry.patterns.some((pattern) => !pattern.startsWith('!') && hit(pattern));
}

function matchesPattern(pattern: string, name: string): boolean {
  if (pattern.startsWith('|1|')) return matchesHash(pattern, name);
  const source = pattern
    .toLowerCase()
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(name);
}

/** `|1|salt|HMAC-SHA1(salt, name)`, as HashKnownHosts writes it. */
function matchesHash(pattern: string, name: string): boolean {
  const [, , salt, hash] = pattern.split('|');
  if (salt === undefined || hash === undefined) return false;
  const expected = Buffer.from(hash, 'base64');
  const actual = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** The key types that are listed for a host; they are requested from the server first. */
export function knownTypes(known: KnownHosts, address: string, port: number): readonly string[] {
  const names = namesOf(address, port);
  return [...new Set(known.filter((e) => e.marker === '' && matches(e, names)).map((e) => e.type))];
}

/**
 * Accepts a host's key, or throws the exact reason.
 * @throws Problem HOST_KEY_REVOKED, HOST_KEY_CHANGED or HOST_KEY_UNKNOWN with the fingerprints and the fix.
 */
export function checkHostKey(known: KnownHosts, address: string, port: number, key: Buffer): void {
  const entries = known.filter((entry) => matches(entry, namesOf(address, port)));
  const same = entries.filter((entry) => entry.key.equals(key));
  const shown = `${keyType(key)} ${fingerprint(key)}`;
  if (same.some((entry) => entry.marker === '@revoked')) throw revoked(shown);
  if (same.some((entry) => entry.marker === '')) return;
  const plain = entries.filter((entry) => entry.marker === '');
  if (plain.length > 0) throw changed(shown, plain);
  throw unknown(shown, knownHostsLine(address, port, key), entries.length > 0);
}

/** The line to add for a host once its fingerprint is verified. */
export function knownHostsLine(address: string, port: number, key: Buffer): string {
  return `${port === 22 ? address : `[${address}]:${port}`} ${keyType(key)} ${key.toString('base64')}`;
}

function revoked(shown: string): Problem {
  return new Problem(`the host’s key is marked as revoked in known_hosts: ${shown}`, {
    code: 'HOST_KEY_REVOKED',
    hint: 'Generate new host keys (ssh-keygen -A after you have removed the old ones) and list them; nothing was sent to the host.',
  });
}

function changed(shown: string, entries: KnownHosts): Problem {
  const expected = entries.map((entry) => `${entry.type} ${fingerprint(entry.key)}`).join(', ');
  return new Problem(`the host shows the key ${shown}, known_hosts has ${expected}`, {
    code: 'HOST_KEY_CHANGED',
    hint: 'Either the host was reinstalled (then compare the fingerprints on its console and replace its lines in known_hosts), or another machine answers at its address.',
  });
}

function unknown(shown: string, line: string, onlyAuthorities: boolean): Problem {
  const authorities = onlyAuthorities ? ' Lines with @cert-authority are not supported.' : '';
  return new Problem(`known_hosts has no key for this host, which shows ${shown}`, {
    code: 'HOST_KEY_UNKNOWN',
    hint: `Compare the fingerprint on the host's console (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub and so on), then add: ${line}${authorities}`,
  });
}
