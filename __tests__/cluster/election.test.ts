import { expect, test } from '@jest/globals';
import { electionProblem, electionProfiles, electionTimes } from '../../src/cluster/election.ts';
import { parseCluster } from '../../src/cluster/load.ts';
import { problemsOf } from '../../src/errors.ts';

const hosts = 'hosts:\n  - { name: a, address: 10.0.0.1, roles: [etcd, master, node] }\n';
const file = (...lines: readonly string[]) => `name: lab\n${lines.map((line) => `${line}\n`).join('')}${hosts}`;

function messages(text: string): readonly string[] {
  try {
    parseCluster(text, 'cluster.yaml');
    return [];
  } catch (error) {
    return problemsOf(error).map((problem) => (problem as Error).message);
  }
}

test('by default the times are those of Kubernetes', () => {
  expect(electionTimes(parseCluster(file(), 'cluster.yaml').election)).toEqual({
    leaseDuration: 15,
    renewDeadline: 10,
    retryPeriod: 2,
  });
});

test('client-go starts with both profiles', () => {
  expect(Object.values(electionProfiles).map(electionProblem)).toEqual([undefined, undefined]);
});

test('the user’s times are used unchanged', () => {
  const own = { leaseDuration: 8, renewDeadline: 5.5, retryPeriod: 1 };
  const { election } = parseCluster(file(`election: ${JSON.stringify(own)}`), 'cluster.yaml');
  expect(electionTimes(election)).toEqual(own);
});

test.each([
  [{ leaseDuration: 10, renewDeadline: 10, retryPeriod: 2 }],
  [{ leaseDuration: 15, renewDeadline: 2.4, retryPeriod: 2 }],
])('%j is refused, because no component would start with it', (own) => {
  expect(messages(file(`election: ${JSON.stringify(own)}`))).toEqual([expect.stringContaining('can’t hold')]);
});

test('a lease of half a second, an unknown profile and a missing time are reported in words', () => {
  const wrong = ['{ leaseDuration: 1.5, renewDeadline: 1, retryPeriod: 0.2 }', 'quick', '{ leaseDuration: 4 }'];
  for (const election of wrong) {
    expect(messages(file(`election: ${election}`))).toEqual([expect.stringContaining('election')]);
  }
});

test('a flag of extraArgs is checked together with the profile’s other times', () => {
  const scheduler = 'scheduler: { extraArgs: [{ name: leader-elect-renew-deadline, value: 10s }] }';
  expect(messages(file(scheduler))).toEqual([]);
  expect(messages(file('election: fast', scheduler))).toEqual([expect.stringContaining('A lease of 4s')]);
});
