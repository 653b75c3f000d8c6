import type { HostFile, HostState, Unit } from '../host/state.ts';
import { components } from '../layout/components.ts';
import { paths, places } from '../layout/paths.ts';
import { roles } from '../layout/roles.ts';
import { secretPathsOf } from '../layout/secrets.ts';

/**
 * Paths and programs (of `binDir`, without their folder) that a unit names but that are no reason to restart it, by the unit's name.
 * A missing path here causes a needless restart; a wrong one causes a missed restart, so each has its reason.
 */
export const namedButNotRead: Readonly<Record<string, readonly string[]>> = {
  // Used only while the data directory is empty: a host added to cluster.yaml must not restart the running members.
  [components.etcd.unit]: [places.etcdBootstrap],
  // For one join only; the phase of the join adds it.
  [components.kubelet.unit]: [paths.bootstrapKubeletConf],
  // Started for each container.
  [components.containerd.unit]: ['runc'],
  // Runs when the unit has stopped.
  [components.controllerManager.unit]: [places.releaseLease],
  [components.scheduler.unit]: [places.releaseLease],
};

/**
 * The state, with everything that its units read when they start: every file and binary of the state that a unit's text names, and that those files
 * name in turn, in addition to the unit's own list. So no component can forget one, which would be a missed restart.
 */
export function withReads(state: HostState): HostState {
  const placed = placedBy(state);
  return { ...state, units: state.units.map((each) => ({ ...each, reads: readsOf(each, placed) })) };
}

/** A unit whose `reads` are found by {@link withReads}; its own list is for files that its text does not name. */
export function unit(parts: Omit<Unit, 'reads'> & Partial<Pick<Unit, 'reads'>>): Unit {
  return { reads: [], ...parts };
}

/** A file or binary that a state places, and the text in which it may name others. */
interface Placed {
  readonly path: string;
  readonly text: string;
  readonly named: RegExp;
}

/** In the order in which units list them on hosts: programs, configurations, then certificates and keys. */
function placedBy({ downloads, files }: HostState): readonly Placed[] {
  const programs = downloads.flatMap(({ place }) => (typeof place === 'string' ? [place] : Object.values(place)));
  const secrets = roles.flatMap(secretPathsOf);
  const rank = ({ path }: HostFile) => secrets.indexOf(path);
  return [
    ...programs.map((path) => ({ path, text: '', named: namedIn(path) })),
    ...files
      .toSorted((a, b) => rank(a) - rank(b))
      .map((file) => ({ ...file, text: textOf(file), named: namedIn(file.path) })),
  ];
}

/** Secrets name no files, and in a dry run their content is a placeholder. */
function textOf({ secret, content }: HostFile): string {
  return secret ? '' : content;
}

/** Whether a path occurs as a whole, not as a part of a longer one. */
function namedIn(path: string): RegExp {
  return new RegExp(`(?<![\\w./])${path.replaceAll(/[^\w/]/g, '\\$&')}(?![\\w/-]|\\.\\w)`);
}

function readsOf({ name, content, reads }: Unit, placed: readonly Placed[]): readonly string[] {
  const found = new Set<Placed>();
  const look = (text: string): void => {
    for (const each of placed.filter(({ named }) => named.test(text))) {
      if (found.has(each) || isExcepted(name, each.path)) continue;
      found.add(each);
      look(each.text);
    }
  };
  look(content);
  const listed = new Set(reads);
  const ours = placed.filter((each) => found.has(each) || listed.has(each.path)).map(({ path }) => path);
  // No state places a program of a distribution's package, but its security updates must cause a restart too.
  return [...ours, ...reads.filter((path) => !ours.includes(path))];
}

function isExcepted(unitName: string, path: string): boolean {
  return (namedButNotRead[unitName] ?? []).some((each) => path === each || path.endsWith(`/${each}`));
}
