import type { Cluster, Host } from '../cluster/cluster.ts';
import { redactLines } from '../host/redact.ts';
import { shellQuoted } from '../host/shell-command.ts';
import { etcdClientUrl, loopback } from '../layout/addresses.ts';
import { components } from '../layout/components.ts';
import { asMember, hasNoSpace, memberListOf } from './etcdctl.ts';
import { askMember } from './local-http.ts';
import { type MemberList, readMemberList } from './members.ts';
import { readWal, type WalOrigin } from './wal.ts';

/** What a host's data directory has: nothing, the data of a member, or something that this version cannot read. */
export type EtcdData = 'none' | 'unreadable' | WalOrigin;

/** What one host says of its etcd. */
export interface EtcdOnHost {
  readonly data: EtcdData;
  /** Its unit is active: the member has had a quorum since its last start. */
  readonly active: boolean;
  /** The text of the file that tells a member with whom to begin; absent: there is none. */
  readonly bootstrap?: string;
  /** The members, by this host's own member. Absent: it gives no answer that a quorum has confirmed. */
  readonly list?: MemberList;
  /** Why there is no list. */
  readonly why?: string;
  /** Its member says that etcd's space is used up (alarm NOSPACE): it takes no writes. */
  readonly noSpace?: true;
}

/** The observation of etcd: what each host says that was asked. A host that is not in it is unknown. */
export type ObservedMembers = ReadonlyMap<string, EtcdOnHost>;

/** A first start has an entry of some 200 bytes for each of at most seven members. */
const walBytes = 16_384;
const most = { bootstrap: 16_384, why: 300 };
const marks = ['wal', 'data', 'bootstrap', 'unit', 'list', 'error', 'alarm'] as const;

/**
 * A line of sh for a host that has, or gets, a member: prints what {@link readEtcdOnHost} reads. Read-only. A host without data is not
 * asked over the network, and one whose member runs costs one start of etcdctl, and a request for its alarms.
 * @param bootstrapFile tells a member with whom to begin.
 */
export function observeEtcd(cluster: Cluster, host: Host, bootstrapFile: string): string {
  const own = [etcdClientUrl(loopback(host.address))];
  const list = memberListOf(cluster, asMember, own);
  const wal = walDirOf(cluster);
  return [
    `wal=; for file in ${shellQuoted(wal)}/*.wal; do [ ! -f "$file" ] || { wal=$file; break; }; done`,
    'echo "wal ${wal##*/}"',
    `[ -z "$wal" ] || { printf 'data '; head -c ${walBytes} "$wal" | base64 | tr -d '\\n'; echo; }`,
    `[ ! -f ${bootstrapFile} ] || { printf 'bootstrap '; head -c ${most.bootstrap} ${bootstrapFile} | base64 | tr -d '\\n'; echo; }`,
    `unit=$(systemctl is-active ${components.etcd.unit} 2>/dev/null)`,
    'echo "unit $unit"',
    // Without a quorum since its start it is not active, and would only let etcdctl wait.
    '[ -n "$wal" ] && [ "$unit" = active ] || exit 0',
    // Without a file for the errors: nothing is written on a host that is only asked.
    "printf 'list '",
    `{ error=$(${list} 2>&1 >&3 3>&-); status=$?; } 3>&1; echo`,
    `[ "$status" = 0 ] || printf 'error %s\\n' "$(printf %s "$error" | tail -n 1 | tr -d '\\000-\\037' | head -c ${most.why})"`,
    // The blank: `$((` would begin arithmetic. Without an answer, as by the wget of busybox, etcdctl is asked.
    `[ "$status" != 0 ] || case $( ${askMember(host, '/health')} ) in
*'ALARM NOSPACE'*) echo 'alarm NOSPACE' ;;
'') ! { ${hasNoSpace(cluster, asMember, own)}; } || echo 'alarm NOSPACE' ;;
esac`,
  ].join('\n');
}

/** Where etcd keeps its log: in the data directory, unless a flag of the user's says otherwise. */
function walDirOf({ etcd }: Cluster): string {
  return etcd.extraArgs.find(({ name }) => name === 'wal-dir')?.value ?? `${etcd.dataDir}/member/wal`;
}

/** Reads the answer to {@link observeEtcd}; nothing when it is not such an answer. */
export function readEtcdOnHost(stdout: string): EtcdOnHost | undefined {
  const said = new Map<string, string>();
  for (const line of stdout.split('\n')) {
    const [mark = ''] = line.split(' ', 1);
    if (marks.some((each) => each === mark)) said.set(mark, line.slice(mark.length + 1));
  }
  const wal = said.get('wal');
  const unit = said.get('unit');
  if (wal === undefined || unit === undefined) return undefined;
  const bootstrap = said.get('bootstrap');
  const list = readMemberList(said.get('list') ?? '');
  const why = list ? undefined : whyNot(wal, unit, said.get('error'));
  return {
    data: wal === '' ? 'none' : (readWal(wal, decoded(said.get('data'))) ?? 'unreadable'),
    active: unit === 'active',
    ...(bootstrap !== undefined && { bootstrap: decoded(bootstrap).toString('utf8') }),
    ...(list && { list }),
    ...(why !== undefined && { why }),
    ...(said.get('alarm') === 'NOSPACE' && { noSpace: true as const }),
  };
}

function whyNot(wal: string, unit: string, error = 'etcdctl gives no answer'): string {
  if (wal === '') return 'it has no data';
  if (unit !== 'active') return `its unit is ${/^[a-z-]{1,20}$/.test(unit) ? unit : 'unknown'}`;
  return redactLines(error.slice(0, most.why))[0]?.replace(/^Error: /, '') ?? '';
}

function decoded(text = ''): Buffer {
  return Buffer.from(text, 'base64');
}
