import { isIPv6, parseAddress } from '../addresses.ts';
import { type Finding, type Path, quote } from '../finding.ts';
import type { ClusterFile } from '../schema.ts';

const dnsPattern = /^(\*\.)?[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i;

/** Directories that also contain other software: owned by etcd and closed to others, they would break the host. */
const shared =
  /^\/(|bin|boot|dev|etc|home|lib|lib64|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)(\/(bin|sbin|lib|local|local\/bin|log|tmp|run|cache|spool))?$/;
const volatile = /^\/(dev|proc|run|sys|tmp|var\/run|var\/tmp)(\/|$)/;

/** Paths, URLs and names that lead to unintended places. */
export function pathFindings(file: ClusterFile): readonly Finding[] {
  return [
    ...directoryFindings(file),
    ...urlFindings(['mirror'], file.mirror),
    ...urlFindings(['proxy', 'http'], file.proxy?.http),
    ...urlFindings(['proxy', 'https'], file.proxy?.https),
    ...sanFindings(file.api.certSANs),
  ];
}

function directoryFindings({ binDir, etcd }: ClusterFile): readonly Finding[] {
  const found = (path: Path, value: string, problem: string, hint: string): Finding => ({
    code: 'CLUSTER_PATH',
    path,
    message: `The directory ${quote(value)} ${problem}.`,
    hint,
  });
  const findings: Finding[] = [];
  if (isIndirect(binDir))
    findings.push(found(['binDir'], binDir, 'has steps as “..” or “//” in it', 'Write it without detours.'));
  else if (volatile.test(binDir))
    findings.push(
      found(['binDir'], binDir, 'is empty after a restart of the host', 'Write a lasting one, such as /usr/local/bin.'),
    );
  const { dataDir } = etcd;
  const data = ['etcd', 'dataDir'];
  if (isIndirect(dataDir))
    findings.push(found(data, dataDir, 'has steps as “..” or “//” in it', 'Write it without detours.'));
  else if (volatile.test(dataDir))
    findings.push(
      found(data, dataDir, 'is empty after a restart of the host', 'Write a lasting one, such as /var/lib/etcd.'),
    );
  else if (shared.test(dataDir))
    findings.push(
      found(
        data,
        dataDir,
        'belongs to more than etcd, which closes it to others',
        'Write one of its own, such as /var/lib/etcd.',
      ),
    );
  return findings;
}

function isIndirect(directory: string): boolean {
  return directory.split('/').some((step, index) => index > 0 && (step === '' || step === '.' || step === '..'));
}

/** URLs that a host can download from. */
export function urlFindings(path: Path, url: string | undefined): readonly Finding[] {
  if (url === undefined) return [];
  const { protocol, hostname, search, hash } = new URL(url);
  const found = (problem: string, hint: string): readonly Finding[] => [
    { code: 'CLUSTER_URL', path, message: `The URL ${quote(url)} ${problem}.`, hint },
  ];
  if ((protocol !== 'http:' && protocol !== 'https:') || hostname === '') {
    return found('is not one of http or https', 'Write it as https://host/path.');
  }
  if (/[\s"'`$\\]/.test(url)) {
    return found('has spaces or quotes in it', 'Write them as %20, %22 or %27.');
  }
  return search || hash
    ? found('has a query or a fragment, to which no path can be added', 'Remove what follows “?” or “#”.')
    : [];
}

function sanFindings(names: readonly string[]): readonly Finding[] {
  return names.flatMap((name, index) => {
    if (parseAddress(name) !== undefined || isIPv6(name)) return [];
    if (name.length <= 253 && dnsPattern.test(name) && !/^[\d.]+$/.test(name)) return [];
    const message = `The name ${quote(name)} is neither a DNS name nor an address.`;
    const hint = 'Write it without scheme, port and path: api.example.com or 192.168.1.100.';
    return [{ code: 'CLUSTER_SAN', path: ['api', 'certSANs', index], message, hint }];
  });
}
