import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import type { ActionResult } from '../../lab/runner/run-action.ts';
import type { WorkflowOptions, WorkflowRun } from '../../lab/workflow/act.ts';
import { places } from '../../src/layout/paths.ts';
import { type Administrator, administratorOf } from './administrator.ts';
import { changedCluster } from './cluster-file.ts';
import { etcdctl, votersBy } from './etcdctl.ts';
import { clientsOf, serviceClientOf, writerOn } from './node-clients.ts';
import { note, seconds } from './note.ts';
import { refusal } from './refusals.ts';
import { eventually } from './repeatedly.ts';
import { figuresOf, isGood, type Sample } from './requests.ts';
import { act, lab, onHost, succeeded } from './seed-lab.ts';
import { overlaps, unitEvents } from './starts.ts';
import { newIdentity } from './trio.ts';
import { webWorkload } from './web-workload.ts';
import { rebuild, results, logOf as workflowLog } from './workflow-runs.ts';

// A cluster whose file changes in every case: what the file says, and what must be true after each change.

/** A line of the file. */
export interface HostLine {
  readonly name: string;
  readonly address: string;
  readonly roles: readonly string[];
  readonly state?: 'removed';
  readonly hostname?: string;
}

const machines: Readonly<Record<string, string>> = Object.fromEntries([
  ...[1, 2, 3, 4, 5].map((number) => [`m${number}`, `192.168.1.${210 + number}`]),
  ...[1, 2, 3].map((number) => [`n${number}`, `192.168.1.${220 + number}`]),
]);
export const stacked = ['etcd', 'master'];

/** The line of a machine of the lab: masters with etcd are m1 to m5, nodes n1 to n3. */
export function line(name: string, more: Partial<HostLine> = {}): HostLine {
  return { name, address: machines[name] ?? '', roles: name.startsWith('m') ? stacked : ['node'], ...more };
}
export const lines = (...names: readonly string[]): readonly HostLine[] => names.map((name) => line(name));
export const gone = (name: string): HostLine => line(name, { state: 'removed' });
/** The cluster that most cases begin with. Instruments run on n1, which no change removes. */
export const base = lines('m1', 'm2', 'm3', 'n1', 'n2');

const [from, to] = ['1.36.3', '1.37.2'];
/** The file of the lab: all its machines. */
export const wholeFile = `name: combinations
kubernetesVersion: ${from}
addons: { metricsServer: false }
upgrade: { nodes: { drainSeconds: 90 } }
hosts:
${Object.keys(machines)
  .map((name) => `  - ${JSON.stringify(line(name))}`)
  .join('\n')}
`;
const workload = `${webWorkload({ replicas: 4, maxUnavailable: 1 })}---
apiVersion: v1
kind: Namespace
metadata: { name: written }
`;

/** What the cluster is, as far as the cases know. */
const now = { lines: base as readonly HostLine[], version: from as string, files: 0, runs: 0 };
const table: string[] = [];
/** Of requests that failed in any case. A machine that is busy with other work has some without any change. */
export const failures: string[] = [];
let administrator: Administrator;
let identity = '';

const isPresent = ({ state }: HostLine) => state !== 'removed';
const having = (role: string, all: readonly HostLine[]) =>
  all.filter((each) => isPresent(each) && each.roles.includes(role));
const sorted = (items: readonly string[]) => items.toSorted((one, other) => one.localeCompare(other));

/** The input of an action: a file with these lines. */
export function fileWith(hosts: readonly HostLine[], more: object = {}): { readonly cluster: string } {
  now.files += 1;
  const cluster = changedCluster(lab, `combination-${now.files}`, (text) =>
    Object.assign(text, { kubernetesVersion: now.version, hosts: [...hosts] }, more),
  );
  return { cluster };
}

/** From now on, files have the newer version. */
export function raiseVersion(): void {
  now.version = to;
}

/** Builds the first cluster with what runs in it. */
export async function beginCluster(): Promise<void> {
  succeeded(await act('deploy', fileWith(base)));
  administrator = await administratorOf(lab, 'm1');
  identity = await newIdentity();
  const kubectl = (args: string) => onHost('m1', `kubectl ${args}`);
  await kubectl(`apply -f - <<'END'\n${workload}END`);
  await kubectl('rollout status deployment/web --timeout=120s');
  await kubectl('rollout status daemonset/client --timeout=60s');
}

/** Brings the cluster to these lines by one job, if it has others. Lines that are not among them are removed. */
export async function begin(wanted: readonly HostLine[]): Promise<void> {
  const isSame = (one: HostLine) => wanted.some(({ name, address }) => name === one.name && address === one.address);
  if (wanted.length === now.lines.length && now.lines.every(isSame)) return;
  const leaving = now.lines.filter(({ address }) => !wanted.some((each) => each.address === address));
  succeeded(
    await act('deploy', fileWith([...wanted, ...leaving.map((each) => ({ ...each, state: 'removed' as const }))])),
  );
  now.lines = wanted;
}

/** The workflow of examples/rebuild.yml with these lines. */
export async function byWorkflow(
  hosts: readonly HostLine[],
  options: Partial<WorkflowOptions> = {},
): Promise<WorkflowRun> {
  now.runs += 1;
  const files = { 'cluster.yaml': readFileSync(fileWith(hosts).cluster, 'utf8') };
  return await rebuild(identity, { runId: `combination-${now.runs}`, files, ...options });
}

/** kubectl on a master that the cluster has. */
export async function kubectl(args: string): Promise<string> {
  return await onHost(having('master', now.lines)[0]?.address ?? '', `kubectl ${args}`);
}

