import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import * as z from 'zod';
import { type Face, readFaces } from '../../docs/faces.ts';
import { filesMatching, textOf } from './tree.ts';

const step = z.object({
  id: z.string().optional(),
  uses: z.string().optional(),
  with: z.record(z.string(), z.unknown()).default({}),
});
const job = z.object({ steps: z.array(step).default([]) });
const workflow = z.object({ jobs: z.record(z.string(), job).default({}) });

const faces = readFaces();
const files = filesMatching(/^(\.github\/workflows\/[^/]+|examples\/(github-oidc\/)?(?!cluster\.)[^/]+)\.ya?ml$/);
const jobs = files.flatMap((file) => {
  const { jobs: found } = workflow.parse(parse(textOf(file)));
  return Object.entries(found).map(([name, { steps }]) => ({ name: `${file} ${name}`, file, job: name, steps }));
});

test('There are workflows that use the actions', () => {
  expect(jobs.flatMap(({ steps }) => steps.flatMap(({ uses }) => faceOf(uses) ?? [])).length).toBeGreaterThan(5);
});

describe.each(jobs.map((each) => [each.name, each] as const))('The job %s', (_, { file, job: jobName, steps }) => {
  const ours = steps.flatMap((each) => {
    const face = faceOf(each.uses);
    return face ? [{ ...each, face }] : [];
  });

  test('gives our actions the inputs that they have, and those that they need', () => {
    const wrong = ours.flatMap(({ face, with: given }) => [
      ...Object.keys(given).flatMap((name) => (face.inputs[name] ? [] : [`${face.id} has no input ${name}`])),
      ...Object.entries(face.inputs).flatMap(([name, { required }]) =>
        required && given[name] === undefined ? [`${face.id} needs ${name}`] : [],
      ),
    ]);
    expect(wrong).toEqual([]);
  });

  test('asks our steps for outputs that they have', () => {
    const text = jobText(file, jobName);
    const wrong = ours.flatMap(({ id, face }) =>
      Array.from(text.matchAll(new RegExp(`\\bsteps\\.${id}\\.outputs\\.([\\w-]+)`, 'g')))
        .map((match) => match[1] ?? '')
        .filter((name) => face.outputs[name] === undefined)
        .map((name) => `${face.id} has no output ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  test('pins every action of others to a commit', () => {
    const foreign = steps.flatMap(({ uses }) => (uses && !faceOf(uses) && !/^[.$]\//.test(uses) ? [uses] : []));
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
function faceOf(uses: string | undefined): Face | undefined {
  const name = /^(?:[.$]|org\/k8s-ha-action)(?:\/([\w-]+))?\/?(?:@\S+)?$/.exec(uses ?? '');
  return name ? faces.find(({ folder }) => folder === (name[1] ? `${name[1]}/` : '')) : undefined;
}

/** The text of a job in its file, without comments. */
function jobText(file: string, name: string): string {
  return JSON.stringify(z.object({ jobs: z.record(z.string(), z.unknown()) }).parse(parse(textOf(file))).jobs[name]);
}
