// The answers of API servers, etcd and the cluster's API, judged. Pure.
import type { Cluster, Host } from '../cluster/cluster.ts';
import { hostsWith } from '../cluster/cluster.ts';
import type { EtcdHealth, MemberHealth, MemberSpace } from '../etcd/health.ts';
import type { MemberList } from '../etcd/members.ts';
import type { ObservedNode, Pressure } from '../observe/observed.ts';
import type { Finding } from './finding.ts';

/** An API server that is not ready, in its own words. */
export function apiServerFinding({ name }: Host, reason: string): Finding {
  return {
    id: `api-server-not-ready/${name}`,
    severity: 'critical',
    subject: name,
    message: `its API server is not ready: ${reason}`,
    fix: 'Look at `journalctl -u kube-apiserver` on the host; it needs a quorum of etcd.',
  };
}

/** Nodes that are missing, not Ready, under pressure or cordoned. A node without a host is a refusal of the plan. */
export function nodeFindings(cluster: Cluster, nodes: readonly ObservedNode[]): readonly Finding[] {
  return hostsWith(cluster, 'node').flatMap((host) => {
    const node = nodes.find(({ name }) => name === host.nodeName);
    return node ? nodeFinding(host, node) : [missingNode(host)];
  });
}

function missingNode({ name, nodeName }: Host): Finding {
  return {
    id: `node-missing/${name}`,
    severity: 'critical',
    subject: name,
    message: `the cluster has no node ${nodeName}`,
    fix: 'Run a deployment: it registers the node again.',
  };
}

function nodeFinding({ name }: Host, node: ObservedNode): readonly Finding[] {
  const unready: Finding = {
    id: `node-not-ready/${name}`,
    severity: 'critical',
    subject: name,
    message: `its node is not Ready: ${node.reason ?? 'no reason given'}`,
    fix: 'Look at `journalctl -u kubelet` on the host.',
  };
  const ours = node.cordonedBy !== undefined;
  const cordoned: Finding = {
    id: `node-cordoned/${name}`,
    severity: ours ? 'info' : 'warning',
    subject: name,
    message: ours ? `its node is cordoned, by the run ${node.cordonedBy}` : 'its node is cordoned: it gets no new pods',
    fix: ours
      ? 'The run, or the next deployment, uncordons it.'
      : `Run \`kubectl uncordon ${node.name}\` if it is to get pods.`,
  };
  // The reason of one that is not Ready has its other conditions too.
  const pressures = node.ready ? (node.pressures ?? []).map((pressure) => pressureFinding(name, pressure)) : [];
  return [...(node.ready ? [] : [unready]), ...pressures, ...(node.cordoned ? [cordoned] : [])];
}

/** Its pods are evicted, and it gets no new ones: a taint with each of these conditions sees to it. */
function pressureFinding(name: string, { type, reason }: Pressure): Finding {
  return {
    id: `node-pressure/${name}/${type}`,
    severity: 'critical',
    subject: name,
    message: `its node has ${type}, so that it gets no new pods: ${reason || 'no reason given'}`,
    fix: fixes[type] ?? 'Look at `journalctl -u kubelet` on the host.',
  };
}

const fixes: Readonly<Record<string, string>> = {
  DiskPressure:
    'Free some space on the host for /var/lib/kubelet and /var/lib/containerd, or make the file system larger.',
  MemoryPressure:
    'See `kubectl top pods --all-namespaces --sort-by=memory`: give pods limits of memory, or the host more memory.',
  PIDPressure:
    'Find the program with very many processes on the host, and limit its pods by podPidsLimit in kubelet.config.',
  NetworkUnavailable: 'Look at `journalctl -u flanneld` on the host, or at the pods of your own pod network.',
};

/** Members that do not answer, alarms, and the space of each. */
export function etcdFindings({ name }: Cluster, { members, healthy, quorum }: EtcdHealth): readonly Finding[] {
  const lost: Finding = {
    id: `etcd-quorum/${name}`,
    severity: 'critical',
    subject: name,
    message: `etcd has ${healthy} of ${members.length} members and needs ${quorum}: the cluster accepts no writes`,
    fix: 'Bring members back: see the findings of their hosts.',
  };
  return [...(healthy < quorum ? [lost] : []), ...members.flatMap(memberFindings)];
}

function memberFindings(member: MemberHealth): readonly Finding[] {
  const { host, healthy, error, alarm } = member;
  const critical = (kind: string, message: string, fix: string): Finding => ({
    id: `${kind}/${host}`,
    severity: 'critical',
    subject: host,
    message,
    fix,
  });
  return [
    ...(healthy
      ? []
      : [critical('etcd-member', `its etcd member is not healthy: ${error}`, 'Look at `journalctl -u etcd` on it.')]),
    ...(alarm === undefined
      ? []
      : [
          critical(
            'etcd-alarm',
            `its etcd member has an alarm: ${alarm}`,
            'NOSPACE: a deployment frees space and disarms it. CORRUPT: replace the member.',
          ),
        ]),
    ...spaceFindings(member),
  ];
}

/** Parts of the quota that a member has used. */
const used = { warning: 0.6, critical: 0.85 };
/** A smaller database is not worth the pause of a defragmentation. OpenShift's limit (etcd's defrag controller): 100 MB and 45%. */
const fragmented = { bytes: 100_000_000, part: 0.45 };

/** Whether a defragmentation of this database returns so much space that it is worth the pause. */
export function isFragmented({ bytes, inUse }: MemberSpace): boolean {
  return bytes >= fragmented.bytes && bytes - inUse >= fragmented.part * bytes;
}

function spaceFindings({ host, space }: MemberHealth): readonly Finding[] {
  if (!space) return [];
  const { bytes, inUse, quota } = space;
  const part = bytes / quota;
  const free = (bytes - inUse) / bytes;
  const percent = (of: number) => `${Math.round(of * 100)}%`;
  const megabytes = `${Math.round(bytes / 1e6)} MB`;
  const large: Finding = {
    id: `etcd-space/${host}`,
    severity: part >= used.critical ? 'critical' : 'warning',
    subject: host,
    message: `the database of its etcd member has ${megabytes}, ${percent(part)} of its quota`,
    fix: 'Delete what fills it (often Events or Secrets of releases), or raise --quota-backend-bytes in etcd.extraArgs.',
  };
  const loose: Finding = {
    id: `etcd-fragmented/${host}`,
    severity: 'warning',
    subject: host,
    message: `${percent(free)} of the ${megabytes} of its etcd member’s database are free but not returned to the disk`,
    fix: 'Run a deployment with defragment: true at a quiet time: members do not answer while they are defragmented.',
  };
  return [...(part >= used.warning ? [large] : []), ...(isFragmented(space) ? [loose] : [])];
}

/** Members that do not vote yet: a run was killed while it added one. */
export function learnerFindings({ name }: Cluster, { members }: MemberList): readonly Finding[] {
  return members
    .filter(({ learner }) => learner)
    .map((member) => ({
      id: `etcd-learner/${member.name || member.id}`,
      severity: 'warning',
      subject: member.name || name,
      message: `the etcd member ${member.name || member.id} is a learner: it does not count for a quorum`,
      fix: 'Run a deployment: it makes it a voter when it has caught up.',
    }));
}