/** Instruments on n1, from the beginning of a case until it is judged. */
export interface Watch {
  /** The file's state is reached, by a run that took so long. */
  readonly done: (what: string, wanted: readonly HostLine[], milliseconds: number) => Promise<void>;
  /** The run was refused with these codes, and nothing was changed. */
  readonly refused: (what: string, result: ActionResult, codes: readonly string[]) => Promise<string>;
}

/** @param cut a host loses its power in the case: until the cluster notices, requests to a Service may fail. */
export async function watch({ cut = false } = {}): Promise<Watch> {
  const since = Date.now();
  const stops = await Promise.all([
    clientsOf('n1', administrator, 'connections'),
    serviceClientOf('n1', administrator),
    writerOn('n1', administrator, 'written'),
  ]);
  const judge = async (what: string): Promise<void> => {
    const [connections = [], service = [], writes = []] = await Promise.all(stops.map((stop) => stop()));
    note(
      `${what}: new connections: ${figuresOf(connections)}; Service: ${figuresOf(service)}; writes: ${figuresOf(writes)}`,
    );
    const failed = [...connections, ...(cut ? [] : service)].filter((sample) => !isGood(sample));
    if (failed.length > 0) failures.push(`${what}: ${figuresOf(failed)}`);
    await expectWritten(writes);
    const on = new Set((await lab.status()).hosts.filter(({ power }) => power === 'on').map(({ address }) => address));
    const here = now.lines.map(({ address }) => address).filter((address) => on.has(address));
    const events = await unitEvents(here, since);
    for (const unit of ['etcd.service', 'kube-apiserver.service']) expect(overlaps(events, unit)).toEqual([]);
  };
  return {
    async done(what, wanted, milliseconds) {
      now.lines = wanted.filter(isPresent);
      await judge(what);
      await expectReached();
      await expectQuiet(wanted);
      if (now.lines.length < wanted.length) await expectQuiet(now.lines);
      tell(what, 'done', milliseconds);
    },
    async refused(what, result, codes) {
      const { log, codes: said, outputs, milliseconds } = refusal(result);
      expect([...new Set(said)]).toEqual(codes);
      // A file that is refused has no outputs.
      expect(outputs.changed ?? '0').toBe('0');
      await judge(what);
      await expectReached();
      await expectQuiet(now.lines);
      tell(what, `refused: ${codes.map((code) => `\`${code}\``).join(', ')}`, milliseconds);
      return log;
    },
  };
}

/** The workflow refuses before its second job. */
export function expectRefusedPlan(run: WorkflowRun, message: string): void {
  expect(results(run)).toMatchObject({ plan: 'failure', pki: 'skipped', addons: 'skipped', gate: 'failure' });
  expect(workflowLog(run)).toContain(message);
}

/** One line for the table of docs/changing-a-cluster.md. */
export function tell(what: string, outcome: string, milliseconds: number): void {
  const row = `| ${what} | ${outcome} | ${seconds(milliseconds)} |`;
  table.push(row);
  note(row);
}

/** All lines, at the end. */
export function tellAll(): void {
  note(table.join('\n'));
}

async function expectWritten(writes: readonly Sample[]): Promise<void> {
  const names = new Set((await kubectl('get configmaps -n written -o name')).trim().split('\n'));
  const acknowledged = writes.filter(isGood).map(({ at }) => `configmap/write-${at}`);
  expect(acknowledged.length).toBeGreaterThan(0);
  expect(acknowledged.filter((name) => !names.has(name))).toEqual([]);
  await kubectl('delete configmaps -n written --all --wait=false >/dev/null');
}

/** Members, nodes, API servers and the nodes' load balancers are those of the lines, and no others. */
async function expectReached(): Promise<void> {
  const [members, masters] = [having('etcd', now.lines), having('master', now.lines)];
  const nodes = having('node', now.lines);
  const voters = await votersBy(members[0]?.address ?? '');
  expect(sorted(Object.keys(voters))).toEqual(sorted(members.map(({ name }) => name)));
  expect(Object.values(voters)).not.toContain('learner');
  const health = await onHost(members[0]?.address ?? '', `${etcdctl} endpoint health --cluster 2>&1`);
  expect(health.match(/is healthy/g)).toHaveLength(members.length);
  const listed = await kubectl(`get nodes --no-headers -o custom-columns='N:.metadata.name,C:.spec.unschedulable'`);
  expect(
    sorted(
      listed
        .trim()
        .split('\n')
        .map((each) => each.replaceAll(/ +/g, ' ')),
    ),
  ).toEqual(sorted(nodes.map(({ name, hostname = name }) => `${hostname} <none>`)));
  await kubectl('wait --for=condition=Ready nodes --all --timeout=1s');
  const addresses = sorted(masters.map(({ address }) => address));
  // An API server that was lost is listed for 15 s more.
  await eventually(async () => {
    const endpoints = await kubectl(`get endpointslice kubernetes -o jsonpath='{.endpoints[*].addresses[0]}'`);
    return String(sorted(endpoints.split(' '))) === String(addresses);
  });
  for (const { address } of nodes) {
    const servers = await onHost(
      address,
      `sed -n 's/^  server [^ ]* \\([0-9.]*\\):.* check .*/\\1/p' ${places.balancerConfig}`,
    );
    expect(sorted(servers.trim().split('\n'))).toEqual(addresses);
  }
}

/** The next run with the same file changes nothing. */
async function expectQuiet(wanted: readonly HostLine[]): Promise<void> {
  expect(succeeded(await act('deploy', fileWith(wanted))).outputs).toMatchObject({ changed: '0', restarted: '[]' });
}
