import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { openLab } from '../../lab/lab.ts';
import type { ProblemFields } from '../../src/errors.ts';
import type {
  Applied,
  Change,
  HostAddress,
  HostState,
  InspectQuery,
  OpenOptions,
  SshAccess,
} from '../../src/host/index.ts';
import { labId } from './lab-id.ts';

// The engine's own lab: one host with root's key, one with a user that has sudo.
export const lab = openLab({ id: labId('engine') });

const cluster = `name: engine
hosts:
  - { name: h1, address: 192.168.1.21, roles: [etcd, master, node] }
  - { name: h2, address: 192.168.1.22, roles: [node], ssh: { user: ops } }
`;

/** Boots a new lab, so that its hosts are bare. */
export async function bareHosts(): Promise<void> {
  const file = join(mkdtempSync(join(tmpdir(), 'k8s-ha-engine-')), 'cluster.yaml');
  writeFileSync(file, cluster);
  await lab.down();
  await lab.up({ cluster: file });
}

/** The driver's task. */
export interface Script {
  readonly host: HostAddress;
  readonly access: SshAccess;
  readonly options: Partial<Omit<OpenOptions, 'log'>>;
  readonly calls: readonly Call[];
}

export type Call =
  | readonly ['inspect', InspectQuery?]
  | readonly ['difference', string, HostState]
  | readonly ['apply', string, HostState]
  | readonly ['run', string, { readonly input?: string; readonly timeoutSeconds?: number }?]
  | readonly ['wait', number];

/** The driver's answer: results in the order of the calls, the log, and the problem that ended it. */
export interface Outcome {
  /** Results of any call; each test knows their types. */
  readonly results: readonly unknown[];
  readonly log: readonly string[];
  readonly problem: ({ readonly message: string } & ProblemFields) | undefined;
}

export const h1: HostAddress = { name: 'h1', address: '192.168.1.21', port: 22, user: 'root' };
export const h2: HostAddress = { name: 'h2', address: '192.168.1.22', port: 22, user: 'ops' };

export function access(): SshAccess {
  return { privateKey: readFileSync(lab.sshKey, 'utf8'), knownHosts: readFileSync(lab.knownHosts, 'utf8'), retries: 1 };
}

/** Makes calls on a session in a separate process, in the lab's network. */
export async function onSession(
  host: HostAddress,
  calls: readonly Call[],
  more: Partial<Script> = {},
): Promise<Outcome> {
  return await driver(host, calls, more).outcome;
}

/** The same, for a test that may kill it; `opened` resolves at the session's first output. */
export function driver(host: HostAddress, calls: readonly Call[], more: Partial<Script> = {}) {
  const script: Script = { host, access: access(), options: {}, calls, ...more };
  const file = join(import.meta.dirname, 'host-driver.ts');
  const argv = [`--net=${lab.netns}`, process.execPath, '--disable-warning=ExperimentalWarning', file];
  const child = spawn('nsenter', argv, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(script));
  const opened = new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
  return { child, opened, outcome: outcomeOf(child) };
}

async function outcomeOf(child: ChildProcessByStdio<Writable, Readable, null>): Promise<Outcome> {
  let output = '';
  for await (const chunk of child.stdout) output += chunk;
  const lines = output
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
  return {
    results: lines.filter((line) => 'result' in line).map((line) => line.result),
    log: lines.filter((line) => 'log' in line).map((line) => line.log),
    problem: lines.find((line) => 'problem' in line)?.problem,
  };
}

/** Applies a state and returns what was done; a problem is the test's failure. */
export async function apply(host: HostAddress, scope: string, state: HostState): Promise<Applied> {
  const { results, problem } = await onSession(host, [['inspect'], ['apply', scope, state]]);
  if (problem) throw new Error(`${problem.code}: ${problem.message}\n${problem.detail?.join('\n')}`);
  return results[1] as Applied;
}

/** The changes that would be made, after a new inspection. */
export async function differences(host: HostAddress, scope: string, state: HostState): Promise<readonly Change[]> {
  const { results, problem } = await onSession(host, [['inspect'], ['difference', scope, state]]);
  if (problem) throw new Error(`${problem.code}: ${problem.message}`);
  return results[1] as readonly Change[];
}

/** Runs a line of shell on a host without its SSH server; throws if it fails. */
export async function onHost(host: string, line: string): Promise<string> {
  const { status, stdout, stderr } = await lab.exec(host, ['sh', '-c', line]);
  if (status === 0) return stdout.trim();
  throw new Error(`${host}: ${line}: status ${status}: ${stderr}`);
}
