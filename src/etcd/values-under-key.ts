import { type Cluster, etcdEndpoints } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import type { HostSession } from '../host/engine.ts';
import { redactLines } from '../host/redact.ts';
import { shellCommand } from '../host/shell-command.ts';
import { asApiserver, etcdctl } from './etcdctl.ts';

/** Values per request: an object of Helm has up to 1 MiB, and etcd holds an answer in memory. */
const pageSize = 100;
/** For 10,000 objects, a hundred requests of some 50 ms each. */
const limitSeconds = 600;

/** Objects of a resource in etcd. */
export interface StoredUnder {
  /** Where etcd has them: `/registry/secrets/`. */
  readonly folder: string;
  /** How a value under the key begins: `k8s:enc:secretbox:v1:key1:`. */
  readonly prefix: string;
}

/** Numbers of values. */
export interface CountedValues {
  readonly under: number;
  /** Under any key, or none. */
  readonly all: number;
}

/**
 * The number of values in etcd that are under a key, and of all in their folder, as a quorum has them. They are counted on a master, so that no value leaves it.
 * Source of the prefix: staging/src/k8s.io/apiserver/pkg/server/options/encryptionconfig/config.go
 * @throws Problem ETCD_UNKNOWN if they could not be counted
 */
export async function valuesUnderKey(
  session: HostSession,
  cluster: Cluster,
  stored: StoredUnder,
): Promise<CountedValues> {
  const { status, stdout, stderr } = await session.run(countLines(cluster, stored), { timeoutSeconds: limitSeconds });
  const { under, all } = /^(?<under>\d{1,9}) of (?<all>\d{1,9})$/.exec(stdout.trim())?.groups ?? {};
  if (status === 0 && under !== undefined) return { under: Number(under), all: Number(all) };
  throw new Problem(`the values under ${stored.folder} could not be counted: status ${status}`, {
    code: 'ETCD_UNKNOWN',
    host: session.host.name,
    detail: redactLines(stderr.slice(-4096)).slice(-5),
    hint: 'Check etcd’s members with `etcdctl endpoint health --cluster`, then run again.',
  });
}

/** Lines of sh that print `5 of 12`. A page counts only if it was read to its end, which a line after it says. */
export function countLines(cluster: Cluster, { folder, prefix }: StoredUnder): string {
  const limit = '--command-timeout=60s';
  const get = shellCommand(etcdctl(cluster, asApiserver, etcdEndpoints(cluster), limit, 'get'));
  const complete = 'k8s-ha-action: the page is complete';
  return [
    `get() { ${get} "$@"; }`,
    `keys=$(get --prefix --keys-only ${shellCommand([folder])}) || exit 1`,
    'count=0 from=',
    `for to in $(printf '%s\\n' "$keys" | sed '/^$/d' | awk 'NR % ${pageSize} == 1') ${shellCommand([afterFolder(folder)])}; do`,
    'if [ -n "$from" ]; then',
    // -o: the values themselves are binary, and not needed.
    `found=$({ get --print-value-only "$from" "$to" && printf '\\n%s\\n' ${shellCommand([complete])}; } | LC_ALL=C grep -ao ${shellCommand(['-e', `^${escaped(prefix)}`, '-e', `^${complete}$`])})`,
    `case $found in *${shellCommand([complete])}) ;; *) exit 1 ;; esac`,
    `count=$((count + $(printf '%s\\n' "$found" | grep -c ${shellCommand([`^${escaped(prefix)}`])} || :)))`,
    'fi',
    'from=$to',
    'done',
    `echo "$count of $(printf '%s\\n' "$keys" | grep -c . || :)"`,
  ].join('\n');
}

/** The first key behind all keys that begin with the folder. */
function afterFolder(folder: string): string {
  return folder.replace(/\/$/, '0');
}

const escaped = (text: string): string => text.replaceAll('.', '\\.');
