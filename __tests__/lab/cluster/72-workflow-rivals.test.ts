import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { WorkflowOptions, WorkflowRun } from '../../../lab/workflow/act.ts';
import { refused } from '../refusals.ts';
import { lab, onHost } from '../seed-lab.ts';
import { bareTrio, newIdentity, trio, trioText } from '../trio.ts';
import { outcomeOf, rebuild, results } from '../workflow-runs.ts';

// Two repositories have a file of one cluster each, so that no concurrency group of GitHub keeps their runs apart.
const names = trio.map(({ name }) => name);
const place = mkdtempSync(join(tmpdir(), 'k8s-ha-rivals-test-'));
const claim = '/run/k8s-ha-action/claim';
let identity: string;

beforeAll(async () => {
  await bareTrio();
  identity = await newIdentity();
}, 600_000);

afterAll(() => rmSync(place, { recursive: true, force: true }));

interface Seen {
  readonly run: WorkflowRun;
  /** The lines of its jobs with their times, by this machine's clock. */
  readonly lines: readonly { readonly at: number; readonly job: string; readonly text: string }[];
}

/** A run of a separate repository, whose cluster.yaml has a flag of the API servers that distinguishes it from the other's. */
async function rebuildFor(
  team: string,
  runId: string,
  options: Partial<WorkflowOptions> & { readonly flag: string },
): Promise<Seen> {
  const { flag, onLine, ...rest } = options;
  const extraArgs = [{ name: 'max-requests-inflight', value: flag }];
  const text = trioText((cluster) => Object.assign(cluster, { apiServer: { extraArgs } }));
  const lines: { at: number; job: string; text: string }[] = [];
  const run = await rebuild(identity, {
    runId,
    repository: `${team}/clusters`,
    folder: join(place, team),
    files: { 'cluster.yaml': text },
    onLine: (line) => {
      lines.push({ at: Date.now(), ...line });
      onLine?.(line);
    },
    ...rest,
  });
  return { run, lines };
}

const momentOf = ({ lines }: Seen, job: string, text: RegExp): number =>
  lines.find((line) => line.job === job && text.test(line.text))?.at ?? Number.NaN;

/** The flags of each master's API server, the hash of its CA, and when it was started. */
async function clusterState(): Promise<readonly { flag: string; authority: string; start: string }[]> {
  return await Promise.all(
    names.map(async (name) => {
      const shown = await onHost(
        name,
        `tr '\\0' '\\n' </proc/$(systemctl show -P MainPID kube-apiserver)/cmdline | sed -n 's/^--max-requests-inflight=//p'
sha256sum </etc/kubernetes/pki/ca.crt; systemctl show -P InvocationID kube-apiserver`,
      );
      const [flag = '', authority = '', start = ''] = shown.split('\n');
      return { flag, authority, start };
    }),
  );
}

/** The value that all hosts have in common. */
function common<T>(values: readonly T[]): T | undefined {
  return new Set(values).size === 1 ? values[0] : undefined;
}

const success = {
  ...{ plan: 'success', pki: 'success', node: 'skipped', addons: 'success', gate: 'success' },
  'verify-failover': 'skipped',
  ...Object.fromEntries(names.flatMap((name) => [`etcd ${name}`, `master ${name}`]).map((leg) => [leg, 'success'])),
};

