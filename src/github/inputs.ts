import { type Cluster, hostsWith } from '../cluster/cluster.ts';
import { parseCluster } from '../cluster/load.ts';
import { plainMirror } from '../cluster/openings.ts';
import { type Role, roles } from '../cluster/schema.ts';
import { Problem } from '../errors.ts';
import type { SshAccess } from '../host/engine.ts';
import { redact } from '../host/redact.ts';
import { knownHostsInput } from './known-hosts-input.ts';
import { lockBeside } from './lock-beside.ts';
import { attemptName, commitId, runName } from './run-name.ts';
import { getInput } from './runner.ts';
import { secretInput } from './secret-inputs.ts';
import { readStart } from './small-file.ts';

/** The inputs that all actions share. */
export interface CommonInputs {
  readonly clusterFile: string;
  readonly cluster: Cluster;
  readonly access: SshAccess;
  readonly dryRun: boolean;
  /** The name of the workflow run, equal in all its jobs. */
  readonly name: string;
  /** The attempt of the workflow run: others have failed or were cancelled. */
  readonly attempt: string;
  /** The commit that the workflow run applies. */
  readonly commit: string | undefined;
}

/**
 * Reads the inputs that all actions share, and removes the secret ones from the environment, so that no child process inherits them.
 * @throws Problem INPUT_INVALID, INPUT_MISSING, and the problems of parseCluster.
 */
export function commonInputs(): CommonInputs {
  const privateKey = secretInput('ssh-key');
  const { clusterFile, cluster } = clusterInput();
  const knownHosts = knownHostsInput();
  const access = { knownHosts, ...(privateKey ? { privateKey } : {}) };
  const run = { name: runName(), attempt: attemptName(), commit: commitId() };
  return { clusterFile, cluster, access, dryRun: booleanInput('dry-run'), ...run };
}

/**
 * Reads and parses the cluster file, and the lock file beside it.
 * @throws Problem CLUSTER_FILE_MISSING, LOCKFILE_INVALID, and the problems of parseCluster
 */
export function clusterInput(): Pick<CommonInputs, 'clusterFile' | 'cluster'> {
  const clusterFile = getInput('cluster') || 'cluster.yaml';
  const cluster = clusterAt(clusterFile);
  const lock = lockBeside(clusterFile);
  const closed = lock && plainMirror(cluster.openings);
  const openings = cluster.openings.filter((opening) => opening !== closed);
  return { clusterFile, cluster: { ...cluster, lock, openings } };
}

/**
 * A cluster file, without the lock file beside it.
 * @throws Problem CLUSTER_FILE_MISSING, and the problems of parseCluster
 */
export function clusterAt(file: string): Cluster {
  return parseCluster(readText(file), file);
}

/** @throws Problem INPUT_INVALID for anything but true, false or nothing. */
export function booleanInput(name: string): boolean {
  const value = getInput(name) || 'false';
  if (value === 'true' || value === 'false') return value === 'true';
  throw invalidInput(name, value, 'Write true or false.');
}

/** One of several words. Default: the first one. @throws Problem INPUT_INVALID */
export function choiceInput<T extends string>(name: string, choices: readonly [T, ...T[]]): T {
  const value = getInput(name) || choices[0];
  const choice = choices.find((each) => each === value);
  if (choice !== undefined) return choice;
  throw invalidInput(name, value, `Write one of ${choices.join(', ')}.`);
}

/** One of several words, none of which may follow from an empty input. @throws Problem INPUT_MISSING or INPUT_INVALID */
export function requiredChoice<T extends string>(name: string, choices: readonly [T, ...T[]]): T {
  if (getInput(name)) return choiceInput(name, choices);
  const hint = `Write one of ${choices.join(', ')}. A trigger without inputs, for example push, leaves inputs empty.`;
  throw new Problem(`the input ${name} is missing`, { code: 'INPUT_MISSING', hint });
}

/** An input with its own format; undefined if it is not set. @throws Problem INPUT_INVALID */
export function parsedInput<T>(name: string, parse: (text: string) => T | undefined, fix: string): T | undefined {
  const value = getInput(name);
  const parsed = value ? parse(value) : undefined;
  if (value && parsed === undefined) throw invalidInput(name, value, fix);
  return parsed;
}

/** @throws Problem INPUT_INVALID for anything but a positive number. */
export function numberInput(name: string, otherwise: number): number {
  const value = getInput(name);
  if (!value) return otherwise;
  const number = Number(value);
  if (Number.isFinite(number) && number >= 0) return number;
  throw invalidInput(name, value, 'Write a number that is not negative.');
}

