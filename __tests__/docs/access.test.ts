import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { root } from '../../docs/action-manifests.ts';
import { parseCluster } from '../../src/cluster/load.ts';

const page = readFileSync(join(root, 'docs/access.md'), 'utf8');
const fenced = Array.from(page.matchAll(/^```(\w*)\n(.*?)^```$/gms), ([, language, text = '']) => ({ language, text }));
const blocks = (of: string) => fenced.flatMap(({ language, text }) => (language === of ? [text] : []));
const scratch = mkdtempSync(join(tmpdir(), 'k8s-ha-access-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test('haproxy accepts the load balancer of the page', () => {
  const [config = '', ...more] = blocks('').filter((text) => text.startsWith('defaults'));
  expect(more).toEqual([]);
  const file = join(scratch, 'haproxy.cfg');
  writeFileSync(file, config);
  expect(spawnSync('haproxy', ['-c', '-f', file], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
});

test('Its parts of cluster.yaml are valid', () => {
  const parts = blocks('yaml');
  expect(parts.length).toBe(2);
  const hosts = readFileSync(join(root, 'examples/small/cluster.yaml'), 'utf8');
  for (const part of parts) {
    const cluster = parseCluster(`${hosts}\n${part}`, 'cluster.yaml');
    expect(cluster.hosts.length).toBe(5);
  }
});

test('Its users get a key and a request that openssl can make', () => {
  const [make = ''] = blocks('sh').filter((text) => text.includes('openssl req'));
  expect(spawnSync('sh', ['-e', '-c', make], { cwd: scratch, encoding: 'utf8' }).status).toBe(0);
  const { stdout } = spawnSync('openssl', ['req', '-in', 'jane.csr', '-noout', '-subject'], {
    cwd: scratch,
    encoding: 'utf8',
  });
  expect(stdout).toMatch(/O ?= ?developers, CN ?= ?jane/);
});
