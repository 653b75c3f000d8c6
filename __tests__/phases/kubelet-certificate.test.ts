import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Problem } from '../../src/errors.ts';
import { places } from '../../src/layout/paths.ts';
import { hasJoined, untilJoined } from '../../src/phases/kubelet-certificate.ts';
import { makeAuthority } from '../../src/pki/authorities.ts';
import { publicFile } from '../../src/pki/authority-files.ts';
import { paths } from '../../src/pki/index.ts';
import { newLeafPair } from '../../src/pki/keys.ts';
import { promoted, trustOf, trustText } from '../../src/pki/trust.ts';
import { signerOf } from '../../src/pki/x509-write.ts';
import { smallCluster } from '../fixtures/clusters.ts';
import { closable, errorOf, hostOf, inspectionOf, sceneOf } from './scene.ts';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

const after = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000));

/** A host that gets no certificate: every look takes all of its time. Returns after how many seconds the wait has ended, and its error. */
async function waitFor(started: Promise<void>, limitSeconds: number): Promise<{ seconds: number; error: unknown }> {
  const cluster = smallCluster();
  const [host, { run }] = [hostOf(cluster, 'node-1'), sceneOf(cluster)];
  run.inspections.set(host.name, inspectionOf(host));
  run.secrets.set(host.name, { cluster: cluster.name, host: host.name, authorities: {}, files: [] });
  run.sessions.set(host.name, {
    ...closable(host, async () => undefined),
    run: async (_, { timeoutSeconds = 0 } = {}) => {
      await after(timeoutSeconds);
      throw new Problem('a command has not ended', { code: 'COMMAND_TIMEOUT' });
    },
  });
  const begin = performance.now();
  const ended = errorOf(() => untilJoined(run, host, started, limitSeconds * 1000)).then((error) => ({
    seconds: Math.round((performance.now() - begin) / 1000),
    error,
  }));
  await jest.advanceTimersByTimeAsync(3_600_000);
  return await ended;
}

test('the limit of a join begins when the kubelet has been started, however long its binaries took', async () => {
  const { seconds, error } = await waitFor(after(615), 180);
  expect(seconds).toBe(615 + 180);
  expect(error).toMatchObject({
    code: 'NODES_NOT_READY',
    message: 'node-1: its kubelet has not joined 180 s after its start: it got no certificate',
  });
});

test('a host whose kubelet could not be started is not waited for', async () => {
  const { seconds } = await waitFor(
    after(30).then(() => {
      throw new Error('it was not started');
    }),
    180,
  );
  expect(seconds).toBe(40);
});

test('while the CA is rotated, a node with a certificate of the former one has joined', async () => {
  const cluster = smallCluster();
  const [host, { run }] = [hostOf(cluster, 'node-1'), sceneOf(cluster)];
  const [old, next] = await Promise.all([makeAuthority('kubernetes', run.now), makeAuthority('kubernetes', run.now)]);
  const sign = await signerOf(old);
  const leaf = { commonName: `system:node:${host.nodeName}`, organization: 'system:nodes', dns: [], ips: [] };
  const own = sign({ ...leaf, usages: ['clientAuth'] }, (await newLeafPair()).pub, run.now);
  run.inspections.set(host.name, inspectionOf(host, {}, { files: new Map([[places.kubeletClientCert, own]]) }));
  const joinedWith = (ca: string) => {
    const secrets = { cluster: cluster.name, host: host.name, authorities: {}, files: [publicFile(paths.ca.crt, ca)] };
    return hasJoined({ ...run, secrets: new Map([[host.name, secrets]]) }, host);
  };
  const signing = trustText(promoted({ ...trustOf(old.crt), next: [next.crt] }, next.crt));
  expect([old.crt, signing, next.crt].map(joinedWith)).toEqual([true, true, false]);
});
