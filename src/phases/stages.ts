// The results of phases for later ones, by host name. A phase declares the stages that it needs, and the compiler checks the order of a
// list of phases. So the functions below only throw if a host does not belong to the run.
import type { Host } from '../cluster/cluster.ts';
import type { HostSession, Inspection } from '../host/engine.ts';
import type { ObservedNode } from '../observe/observed.ts';
import type { HostSecrets } from '../pki/secrets.ts';
import type { Run } from './run.ts';

/** Hosts are connected: those that the run changes, or the masters that could be reached. */
export interface Connected extends Run {
  readonly sessions: ReadonlyMap<string, HostSession>;
}

/** The first exchange with each host that the run changes is done. */
export interface Inspected extends Connected {
  readonly inspections: ReadonlyMap<string, Inspection>;
}

/** The cluster as a whole was asked; `cluster` has the versions that run where cluster.yaml names none. */
export interface Observed extends Run {
  /** The cluster's nodes; undefined where there is no API server yet, or none that answers. */
  readonly nodes: readonly ObservedNode[] | undefined;
  /** Nodes that no host in cluster.yaml has, and that the user lets go. */
  readonly forgotten: readonly ObservedNode[];
  /** Whether programs of the cluster get another version. */
  readonly upgrades: boolean;
}

/** The objects of the cluster are those of a backup: a Node of it is kept, also for another machine under its name. */
export interface Restored extends Run {
  readonly isRestored: true;
}

/** The secrets of each host that the run changes are available: issued by this run, or from its encrypted bundle. */
export interface WithSecrets extends Run {
  readonly secrets: ReadonlyMap<string, HostSecrets>;
}

/** The stages that are needed to change hosts. */
export type Prepared = Inspected & WithSecrets;

/** A stage that may also have secrets: those of its bundles. */
export type PerhapsSecrets = Partial<Pick<WithSecrets, 'secrets'>>;

/** The open session of a host. @throws Error for a host that is not connected, a defect of this project */
export function sessionOf({ sessions }: Pick<Connected, 'sessions'>, host: Host): HostSession {
  return known(sessions.get(host.name), `no connection to ${host.name}`);
}

/** The result of the first exchange with a host. @throws Error for a host that was not inspected, a defect of this project */
export function inspectionOf({ inspections }: Pick<Inspected, 'inspections'>, host: Host): Inspection {
  return known(inspections.get(host.name), `${host.name} has not been inspected`);
}

/** The secrets of a host. @throws Error for a host without secrets, a defect of this project */
export function secretsOf({ secrets }: Pick<WithSecrets, 'secrets'>, host: Host): HostSecrets {
  return known(secrets.get(host.name), `no secrets for ${host.name}`);
}

function known<T>(value: T | undefined, otherwise: string): T {
  if (value === undefined) throw new Error(otherwise);
  return value;
}
