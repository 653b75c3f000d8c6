import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { cacheFolder } from '../../lab/binaries/cache.ts';
import { provideTool } from '../../lab/binaries/tools.ts';
import { must } from '../../lab/command.ts';
import type { ClusterText } from './cluster-file.ts';
import { act, bareHosts, lab, succeeded } from './seed-lab.ts';

// The smallest cluster that survives a loss, for several tests of workflows. A fourth host is not part of it.

/** Its hosts, each with etcd and a control plane. */
export const trio = ['one', 'two', 'three'].map((name, index) => ({ name, address: `192.168.1.22${index + 1}` }));
/** A machine that is not part of it. */
export const bastion = { name: 'bastion', address: '192.168.1.229' };

const cluster = {
  name: 'trio',
  kubernetesVersion: '1.37.2',
  addons: { coredns: false, metricsServer: false },
  hosts: trio.map((host) => ({ ...host, roles: ['etcd', 'master'] })),
};

/** Boots all four hosts, bare. */
export async function bareTrio(): Promise<void> {
  const file = join(mkdtempSync(join(tmpdir(), 'k8s-ha-trio-')), 'cluster.yaml');
  writeFileSync(file, stringify({ ...cluster, hosts: [...cluster.hosts, { ...bastion, roles: ['node'] }] }));
  await bareHosts(file);
}

/** Brings the trio to the state of its file, with nothing else in it; takes seconds if an earlier test has built it. */
export async function standingTrio(): Promise<void> {
  const { hosts } = await lab.status();
  const up = hosts.filter(({ power }) => power === 'on').map(({ name }) => name);
  if (![...trio, bastion].every(({ name }) => up.includes(name))) await bareTrio();
  const file = join(lab.stateDir, 'trio.yaml');
  writeFileSync(file, trioText());
  succeeded(await act('deploy', { cluster: file }));
}

/** Its cluster.yaml, with the settings that only the lab's hosts need. */
export function trioText(change: (cluster: ClusterText) => void = () => undefined): string {
  const text = parse(readFileSync(lab.clusterFile, 'utf8')) as ClusterText;
  text.hosts = text.hosts.filter(({ name }) => name !== bastion.name);
  change(text);
  return stringify(text);
}

/** A new age identity, in the format of `age-keygen`. */
export async function newIdentity(): Promise<string> {
  const keys = await must([await provideTool('age-keygen', { cache: cacheFolder(), log: console.log })]);
  return /^AGE-SECRET-KEY-\S+$/m.exec(keys)?.[0] ?? '';
}
