import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import * as z from 'zod';
import { type ActionManifest, readActionManifests } from '../../docs/action-manifests.ts';
import { calledWorkflow, ownJobs, ownJobsWorkflow } from '../../docs/own-jobs.ts';
import { faultNames } from '../../src/failover/faults/faults.ts';
import { filesMatching, textOf } from './tree.ts';

const step = z.object({
  id: z.string().optional(),
  uses: z.string().optional(),
  with: z.record(z.string(), z.unknown()).default({}),
});
const job = z.object({ steps: z.array(step).default([]) });
const workflow = z.object({ jobs: z.record(z.string(), job).default({}) });

const manifests = readActionManifests();
const files = filesMatching(/^(\.github\/workflows\/[^/]+|examples\/(github-oidc\/)?(?!cluster\.yaml)[^/]+)\.ya?ml$/);
const jobs = files.flatMap((file) => {
  const { jobs: found } = workflow.parse(parse(textOf(file)));
  return Object.entries(found).map(([name, { steps }]) => ({ name: `${file} ${name}`, file, job: name, steps }));
});

test('There are workflows that use the actions', () => {
  expect(jobs.flatMap(({ steps }) => steps.flatMap(({ uses }) => manifestOf(uses) ?? [])).length).toBeGreaterThan(5);
});

