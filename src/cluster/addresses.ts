import ipaddr from 'ipaddr.js';

/** An IPv4 subnet as numbers, so that overlaps and sizes are plain arithmetic. */
export interface Subnet {
  readonly text: string;
  readonly first: number;
  readonly last: number;
  readonly prefix: number;
  /** The address is the first one of the subnet: no host bits are set. */
  readonly aligned: boolean;
}

/** The number of an IPv4 address in dotted form; undefined for any other text (also octal and short forms). */
export function parseAddress(text: string): number | undefined {
  if (!ipaddr.IPv4.isValidFourPartDecimal(text)) return undefined;
  return ipaddr.IPv4.parse(text).octets.reduce((sum, octet) => sum * 256 + octet, 0);
}

/** The dotted form of an IPv4 address from {@link parseAddress}. */
export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

/** Whether the text is an IPv6 address, in any of its spellings (RFC 4291), without a prefix length. */
export function isIPv6(text: string): boolean {
  return ipaddr.IPv6.isValid(text);
}

/** The subnet of `10.0.0.0/16`; undefined if the text is not an IPv4 subnet. */
export function parseSubnet(text: string): Subnet | undefined {
  const [, address = '', bits = ''] = /^([^/]+)\/(\d{1,2})$/.exec(text) ?? [];
  const written = parseAddress(address);
  const prefix = Number(bits);
  if (written === undefined || prefix > 32) return undefined;
  const size = 2 ** (32 - prefix);
  const first = written - (written % size);
  return { text, first, last: first + size - 1, prefix, aligned: first === written };
}

/** Whether two subnets have an address in common. */
export function overlap(a: Subnet, b: Subnet): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** Whether an address is in a subnet; its first and its last address count. */
export function contains(subnet: Subnet, address: number): boolean {
  return subnet.first <= address && address <= subnet.last;
}

/**
 * The nth address of a subnet.
 * @throws RangeError if the text is not a subnet or has no such address: the checks report this to the user earlier.
 */
export function addressAt(subnet: string, index: number): string {
  const parsed = parseSubnet(subnet);
  if (parsed === undefined || parsed.first + index > parsed.last)
    throw new RangeError(`no address ${index} in ${subnet}`);
  return formatAddress(parsed.first + index);
}
