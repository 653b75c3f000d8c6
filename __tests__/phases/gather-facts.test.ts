import { expect, test } from '@jest/globals';
import type { InspectQuery } from '../../src/host/engine.ts';
import { places } from '../../src/layout/paths.ts';
import { gatherFacts } from '../../src/phases/gather-facts.ts';
import { paths } from '../../src/pki/index.ts';
import { smallCluster } from '../fixtures/clusters.ts';
import { closable, inspectionOf, notCancelled, sceneOf } from './scene.ts';

const cluster = smallCluster();
const isSecret = (path: string) => !/\.(crt|pub)$/.test(path);

/** The query to each host, by its name. */
async function queries(dryRun: boolean, bundled: boolean): Promise<ReadonlyMap<string, InspectQuery>> {
  const { run } = sceneOf(cluster, { dryRun });
  const asked = new Map<string, InspectQuery>();
  for (const host of cluster.hosts) {
    const inspect = async (query: InspectQuery) => {
      asked.set(host.name, query);
      return inspectionOf(host);
    };
    run.sessions.set(host.name, { ...closable(host, async () => undefined), inspect });
    if (bundled) run.secrets.set(host.name, { cluster: cluster.name, host: host.name, authorities: {}, files: [] });
  }
  await gatherFacts.run(run, notCancelled);
  return asked;
}

test.each([
  ['a run that issues certificates', false, false],
  ['a dry run', true, false],
  ['a job with a bundle', false, true],
  ['a dry run of a job with a bundle', true, true],
])('%s reads no kubelet’s key, and other keys only to issue certificates', async (_, dryRun, bundled) => {
  const asked = await queries(dryRun, bundled);
  expect(asked.size).toBe(cluster.hosts.length);
  for (const [name, { read = [], withhold = [], certificates }] of asked) {
    expect(certificates).toEqual([places.kubeletClientCert]);
    expect([...read, ...withhold]).not.toContain(places.kubeletClientCert);
    expect(read).toContain(paths.ca.crt);
    const issues = !dryRun && !bundled;
    expect([name, read.some(isSecret)]).toEqual([name, issues]);
    expect([name, withhold.includes(paths.ca.key)]).toEqual([name, dryRun && !bundled]);
    expect(withhold.every(isSecret)).toBe(true);
  }
});
