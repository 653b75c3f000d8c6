import type { Host } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import { onHosts } from './on-hosts.ts';
import type { Phase } from './phase.ts';
import { type Run, targetsOf } from './run.ts';
import { type Inspected, inspectionOf, sessionOf } from './stages.ts';

/**
 * The API of a new master is asked through its SSH server: whether that server, or bash on the host, makes the connection is known before
 * anything is changed. Of a master that is in place, the API is asked before a change in any case.
 */
export const tryForward: Phase<Inspected> = {
  title: 'Try the way to the masters’ API',
  when: (run) => newMasters(run).length > 0,
  async run(run, signal) {
    const tried = async (master: Host): Promise<readonly Problem[]> => {
      try {
        const stream = await sessionOf(run, master).forward(master.address, run.cluster.api.port);
        stream.destroy();
      } catch (error) {
        // Usually nothing listens there yet. Any other failure says nothing about the server's rules.
        if (error instanceof Problem && error.code === 'FORWARD_FORBIDDEN') return [error];
      }
      return [];
    };
    const problems = (await onHosts(newMasters(run), tried, signal)).flat();
    if (problems.length > 0) throw new AggregateError(problems, 'no way to the API of new masters');
  },
};

function newMasters(run: Inspected & Run): readonly Host[] {
  return targetsOf(run, 'master').filter((host) => !inspectionOf(run, host).scopes.includes('master'));
}
