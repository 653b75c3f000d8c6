import type { ProblemCode } from '../error-codes.ts';
import type { ObservedMembers } from '../etcd/observe.ts';

/** One change of etcd's members, or what it waits for. One is carried out at a time; then etcd is observed again. */
export type MemberStep =
  /** Registers the host as a learner: it counts for no quorum. */
  | { readonly do: 'add'; readonly host: string; readonly peerUrl: string; readonly why: string }
  /** Starts a registered member without data. */
  | { readonly do: 'start'; readonly host: string; readonly members: readonly NamedPeer[]; readonly why: string }
  /** Starts a member with data that is stopped: etcd adds no member while one does not answer. */
  | { readonly do: 'resume'; readonly host: string; readonly why: string }
  /** Lets a learner vote, once it has caught up. */
  | { readonly do: 'promote'; readonly host: string; readonly id: string; readonly why: string }
  /** `host` is the host in whose place the member was; absent: it is of no host in the file. */
  | {
      readonly do: 'remove';
      readonly host?: string;
      readonly id: string;
      readonly name: string;
      readonly why: string;
      /** It serves until then; absent: it does not, or that is unknown. */
      readonly isHealthy?: true;
    }
  /** Another learner is in the way: etcd has one at a time. */
  | { readonly do: 'wait'; readonly host: string; readonly why: string };

/** A member as `initial-cluster` names it. */
export interface NamedPeer {
  readonly name: string;
  readonly peerUrl: string;
}

/** Why nothing may be changed. */
export interface MemberRefusal {
  readonly code: ProblemCode;
  /** Absent: it is about no single host. */
  readonly host?: string;
  readonly message: string;
  readonly hint: string;
}

/** How a host's member starts if it has no data: with whom. */
export type Beginning =
  /** It has data, or is registered: the file on the host stays as it is. */
  { readonly as: 'member' } | { readonly as: 'new' | 'existing'; readonly members: readonly NamedPeer[] };

/** The plan for etcd's members. With refusals, there are no steps; without, each own host has a step or a beginning. */
export interface MemberPlan {
  readonly refusals: readonly MemberRefusal[];
  readonly steps: readonly MemberStep[];
  /** Hosts of the file whose members vote now; empty: unknown. */
  readonly voters: readonly string[];
  /** For each host whose member needs no step. */
  readonly beginnings: ReadonlyMap<string, Beginning>;
}

/** What the plan is made from, besides cluster.yaml. */
export interface MemberFacts {
  /** Hosts whose members this run changes: the plan is theirs, and the others are only observed. */
  readonly own: ReadonlySet<string>;
  readonly observed: ObservedMembers;
  /** An API server was set up, so etcd had data. */
  readonly hadApiServer: boolean;
  /** An observation of all hosts, earlier in the same run, found that there never was a cluster. */
  readonly neverBootstrapped: boolean;
  /** Names of members that may leave although no host of the file is theirs. */
  readonly forget: ReadonlySet<string>;
}
