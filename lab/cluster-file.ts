import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { LabError, messageOf } from './error.ts';

/** The lab's network: the hosts have addresses in it, and the lab's own servers have the first address. */
const LAB_NETWORK = '192.168.1';
/** The address of the mirror and the registry for hosts. */
export const LAB_ADDRESS = `${LAB_NETWORK}.1`;

/** The fields of a host in a cluster file that the lab reads. */
export interface LabHost {
  readonly name: string;
  readonly address: string;
  /** The login user: root, or a user with passwordless sudo. */
  readonly user: string;
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function hostOf(entry: unknown, index: number, defaultUser: string): LabHost {
  const name = text(field(entry, 'name'));
  const address = text(field(entry, 'address'));
  if (!name || !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) {
    throw new LabError(`hosts[${index}] has no usable name`, { hint: 'a name is lower-case letters, digits and -' });
  }
  const last = Number(address?.startsWith(`${LAB_NETWORK}.`) ? address.slice(LAB_NETWORK.length + 1) : Number.NaN);
  if (!address || !Number.isInteger(last) || last < 2 || last > 254) {
    throw new LabError(`host ${name} has the address ${address ?? '(none)'}, which the lab's network does not have`, {
      hint: `the lab's hosts have addresses from ${LAB_NETWORK}.2 to ${LAB_NETWORK}.254`,
    });
  }
  return { name, address, user: text(field(field(entry, 'ssh'), 'user')) ?? defaultUser };
}

function refuseTwice(hosts: readonly LabHost[], key: 'name' | 'address'): void {
  const seen = new Set<string>();
  for (const host of hosts) {
    if (seen.has(host[key])) throw new LabError(`two hosts have the ${key} ${host[key]}`);
    seen.add(host[key]);
  }
}

/**
 * The hosts that a cluster file's text lists. The lab reads only the parts of the file that it needs: the product checks the rest.
 *
 * @throws LabError if there is no host to boot, or one that does not fit into the lab's network.
 */
export function parseHosts(source: string): LabHost[] {
  let document: unknown;
  try {
    document = parse(source);
  } catch (error) {
    throw new LabError(`not valid YAML: ${messageOf(error)}`);
  }
  const entries = field(document, 'hosts');
  if (!Array.isArray(entries) || entries.length === 0) throw new LabError('the file lists no hosts');
  const defaultUser = text(field(field(document, 'ssh'), 'user')) ?? 'root';
  const hosts = entries.map((entry: unknown, index) => hostOf(entry, index, defaultUser));
  refuseTwice(hosts, 'name');
  refuseTwice(hosts, 'address');
  return hosts;
}

/**
 * Reads the hosts of a cluster file.
 *
 * @throws LabError naming the file.
 */
export function readHosts(file: string): LabHost[] {
  let source: string;
  try {
    source = readFileSync(file, 'utf8');
  } catch (error) {
    throw new LabError(`failed to read ${file}: ${messageOf(error)}`, {
      hint: 'name a cluster file by --cluster FILE',
    });
  }
  try {
    return parseHosts(source);
  } catch (error) {
    if (error instanceof LabError)
      throw new LabError(`${file}: ${error.message}`, { cause: error, ...(error.hint ? { hint: error.hint } : {}) });
    throw error;
  }
}

/** Finds a host by its name or address. */
export function findHost(hosts: readonly LabHost[], nameOrAddress: string): LabHost {
  const host = hosts.find(({ name, address }) => name === nameOrAddress || address === nameOrAddress);
  if (host) return host;
  throw new LabError(`the lab has no host ${nameOrAddress}`, {
    hint: `it has ${hosts.map(({ name }) => name).join(', ')}`,
  });
}
