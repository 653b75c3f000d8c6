import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SeedHost } from './seed-hosts.ts';
import { lab, onHost } from './seed-lab.ts';

/** Ports by protocol, as `tcp 6443`: those that other hosts reach, and those that only the host itself reaches. */
export interface Open {
  readonly toOthers: ReadonlySet<string>;
  readonly toItself: ReadonlySet<string>;
}

/** A role's row in the table of SECURITY.md. */
export function documentedPorts(role: string): Open {
  const text = readFileSync(join(lab.root, 'SECURITY.md'), 'utf8');
  const row = new RegExp(`^\\| ${role} \\| (.*) \\| (.*) \\|$`, 'm').exec(text);
  if (!row) throw new Error(`SECURITY.md has no row for ${role}`);
  const ports = (cell = '') =>
    new Set([...cell.matchAll(/(UDP )?\b(\d{4,5})\b/g)].map(([, udp, port]) => `${udp ? 'udp' : 'tcp'} ${port}`));
  return { toOthers: ports(row[1]), toItself: ports(row[2]) };
}

/** The listening ports of a host, from the kernel's own list, without SSH. A port that containerd lets the kernel choose is `tcp containerd`. */
export async function listeningPorts({ name }: SeedHost): Promise<Open> {
  const [toOthers, all] = [new Set<string>(), new Set<string>()];
  for (const line of (await onHost(name, 'ss -Hlntup')).split('\n').filter(Boolean)) {
    const [protocol, , , , local = '', , users = ''] = line.split(/\s+/);
    const [, address = '', port] = /^(.*):(\d+)$/.exec(local) ?? [];
    if (users.includes('"sshd"')) continue;
    const place = `${protocol} ${users.includes('"containerd"') ? 'containerd' : port}`;
    all.add(place);
    if (!/^(127\.|\[::1\])/.test(address)) toOthers.add(place);
  }
  return { toOthers, toItself: new Set([...all].filter((place) => !toOthers.has(place))) };
}
