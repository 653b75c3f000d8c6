import type { Facts } from './engine.ts';
import { hostNonsense } from './nonsense.ts';

const socketLine = /^(?<udp>udp )?(?<address>[0-9A-F]{8}|[0-9A-F]{32}):(?<port>[0-9A-F]{4}) (?<unit>.*)$/;
/** A valid unit name of systemd; a process outside a unit, or in a cgroup with another name, has none. */
const unitName = /^[\w:.@\\-]{1,255}$/;

/**
 * `ADDRESS:PORT unit` in the hex format of /proc/net/tcp and tcp6, with `udp` before it for those of UDP → listening sockets without duplicates.
 * @throws Problem HOST_NONSENSE
 */
export function parseListening(lines: readonly string[]): Facts['listening'] {
  const sockets = lines.map((line) => {
    const { udp, address = '', port = '', unit = '' } = socketLine.exec(line)?.groups ?? {};
    if (port === '') throw hostNonsense('a listening socket without address and port');
    const socket = { port: Number.parseInt(port, 16), address: parseAddress(address) };
    return { ...socket, unit: unitName.test(unit) ? unit : '', ...(udp && ({ protocol: 'udp' } as const)) };
  });
  const unique = new Map(sockets.map((socket) => [`${socket.protocol} ${socket.address} ${socket.port}`, socket]));
  return [...unique.values()].toSorted((a, b) => a.port - b.port || (a.address < b.address ? -1 : 1));
}

/** The kernel prints each 32-bit word in the machine's byte order, little-endian on all supported machines. */
function parseAddress(hex: string): string {
  const bytes = Buffer.from(hex, 'hex');
  for (let i = 0; i + 4 <= bytes.length; i += 4) bytes.subarray(i, i + 4).reverse();
  if (bytes.length === 4) return bytes.join('.');
  const mapped = bytes.subarray(0, 12).toString('hex') === '00000000000000000000ffff';
  return mapped ? bytes.subarray(12).join('.') : compressed(bytes);
}

/** The longest run of zero groups becomes `::` (RFC 5952). */
function compressed(bytes: Buffer): string {
  const text = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2).toString(16)).join(':');
  const runs = [...text.matchAll(/\b0(?::0)+\b/g)].toSorted((a, b) => b[0].length - a[0].length);
  const run = runs[0];
  if (run === undefined) return text;
  const [before, after] = [text.slice(0, run.index), text.slice(run.index + run[0].length)];
  return `${before.replace(/:$/, '')}::${after.replace(/^:/, '')}`;
}
