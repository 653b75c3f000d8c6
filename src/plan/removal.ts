import type { ObservedNode } from '../observe/observed.ts';
import type { Step } from './step.ts';

/** What was found of a host with `state: removed`. */
export interface FoundLeaving {
  readonly host: string;
  readonly node: ObservedNode | undefined;
  /** Scopes of what the project has placed on the host; undefined if the host does not answer. */
  readonly placed: readonly string[] | undefined;
}

/** The steps by which a host leaves; none when there is nothing left of it. */
export function removalSteps({ host, node, placed }: FoundLeaving): readonly Step[] {
  const reason = 'state: removed';
  if (node === undefined && placed?.length === 0) return [];
  return [
    ...(node?.ready
      ? [{ host, do: 'cordon and drain', reason, interrupts: 'each of its pods, within their budgets' }]
      : []),
    ...(node && !node.ready ? [{ host, do: 'skip the drain', reason: `its node is not Ready: ${node.reason}` }] : []),
    ...(node ? [{ host, do: `delete the node ${node.name} from the cluster`, reason }] : []),
    placed === undefined
      ? { host, do: 'leave the host as it is: it is NOT wiped', reason: 'it does not answer' }
      : { host, do: 'remove from the host what was placed there', reason },
  ];
}