describe('Two runs of two repositories on one cluster', () => {
  test('on bare hosts, started at the same moment: one waits, and the cluster is completely the other’s', async () => {
    const [one, other] = await Promise.all([
      rebuildFor('blue', '11', { flag: '500' }),
      rebuildFor('yellow', '12', { flag: '600' }),
    ]);
    for (const { run } of [one, other]) expect(outcomeOf(run)).toEqual([success, true]);
    const [winner, late] =
      momentOf(one, 'pki', /^Gather/) < momentOf(other, 'pki', /^Gather/) ? [one, other] : [other, one];
    const [name, flag] = winner === one ? ['blue/clusters run 11', '600'] : ['yellow/clusters run 12', '500'];

    expect(late.lines.filter(({ job }) => job === 'pki').map(({ text }) => text)).toContain(
      `one: waiting for ${name} to leave the host`,
    );
    expect(momentOf(late, 'pki', /^Gather facts: /)).toBeGreaterThan(momentOf(winner, 'addons', /^Apply add-ons: /));
    const now = await clusterState();
    expect(common(now.map((each) => each.flag))).toBe(flag);
    expect(common(now.map(({ authority }) => authority))).toMatch(/^[0-9a-f]{64}/);
  }, 600_000);

  test('on a running cluster, started when a third of the masters was changed: it waits for the other two', async () => {
    const before = await clusterState();
    let second: Promise<Seen> | undefined;
    const first = await rebuildFor('blue', '21', {
      flag: '700',
      maxParallel: 1,
      onLine: ({ job, text }) => {
        if (/^master/.test(job) && text === 'job: success') second ??= rebuildFor('yellow', '22', { flag: '800' });
      },
    });
    const late = await second;
    if (!late) throw new Error('no master job of the first run ended well');
    for (const { run } of [first, late]) expect(outcomeOf(run)).toEqual([success, true]);

    const done = names.map((name) => momentOf(first, `master ${name}`, /^Apply masters: /));
    expect(momentOf(late, 'plan', /^Gather facts: /)).toBeLessThan(Math.max(...done));
    expect(momentOf(late, 'pki', /^Gather facts: /)).toBeGreaterThan(momentOf(first, 'addons', /^Apply add-ons: /));
    expect(late.lines.map(({ text }) => text)).toContain('one: waiting for blue/clusters run 21 to leave the host');
    const now = await clusterState();
    expect(now.map(({ flag }) => flag)).toEqual(['800', '800', '800']);
    expect(now.map(({ authority }) => authority)).toEqual(before.map(({ authority }) => authority));
    for (const { run } of [first, late]) {
      const gate = run.jobs.find(({ id }) => id === 'gate');
      expect(JSON.parse(gate?.outputs['gate.changed-hosts'] ?? '').toSorted()).toEqual(names.toSorted());
    }
  }, 600_000);
});

describe('A run that was killed between its jobs', () => {
  let killed: WorkflowRun;

  beforeAll(async () => {
    let kill: () => void = () => undefined;
    const seen = await rebuildFor('blue', '31', {
      flag: '900',
      onStart: (child) => {
        kill = () => child.kill('SIGKILL');
      },
      onLine: ({ job, text }) => {
        if (job === 'pki' && text === 'job: success') kill();
      },
    });
    killed = seen.run;
  }, 300_000);

  test('still reserves the cluster for some minutes: a failover check, which can’t wait, is refused with its name', async () => {
    expect(results(killed)).toMatchObject({ plan: 'success', pki: 'success' });
    expect(results(killed).addons).toBe('skipped');
    const { codes, errors } = await refused(lab, { fault: 'stop-services' }, 'verify-failover');
    expect(new Set(codes)).toEqual(new Set(['RIVAL_RUN']));
    expect(errors[0]).toMatch(
      /another run has reserved this cluster: blue\/clusters run 31; unless it continues, the reservation ends in \d+ s/,
    );
  }, 120_000);

  test('loses it to a later run, and its own jobs are then refused on every host', async () => {
    // As if the minutes had passed.
    for (const name of names) await onHost(name, `sed -i '1s/.*/0/' ${claim}`);
    const { run } = await rebuildFor('yellow', '32', { flag: '1000' });
    expect(outcomeOf(run)).toEqual([success, true]);
    const before = await clusterState();
    expect(before.map(({ flag }) => flag)).toEqual(['1000', '1000', '1000']);

    const again = await rebuildFor('blue', '31', { flag: '900', rerunOf: killed });
    expect(results(again.run)).toMatchObject({ 'etcd one': 'failure', 'master two': 'failure', addons: 'failure' });
    for (const { id, annotations } of again.run.jobs.filter((job) => job.status === 'failure' && job.id !== 'gate')) {
      const reported = annotations.map(({ message }) => message).join('\n');
      expect([id, reported]).toEqual([
        id,
        expect.stringContaining('another run has changed this cluster since: yellow/clusters run 32'),
      ]);
    }
    expect(await clusterState()).toEqual(before);
  }, 600_000);
});
