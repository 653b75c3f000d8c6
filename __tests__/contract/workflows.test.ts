import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import * as z from 'zod';
import { type ActionManifest, readActionManifests } from '../../docs/action-manifests.ts';
import { filesMatching, textOf } from './tree.ts';

const step = z.object({
  id: z.string().optional(),
  uses: z.string().optional(),
  with: z.record(z.string(), z.unknown()).default({}),
});
const job = z.object({ steps: z.array(step).default([]) });
const workflow = z.object({ jobs: z.record(z.string(), job).default({}) });

const manifests = readActionManifests();
const files = filesMatching(/^(\.github\/workflows\/[^/]+|examples\/(github-oidc\/)?(?!cluster\.)[^/]+)\.ya?ml$/);
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

/** `$/etcd`, `./etcd` and `org/k8s-ha-action/etcd@v1` are all the action etcd. */
function manifestOf(uses: string | undefined): ActionManifest | undefined {
  const name = /^(?:[.$]|[\w-]+\/k8s-ha-action)(?:\/([\w-]+))?\/?(?:@\S+)?$/.exec(uses ?? '');
  return name ? manifests.find(({ folder }) => folder === (name[1] ? `${name[1]}/` : '')) : undefined;
}

/** The text of a job in its file, without comments. */
function jobText(file: string, name: string): string {
  return JSON.stringify(z.object({ jobs: z.record(z.string(), z.unknown()) }).parse(parse(textOf(file))).jobs[name]);
}
