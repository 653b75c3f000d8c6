import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { paths } from '../../src/pki/index.ts';
import { newLeafPair } from '../../src/pki/keys.ts';
import { signerOf } from '../../src/pki/x509-write.ts';
import { ageCertificates, authoritiesOfCluster, put } from '../lab/aged-certificates.ts';
import { note, seconds } from '../lab/note.ts';
import { node, seedHosts } from '../lab/seed-hosts.ts';
import { act, lab, onHost, standingCluster, succeeded } from '../lab/seed-lab.ts';

// A cluster that was switched off for two years: its hosts have certificates of its CAs that have all ended.

const twoYearsAgo = new Date(Date.now() - 2 * 365 * 24 * 3600 * 1000);

beforeAll(async () => {
  await standingCluster();
}, 600_000);

afterAll(async () => {
  await lab.down();
}, 120_000);

/** Replaces each host's leaf certificates, those in kubeconfigs and the kubelet's by ones that ended a year ago. */
async function endAllCertificates(): Promise<void> {
  const authorities = await authoritiesOfCluster();
  const names = seedHosts.map(({ name }) => name);
  await ageCertificates(authorities, names, twoYearsAgo);
  const [sign, pair] = [await signerOf(authorities.kubernetes), await newLeafPair()];
  const commonName = `system:node:${node.hostname}`;
  const subject = { commonName, organization: 'system:nodes', dns: [], ips: [], usages: ['clientAuth'] } as const;
  const pem = sign(subject, pair.pub, twoYearsAgo) + pair.key;
  await put(node.name, '/var/lib/kubelet/pki/kubelet-client-current.pem', pem);
}

test('one run brings it back, with the same CAs, and nothing is left for a second one', async () => {
  const authority = await onHost('master-1', `cat ${paths.ca.crt}`);
  const names = seedHosts.map(({ name }) => name);
  await endAllCertificates();
  await Promise.all(names.map((name) => lab.powerOff(name, { hard: true })));
  await Promise.all(names.map((name) => lab.powerOn(name, { settled: false })));
  const run = succeeded(await act('deploy'));
  note(`a cluster whose certificates had all ended came back in ${seconds(run.milliseconds)}`);
  expect(await onHost('master-1', `cat ${paths.ca.crt}`)).toBe(authority);
  expect(await onHost('master-1', 'kubectl get nodes --no-headers')).toMatch(/^\S+\s+Ready /);
  expect(succeeded(await act('deploy')).outputs).toMatchObject({ changed: '0', restarted: '[]' });
}, 900_000);
