import type { ProblemCode } from '../../error-codes.ts';
import type { Finding } from '../finding.ts';
import type { ClusterFile, Role } from '../schema.ts';

/** Roles that no host, too few hosts or too many hosts have. */
export function roleFindings({ hosts, addons }: ClusterFile): readonly Finding[] {
  const count = (role: Role, wanted = 'present') =>
    hosts.filter(({ roles, state }) => state === wanted && roles.includes(role)).length;
  const found = (code: ProblemCode, message: string, hint: string): Finding => ({
    code,
    path: ['hosts'],
    atKey: true,
    message,
    hint,
  });
  const members = count('etcd');
  const findings: Finding[] = [];
  if (members === 0) {
    findings.push(
      found(
        'CLUSTER_NO_ETCD',
        'No host has the role etcd.',
        'Give it to one, three or five hosts; the masters may have it too.',
      ),
    );
  } else if (members % 2 === 0) {
    const message = `${members} hosts have the role etcd; an even number survives no more losses than ${members - 1} would.`;
    findings.push(found('CLUSTER_EVEN_ETCD', message, `Give the role to ${members - 1} or to ${members + 1} hosts.`));
  } else if (members > 7) {
    findings.push(
      found(
        'CLUSTER_MANY_ETCD',
        `${members} hosts have the role etcd; each write waits for most of them.`,
        'Give the role to three, five or seven hosts.',
      ),
    );
  }
  if (count('master') === 0) {
    findings.push(
      found(
        'CLUSTER_NO_MASTER',
        'No host has the role master.',
        'Give it to three hosts, or to one where the loss of it may be the loss of the API.',
      ),
    );
  }
  if (count('node') === 0 && count('node', 'removed') > 0) {
    const hint = 'Add another node first, and remove this one in a later change.';
    findings.push(found('CLUSTER_NO_NODE', 'The last host with the role node has state: removed.', hint));
  } else if (count('node') === 0 && (addons.coredns || addons.metricsServer)) {
    const hint = 'Give it to a host (a master may have it), or set addons.coredns and addons.metricsServer to false.';
    findings.push(
      found(
        'CLUSTER_NO_NODE',
        'No host has the role node, so that CoreDNS and metrics-server could run nowhere.',
        hint,
      ),
    );
  }
  return [...findings, ...repeatedRoles(hosts)];
}

function repeatedRoles(hosts: ClusterFile['hosts']): readonly Finding[] {
  return hosts.flatMap(({ roles }, host) =>
    roles.flatMap((role, index) => {
      if (roles.indexOf(role) === index) return [];
      const message = `The role "${role}" is listed twice.`;
      return [{ code: 'CLUSTER_DUPLICATE', path: ['hosts', host, 'roles', index], message, hint: 'Write it once.' }];
    }),
  );
}
