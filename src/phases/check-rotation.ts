import { hostsWith } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import { servingAddresses } from '../kubernetes/index.ts';
import type { Role } from '../layout/roles.ts';
import { planMembers } from '../plan/etcd-members.ts';
import { withApi } from './cluster-access.ts';
import type { Phase } from './phase.ts';
import { memberStepInWords } from './plan-etcd-members.ts';
import { type Inspected, inspectionOf, type Observed } from './stages.ts';

/**
 * A rotation changes hosts as they are, and all of those roles: a new version comes by a deployment, in its own order, as a new host does, and a
 * master that is to leave must be gone, because it gets no new key.
 */
export function checkRotation(roles: readonly Role[]): Phase<Observed & Inspected> {
  return {
    title: 'Check for pending changes',
    async run(run) {
      if (run.upgrades) throw pending('cluster.yaml names versions that do not run yet');
      for (const role of roles) refuseBare(run, role);
      const leaving = run.cluster.removed.filter((host) => host.roles.includes('master'));
      if (leaving.length === 0) return;
      const serving = await withApi(run, servingAddresses);
      const still = leaving.filter(({ address }) => serving.includes(address)).map(({ name }) => name);
      if (still.length > 0) throw pending(`${still.join(', ')} is to leave, and its API server serves`);
    },
  };
}

/** A member that is to leave, join or be promoted is not one of the file's: it would get no certificate of the new CA, and the others would refuse it. */
export function refuseMemberChanges(roles: readonly Role[]): Phase<Inspected> {
  return {
    title: 'Check for pending changes of etcd’s members',
    when: () => roles.includes('etcd'),
    async run(run) {
      const [step] = run.etcd.facts ? planMembers(run.cluster, run.etcd.facts).steps : [];
      if (step) throw pending(`etcd's members are to change: ${memberStepInWords(step, true)}`);
    },
  };
}

/** A node that no host of the file is, as one that is to leave: its kubelet would get no certificate of the new CA. */
export function refuseOtherNodes(roles: readonly Role[]): Phase<Observed & Inspected> {
  return {
    title: 'Check for other nodes',
    when: () => roles.includes('node'),
    async run({ cluster, nodes }) {
      if (!nodes) throw pending('the cluster’s nodes are unknown, because no API server answers');
      const own = hostsWith(cluster, 'node').map(({ nodeName }) => nodeName);
      const others = nodes.filter(({ name }) => !own.includes(name)).map(({ name }) => name);
      if (others.length > 0) throw pending(`${others.join(', ')} is a node, and not one of cluster.yaml`);
    },
  };
}

const named: Readonly<Record<Role, string>> = { master: 'a master', etcd: 'a member of etcd', node: 'a node' };

function refuseBare(run: Inspected, role: Role): void {
  const bare = hostsWith(run.cluster, role).filter((host) => !inspectionOf(run, host).scopes.includes(role));
  if (bare.length > 0) throw pending(`${bare.map(({ name }) => name).join(', ')} is not ${named[role]} yet`);
}

function pending(message: string): Problem {
  return new Problem(message, { code: 'ROTATION_PENDING', hint: 'Run a deployment first.' });
}
