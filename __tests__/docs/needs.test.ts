import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from '../../docs/action-manifests.ts';
import { parseCluster } from '../../src/cluster/load.ts';
import { binariesFor, imagesOf } from '../../src/components/needs.ts';
import { scratchFolder } from '../lab-tools/scratch.ts';

const hosts = 'hosts:\n  - { name: a, address: 192.168.1.1, roles: [etcd, master, node] }\n';

async function printed(text: string, ...more: readonly string[]) {
  await using folder = await scratchFolder();
  const file = join(folder.path, 'cluster.yaml');
  writeFileSync(file, text);
  const options = { cwd: root, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['docs/needs.ts', file, ...more], options);
  return { status, lines: stdout.split('\n').filter(Boolean), stderr };
}

test('the command prints the official address of everything that a cluster needs, also for one with a mirror', async () => {
  const text = `name: one\nmirror: https://mirror.test/files\nversions: { etcd: 3.7.2 }\naddons: { metricsServer: false }\n${hosts}`;
  const { status, lines, stderr } = await printed(text);
  expect([status, stderr]).toEqual([0, '']);
  const cluster = parseCluster(text, 'cluster.yaml');
  const needed = binariesFor(cluster, [
    ['etcd', 'amd64'],
    ['master', 'amd64'],
    ['node', 'arm64'],
  ]);
  // A folder that has each file under its host and path is what the cluster's mirror serves.
  const served = lines.map((line) => line.replace('https://', 'https://mirror.test/files/'));
  for (const { url, sumUrl } of needed) {
    expect(lines).toContain(url);
    expect(served).toContain(sumUrl);
  }
  expect(lines).toContain('https://github.com/etcd-io/etcd/releases/download/v3.7.2/SHA256SUMS');
  expect(lines.filter((line) => !line.startsWith('https://'))).toEqual(imagesOf(cluster, true));
  expect((await printed(text, 'images')).lines).toEqual(imagesOf(cluster, true));
  expect((await printed(text, 'files')).lines).toEqual(lines.filter((line) => line.startsWith('https://')));
});

test('a file with an error is refused with the reason, and prints nothing', async () => {
  expect(await printed(`name: one\nmirrors: x\n${hosts}`)).toMatchObject({
    ...{ status: 1, lines: [], stderr: expect.stringContaining('mirrors') },
  });
  expect(await printed(`name: one\n${hosts}`, 'else')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('"else"'),
  });
});
