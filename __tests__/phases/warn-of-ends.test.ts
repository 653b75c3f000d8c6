import { expect, test } from '@jest/globals';
import { seenCertificate } from '../../src/check/certificates.ts';
import { Problem } from '../../src/errors.ts';
import { paths, places } from '../../src/layout/paths.ts';
import { askWhatEnds, warnOfEnds } from '../../src/phases/warn-of-ends.ts';
import { makeAuthorities } from '../../src/pki/authorities.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { closable, hostOf, inspectionOf, notCancelled, sceneOf } from './scene.ts';

const cluster = seedCluster();
const { kubernetes } = await makeAuthorities(new Date());
// Another CA serves as any other certificate. What ends with the CA is part of the CA's warning, so it ends an hour earlier.
const { kubernetes: leaf } = await makeAuthorities(new Date(Date.now() - 3600 * 1000));
const [ca] = seenCertificate('', kubernetes.crt);
const dayMs = 24 * 3600 * 1000;
const now = new Date((ca?.until.getTime() ?? 0) - 20 * dayMs);
const files = new Map([
  [paths.ca.crt, kubernetes.crt],
  [paths.apiserver.crt, leaf.crt],
]);

/** The warnings of a run in which the kubelet's own certificate ends tomorrow, as those of master-1. */
async function warnings(dryRun: boolean): Promise<readonly string[]> {
  const { run, log } = sceneOf(cluster, { dryRun });
  for (const host of cluster.hosts) run.inspections.set(host.name, inspectionOf(host));
  run.inspections.set('master-1', inspectionOf(hostOf(cluster, 'master-1'), {}, { files }));
  const kubelet = new Map([[places.kubeletClientCert, leaf.crt]]);
  run.inspections.set('node-1', inspectionOf(hostOf(cluster, 'node-1'), {}, { files: kubelet }));
  await warnOfEnds.run({ ...run, now: new Date(now.getTime() + 19 * dayMs) }, notCancelled);
  return log.lines.toSorted();
}

test('a plan warns of CAs and certificates that end within 30 days, and of the version', async () => {
  expect(await warnings(true)).toEqual([
    expect.stringMatching(/^warning: kubernetes CA: the kubernetes CA ends \S+, in 1 day\. /),
    expect.stringMatching(/^warning: master-1: \S+apiserver\.crt: ends /),
    expect.stringMatching(/^warning: node-1: \S+kubelet-client-current\.pem: ends /),
    expect.stringMatching(/^warning: seed: the support of Kubernetes 1\.\d+ ended /),
  ]);
});

test('a deployment does not warn of certificates that it renews', async () => {
  expect((await warnings(false)).map((line) => line.split(': ')[1])).toEqual(['kubernetes CA', 'node-1', 'seed']);
});

test('a failover check asks the hosts that it is connected to; one that does not answer is not its matter', async () => {
  const { run, log } = sceneOf(cluster);
  for (const name of ['master-1', 'master-2']) {
    const host = hostOf(cluster, name);
    const inspect = async () => {
      if (name === 'master-2') throw new Problem('the connection was lost', { code: 'CONNECTION_LOST' });
      return inspectionOf(host, {}, { files });
    };
    const noConf = async () => ({ status: 1, stdout: '', stderr: '' });
    run.sessions.set(name, { ...closable(host, async () => undefined), inspect, run: noConf });
  }
  await askWhatEnds.run({ ...run, now }, notCancelled);
  expect(log.lines).toEqual([
    expect.stringMatching(/^warning: kubernetes CA: .* in 20 days/),
    expect.stringMatching(/^warning: master-1: .*apiserver\.crt/),
  ]);
});