describe.each(jobs.map((each) => [each.name, each] as const))('The job %s', (_, { file, job: jobName, steps }) => {
  const ours = steps.flatMap((each) => {
    const manifest = manifestOf(each.uses);
    return manifest ? [{ ...each, manifest }] : [];
  });

  test('gives our actions only inputs that they have, and all required ones', () => {
    const wrong = ours.flatMap(({ manifest, with: given }) => [
      ...Object.keys(given).flatMap((name) => (manifest.inputs[name] ? [] : [`${manifest.id} has no input ${name}`])),
      ...Object.entries(manifest.inputs).flatMap(([name, { required }]) =>
        required && given[name] === undefined ? [`${manifest.id} needs ${name}`] : [],
      ),
    ]);
    expect(wrong).toEqual([]);
  });

  test('uses only outputs that our steps have', () => {
    const text = jobText(file, jobName);
    const wrong = ours.flatMap(({ id, manifest }) =>
      Array.from(text.matchAll(new RegExp(`\\bsteps\\.${id}\\.outputs\\.([\\w-]+)`, 'g')))
        .map((match) => match[1] ?? '')
        .filter((name) => manifest.outputs[name] === undefined)
        .map((name) => `${manifest.id} has no output ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  test('pins every action of others to a commit', () => {
    const foreign = steps.flatMap(({ uses }) => (uses && !manifestOf(uses) && !/^[.$]\//.test(uses) ? [uses] : []));
    expect(foreign.filter((uses) => !/@[0-9a-f]{40}$/.test(uses))).toEqual([]);
  });
});

test('Results of jobs that are passed on exist in those jobs', () => {
  const wrong = files.flatMap((file) => {
    const { jobs: found } = z
      .object({ jobs: z.record(z.string(), z.object({ outputs: z.record(z.string(), z.string()).default({}) })) })
      .parse(parse(textOf(file)));
    return Array.from(textOf(file).matchAll(/\b(?:needs|jobs)\.([\w-]+)\.outputs\.([\w-]+)/g))
      .map((match) => [match[1] ?? '', match[2] ?? ''] as const)
      .filter(([name, output]) => found[name] && found[name].outputs[output] === undefined)
      .map(([name, output]) => `${file}: the job ${name} has no output ${output}`);
  });
  expect(wrong).toEqual([]);
});

describe('The jobs of the reusable workflow', () => {
  const text = textOf(calledWorkflow);

  test('are those of the file that users copy, by the names that users have', () => {
    expect(textOf(ownJobs)).toBe(ownJobsWorkflow(text));
    const own = parse(textOf(ownJobs));
    expect(Object.keys(own.jobs)).toEqual(Object.keys(parse(text).jobs));
    expect(textOf(ownJobs)).not.toMatch(/\$\/|inputs\.(known-hosts|runner)/);
    expect(Object.keys(own.on.workflow_call.inputs)).toEqual(
      Object.keys(parse(text).on.workflow_call.inputs).filter((name) => name !== 'known-hosts' && name !== 'runner'),
    );
  });

  test('test every fault that is named, and nothing for an empty input', () => {
    const [, list = '[]'] = /contains\(fromJSON\('(\[.*?\])'\), inputs\.verify-failover\)/.exec(text) ?? [];
    expect(JSON.parse(list)).toEqual(faultNames);
    const { options } = parse(textOf('examples/rebuild.yml')).on.workflow_dispatch.inputs.fault;
    expect([...options].sort()).toEqual(['none', ...faultNames].sort());
  });

  test('have a value for each input that a trigger leaves empty and that may not be empty', () => {
    const { inputs } = parse(text).on.workflow_call;
    const numbers = Object.keys(inputs).filter((name) => inputs[name].type === 'number');
    expect(numbers.length).toBeGreaterThan(1);
    for (const name of [...numbers, 'runner']) {
      const uses = Array.from(text.matchAll(new RegExp(`(?<!startsWith\\(|&& fromJSON\\()inputs\\.${name}(.*)`, 'g')));
      expect([name, uses.length > 0]).toEqual([name, true]);
      for (const [, after] of uses) expect([name, after]).toEqual([name, expect.stringMatching(/^ \|\| [^|]+\}\}$/)]);
    }
  });

  test('take secrets by names that can be stored, so that an environment may have them and a caller may pass all', () => {
    const { secrets } = parse(text).on.workflow_call;
    expect(Object.keys(secrets).filter((name) => !/^[A-Z][A-Z_]*$/.test(name))).toEqual([]);
    expect(Object.values<{ required: boolean }>(secrets).some(({ required }) => required)).toBe(false);
  });
});

test('Each job of the examples that reaches the hosts of a cluster can have an environment', () => {
  const without = ['cluster', 'reset', 'restore', 'rotate'].flatMap((name) =>
    Object.entries<{ environment?: string; steps: readonly { with?: object }[] }>(
      parse(textOf(`examples/${name}.yml`)).jobs,
    ).flatMap(([id, { environment, steps }]) =>
      environment === undefined && steps.some((each) => 'ssh-key' in (each.with ?? {})) ? [`${name} ${id}`] : [],
    ),
  );
  expect(without).toEqual([]);
});

test('Each job that reaches the hosts tells its action its time limit, so that the action ends first', () => {
  const limits = files.flatMap((file) =>
    Object.entries<{ 'timeout-minutes'?: unknown; steps?: readonly { with?: Record<string, unknown> }[] }>(
      parse(textOf(file)).jobs,
    ).flatMap(([id, { 'timeout-minutes': limit, steps = [] }]) =>
      steps
        .filter(({ with: given = {} }) => 'ssh-key' in given)
        .map(({ with: given }) => ({ job: `${file} ${id}`, limit, given: given?.['timeout-minutes'] })),
    ),
  );
  expect(limits.length).toBeGreaterThan(10);
  for (const { job, limit, given } of limits)
    expect([job, given]).toEqual([job, typeof limit === 'string' ? limit.replace(/fromJSON\((.*)\)/, '$1') : limit]);
});

test('Callers give a called workflow only inputs that it has, and a value for each one that a trigger leaves empty', () => {
  const { inputs } = parse(textOf(ownJobs)).on.workflow_call;
  const calls = filesMatching(/^examples\/[^/]+\.yml$/).flatMap((file) =>
    Object.values<{ uses?: string; with?: object }>(parse(textOf(file)).jobs)
      .filter(({ uses }) => uses !== undefined)
      .map((call) => ({ file, ...call })),
  );
  expect(calls.length).toBeGreaterThan(3);
  for (const { file, uses, with: given = {} } of calls) {
    expect([file, uses]).toEqual([file, './.github/workflows/cluster.yml']);
    for (const [name, value] of Object.entries(given)) {
      expect(Object.keys(inputs)).toContain(name);
      if (/inputs\./.test(String(value))) expect(value).toMatch(/^\$\{\{ inputs\.[\w-]+ \|\| (false|'.*') \}\}$/);
    }
  }
});

/** `$/etcd`, `./etcd` and `org/k8s-ha-action/etcd@v1` are all the action etcd. */
function manifestOf(uses: string | undefined): ActionManifest | undefined {
  const name = /^(?:[.$]|[\w-]+\/k8s-ha-action)(?:\/([\w-]+))?\/?(?:@\S+)?$/.exec(uses ?? '');
  return name ? manifests.find(({ folder }) => folder === (name[1] ? `${name[1]}/` : '')) : undefined;
}

/** The text of a job in its file, without comments. */
function jobText(file: string, name: string): string {
  return JSON.stringify(z.object({ jobs: z.record(z.string(), z.unknown()) }).parse(parse(textOf(file))).jobs[name]);
}
