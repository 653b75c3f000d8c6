// What one host says in its first exchange, judged. Pure.
import type { Cluster, Host } from '../cluster/cluster.ts';
import { describeProblem, type Problem } from '../errors.ts';
import type { Change, Inspection } from '../host/engine.ts';
import type { UnitInfo } from '../host/snapshot.ts';
import { unitsOfRole } from '../layout/components.ts';
import type { Finding, Severity } from './finding.ts';

/** The units of all roles of a host, of which some pod networks and sizes of etcd do without a few. */
export function unitsOf({ roles }: Host): readonly string[] {
  return [...new Set(roles.flatMap(unitsOfRole))];
}

/**
 * Hosts that the runner does not reach, one finding each. If it reaches none, that is one finding: its own network or key is the likely cause.
 * @param refusals by host
 */
export function unreachableFindings(
  { name, hosts }: Cluster,
  refusals: ReadonlyMap<Host, Problem>,
): readonly Finding[] {
  const [first] = refusals.values();
  if (!first || refusals.size < hosts.length) return [...refusals].map(([host, problem]) => unreachable(host, problem));
  return [
    {
      id: `hosts-unreachable/${name}`,
      severity: 'critical',
      subject: name,
      message: `none of the ${hosts.length} hosts is reachable: ${first.message}`,
      fix: 'Look at the runner first: its network, the inputs ssh-key and known-hosts.',
    },
  ];
}

/** A host that the runner does not reach, or that does not answer as a host does. */
export function unreachable({ name }: Host, problem: Problem): Finding {
  return {
    id: `host-unreachable/${name}`,
    severity: 'critical',
    subject: name,
    message: problem.message,
    fix: problem.fields.hint ?? 'Find out whether the host runs, and whether the runner reaches it by SSH.',
  };
}

/**
 * Installed units that do not run, and roles that were never applied. A unit that is not installed at all is a difference to the file.
 * @param units by name, as systemd shows them
 */
export function unitFindings(
  host: Host,
  units: ReadonlyMap<string, UnitInfo>,
  scopes: Inspection['scopes'],
): readonly Finding[] {
  const missing = host.roles.filter((role) => !scopes.includes(role));
  const never: Finding = {
    id: `not-deployed/${host.name}`,
    severity: 'critical',
    subject: host.name,
    message: `nothing is installed for ${missing.join(', ')}`,
    fix: 'Run a deployment.',
  };
  // A bare host has no units to ask for.
  if (missing.length === host.roles.length) return [never];
  const silent = unitsOf(host).some((name) => !units.has(name));
  const reason = new Error('systemd does not show them');
  return [
    ...(missing.length > 0 ? [never] : []),
    ...(silent ? [unknownFinding('units', host.name, reason, 'critical')] : []),
    ...unitsOf(host).flatMap((name) => stoppedFinding(host, name, units.get(name))),
  ];
}

function stoppedFinding(host: Host, name: string, unit: UnitInfo | undefined): readonly Finding[] {
  if (unit === undefined || unit.load === 'not-found' || runs(unit)) return [];
  const state = unit.sub === unit.active ? unit.active : `${unit.active} (${unit.sub})`;
  return [
    {
      id: stoppedId(host.name, name),
      severity: 'critical',
      subject: host.name,
      message: `${name} does not run: ${state}`,
      fix: `Look at \`journalctl -u ${name}\` on the host; a deployment starts it.`,
    },
  ];
}

/** The id of the finding that this unit does not run. */
export function stoppedId(host: string, unit: string): string {
  return `unit-stopped/${host}/${unit}`;
}

const runs = ({ active }: UnitInfo): boolean => active === 'active' || active === 'reloading';

/** A few of the changes are enough to recognise the cause; the log has all. */
const shownChanges = 3;

/**
 * What a dry run would change on a host: the host is not as cluster.yaml says. Starts of units that do not run are findings of their own.
 * @param changes those of all its roles
 * @param found what was found of the host's units
 */
export function driftFindings(
  { name }: Host,
  changes: readonly Change[],
  found: readonly Finding[],
): readonly Finding[] {
  const known = new Set(found.map(({ id }) => id));
  const rest = changes.filter(({ kind, subject }) => kind !== 'start' || !known.has(stoppedId(name, subject)));
  if (rest.length === 0 || known.has(`not-deployed/${name}`)) return [];
  const words = rest.map(({ kind, subject, reason }) => `${kind} ${subject} (${reason})`);
  return [differs(`drift/${name}`, name, words)];
}

/** The cluster's own objects that a deployment would change. */
export function objectFindings({ name }: Cluster, objects: readonly string[]): readonly Finding[] {
  return objects.length === 0 ? [] : [differs(`objects/${name}`, name, objects)];
}

function differs(id: string, subject: string, changes: readonly string[]): Finding {
  const shown = changes.slice(0, shownChanges);
  const more = changes.length > shown.length ? [`${changes.length - shown.length} more`] : [];
  const count = `${changes.length} ${changes.length === 1 ? 'change' : 'changes'}`;
  return {
    id,
    severity: 'warning',
    subject,
    message: `a deployment would make ${count}: ${[...shown, ...more].join(', ')}`,
    fix: 'See the plan (dry-run: true) for all changes; a deployment makes them.',
  };
}

/** The requirements that a host does not meet: disks, memory, clock, addresses and the others of a deployment. */
export function unfitFindings({ name }: Host, problems: readonly Problem[]): readonly Finding[] {
  return problems.map((problem) => problemFinding(`unfit/${name}/${problem.code}`, name, problem));
}

/** A problem for which a deployment would be refused. */
export function problemFinding(id: string, subject: string, problem: Problem): Finding {
  const fix = problem.fields.hint ?? 'See docs/troubleshooting.md.';
  return { id, severity: 'warning', subject, message: problem.message, fix };
}

/** Something that could not be asked: unknown is not healthy. */
export function unknownFinding(what: string, subject: string, error: unknown, severity: Severity = 'warning'): Finding {
  return {
    id: `unknown/${subject}/${what.replaceAll(/\W+/g, '-')}`,
    severity,
    subject,
    message: `${what}: not known, ${describeProblem(error).split('\n', 1)[0] ?? ''}`,
    fix: 'Fix the other findings first, and check again.',
  };
}
