import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { type Kubectl, openKubectl } from '../../lab/kubectl.ts';
import { openLab } from '../../lab/lab.ts';
import { prepareCache } from '../../lab/prepare.ts';
import { runAction } from '../../lab/runner/run-action.ts';
import { flagWarnings } from '../lab/flag-warnings.ts';
import { labId } from '../lab/lab-id.ts';
import { succeeded } from '../lab/results.ts';

// The seed's cluster with the previous minor version: its binaries take some ten minutes to build if they can't be downloaded.
const version = '1.36.3';
const lab = openLab({ id: labId('older') });
let kubectl: Kubectl;

beforeAll(async () => {
  await prepareCache((line) => console.log(line));
  await prepareCache((line) => console.log(line), version);
  const cluster = parse(readFileSync(join(lab.root, 'examples/seed/cluster.yaml'), 'utf8')) as Record<string, unknown>;
  const file = join(tmpdir(), `${lab.id}-cluster.yaml`);
  writeFileSync(file, stringify({ ...cluster, kubernetesVersion: version }));
  await lab.down();
  await lab.up({ cluster: file });
}, 1_800_000);

afterAll(async () => {
  await lab.down();
}, 120_000);

test('a cluster of the previous minor version is deployed, and a second run changes nothing', async () => {
  succeeded(await runAction(lab, 'deploy'));
  kubectl = await openKubectl(lab);
  const nodes = await kubectl.must(['get', 'nodes', '--no-headers']);
  expect(nodes).toMatch(
    new RegExp(`^192-168-1-156\\.node +Ready +\\S+ +\\S+ +v${version.replaceAll('.', '\\.')}\\s*$`),
  );
  expect(JSON.parse(await kubectl.must(['version', '-o', 'json']))).toMatchObject({
    serverVersion: { gitVersion: `v${version}` },
  });
  expect(succeeded(await runAction(lab, 'deploy')).outputs).toMatchObject({ changed: '0', restarted: '[]' });
}, 900_000);

test('no component warns about its flags', async () => {
  const units: Readonly<Record<string, readonly string[]>> = {
    'master-1': ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'],
    'node-1': ['kubelet', 'kube-proxy'],
    'etcd-1': ['etcd'],
  };
  for (const [host, names] of Object.entries(units)) {
    for (const name of names) {
      const { status, stdout } = await lab.exec(host, ['journalctl', '--no-pager', '-o', 'cat', '-u', name]);
      expect([name, status, stdout.split('\n').length > 2]).toEqual([name, 0, true]);
      expect(flagWarnings(stdout)).toEqual([]);
    }
  }
});

test('the loss of master-1 is survived', async () => {
  const power = `${process.execPath} ${join(lab.root, 'lab/cli.ts')} power {action} {host} --hard`;
  const result = succeeded(
    await runAction(lab, 'verify-failover', { inputs: { fault: 'poweroff', 'power-command': power } }),
  );
  // One request may have been in flight at the power loss, as in 50-failover.
  expect(Number(result.outputs['failed-requests'])).toBeLessThanOrEqual(1);
}, 300_000);