/**
 * The hosts of a role's job: one name (a matrix job), a list, or empty (all hosts with that role).
 * @throws Problem INPUT_INVALID for a host that the file does not list with that role.
 */
export function hostNames(cluster: Cluster, role: Role): readonly string[] {
  const able = hostsWith(cluster, role).map((host) => host.name);
  const asked = listed(getInput('hosts'));
  const unknown = asked.find((name) => !able.includes(name));
  if (unknown !== undefined)
    throw invalidInput('hosts', unknown, `Write names of hosts with the role ${role}: ${able.join(', ')}.`);
  return asked.length > 0 ? asked : able;
}

/**
 * The names of replaced hosts: their kubelets may get a certificate although the cluster has a Ready node of that name.
 * @throws Problem INPUT_INVALID for a name that no host with the role node has.
 */
export function rejoinNames(cluster: Cluster): readonly string[] {
  const able = hostsWith(cluster, 'node').map((host) => host.name);
  const asked = listed(getInput('rejoin'));
  const unknown = asked.find((name) => !able.includes(name));
  if (unknown !== undefined)
    throw invalidInput('rejoin', unknown, `Write names of hosts with the role node: ${able.join(', ')}.`);
  return asked;
}

/**
 * Compares the input confirm with the cluster's name, before any host is contacted.
 * @param what the action does, as a sentence without its full stop.
 * @throws Problem RESET_UNCONFIRMED, RESTORE_UNCONFIRMED
 */
export function confirmCluster(
  { name }: Pick<Cluster, 'name'>,
  code: 'RESET_UNCONFIRMED' | 'RESTORE_UNCONFIRMED',
  what: string,
): void {
  if (getInput('confirm') === name) return;
  const hint = `No host was contacted. ${what}: to confirm it, write confirm: ${name}`;
  throw new Problem('the input confirm is not the name of the cluster in the cluster file', { code, hint });
}

/**
 * The hosts that a reset is for, by role: all, or those of the input hosts.
 * @throws Problem RESET_UNCONFIRMED unless the input confirm is the cluster's name; INPUT_INVALID for a host that the file does not list.
 */
export function confirmedHosts(cluster: Cluster): ReadonlyMap<Role, readonly string[]> {
  confirmCluster(cluster, 'RESET_UNCONFIRMED', 'A reset destroys the cluster');
  const { hosts } = cluster;
  const asked = listed(getInput('hosts'));
  const unknown = asked.find((each) => !hosts.some((host) => host.name === each));
  const names = hosts.map((host) => host.name);
  if (unknown !== undefined) throw invalidInput('hosts', unknown, `Write names of hosts: ${names.join(', ')}.`);
  const chosen = asked.length > 0 ? asked : names;
  return new Map(roles.map((role) => [role, chosen]));
}

/**
 * Members of the cluster that cluster.yaml no longer has and that the user lets go: names of nodes and etcd members, addresses of API servers.
 * @throws Problem INPUT_INVALID for a host that the file has
 */
export function forgetNames({ hosts, removed }: Cluster): readonly string[] {
  const asked = listed(getInput('forget'));
  const kept = [...hosts, ...removed].flatMap(({ name, nodeName, address }) => [name, nodeName, address]);
  const known = asked.find((name) => kept.includes(name));
  const fix =
    'Name only hosts that cluster.yaml no longer has. To remove a host that it has, write state: removed on its line.';
  if (known !== undefined) throw invalidInput('forget', known, fix);
  return asked;
}

/** Names in a text, separated by commas, white space or lines. */
export function listed(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

/** The problem of an invalid input; `fix` says what to write, as a sentence. */
export function invalidInput(name: string, value: string, fix: string): Problem {
  // An invalid value may be a URL with a password, or a secret in the wrong input.
  return new Problem(`the input ${name} is "${redact(value)}"`, { code: 'INPUT_INVALID', hint: fix });
}

/** The limit of parseCluster plus one byte: a longer file (in a pull request, a link to /dev/zero) is not read further. */
const mostClusterBytes = 1024 * 1024;

function readText(path: string): string {
  try {
    return readStart(path, mostClusterBytes + 1);
  } catch (cause) {
    const hint =
      'Set the input cluster to the path of the file, relative to the workspace, and run actions/checkout before.';
    throw new Problem(`the cluster file can't be read`, { code: 'CLUSTER_FILE_MISSING', file: path, hint, cause });
  }
}

/** Seconds as milliseconds; undefined for an invalid number. */
export function secondsIn(text: string): number | undefined {
  const seconds = Number(text);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}
