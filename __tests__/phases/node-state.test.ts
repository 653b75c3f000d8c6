import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { paths, places } from '../../src/layout/paths.ts';
import { untilJoined } from '../../src/phases/kubelet-certificate.ts';
import { joiningState, settled } from '../../src/phases/node-state.ts';
import type { Prepared } from '../../src/phases/stages.ts';
import { smallCluster } from '../fixtures/clusters.ts';
import { shells } from '../host/local-host.ts';
import { closable, errorOf, hostOf, inspectionOf, sceneOf } from './scene.ts';

const cluster = smallCluster();
const host = hostOf(cluster, 'node-1');
const { localPort } = cluster.api;

function stage(ca = 'the CA') {
  const { run } = sceneOf(cluster);
  run.inspections.set(host.name, inspectionOf(host));
  const file = { path: paths.ca.crt, content: ca, mode: '644', owner: 'root:root', secret: false };
  run.secrets.set(host.name, { cluster: cluster.name, host: host.name, authorities: {}, files: [file] });
  const etcd = { bootstrap: new Map<string, string>(), voters: [] } as unknown as Prepared['etcd'];
  return { ...run, etcd };
}

const kubeletOf = ({ units }: ReturnType<typeof settled>) => units.find(({ name }) => name === 'kubelet.service');

test('a node that has joined has a kubeconfig with its certificate’s path, and its kubelet restarts when the text changes', () => {
  const state = settled(stage(), host, false);
  const file = state.files.find(({ path }) => path === paths.kubeletConf);
  expect(file).toMatchObject({ mode: '600', owner: 'root:root', secret: false });
  const { clusters, users } = parse(file?.content ?? '');
  expect(clusters[0].cluster).toEqual({
    server: `https://127.0.0.1:${localPort}`,
    'certificate-authority-data': Buffer.from('the CA').toString('base64'),
  });
  const certificate = places.kubeletClientCert;
  expect(users[0].user).toEqual({ 'client-certificate': certificate, 'client-key': certificate });
  expect(kubeletOf(state)?.reads).toContain(paths.kubeletConf);
  expect(state.absent).toEqual([paths.bootstrapKubeletConf]);
  const other = settled(stage('another CA'), host, false).files.find(({ path }) => path === paths.kubeletConf);
  expect(other?.content).not.toBe(file?.content);
});

test('one that joins has none, and its kubelet needs no restart when it gets it', () => {
  const joining = joiningState(stage(), host, { id: 'abcdef', secret: '0123456789abcdef' });
  const own: string[] = [paths.kubeletConf, paths.bootstrapKubeletConf];
  expect(joining.files.map(({ path }) => path).filter((path) => own.includes(path))).toEqual(own.slice(1));
  expect(kubeletOf(joining)?.reads).toEqual(expect.arrayContaining(own));
  expect(settled(stage(), host, true).files.map(({ path }) => path)).not.toContain(paths.kubeletConf);
});

test.each(shells)(
  'under %s, the kubelet is restarted with our kubeconfig as soon as it has its certificate',
  async (_, shell) => {
    const root = mkdtempSync(join(tmpdir(), 'k8s-ha-join-'));
    try {
      for (const path of ['etc/kubernetes', 'var/lib/kubelet/pki', 'bin'])
        mkdirSync(join(root, path), { recursive: true });
      const [conf, certificate] = [join(root, paths.kubeletConf), join(root, places.kubeletClientCert)];
      // The kubelet's own, without a line end, and what a killed run has left.
      writeFileSync(conf, 'of the kubelet');
      writeFileSync(join(root, 'etc/kubernetes/.k8s-ha-action.kubelet.conf'), 'half', { mode: 0o644 });
      const pem = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
      writeFileSync(certificate, `${pem}-----BEGIN PRIVATE KEY-----\nSECRET\n-----END PRIVATE KEY-----\n`);
      writeFileSync(join(root, 'bin/systemctl'), `#!/bin/sh\necho "$*: $(cat ${conf})" >>${root}/calls\n`, {
        mode: 0o755,
      });
      const run = stage();
      let printed = '';
      run.sessions.set(host.name, {
        ...closable(host, async () => undefined),
        run: async (command, { input = '' } = {}) => {
          const local = command.replaceAll(/\/(etc\/kubernetes|var\/lib\/kubelet)\//g, `${root}$&`);
          const [path = '', ...words] = shell.split(' ');
          const env = { ...process.env, PATH: `${root}/bin:${process.env.PATH}` };
          printed = execFileSync(path, [...words, '-c', local], { input: String(input), env, encoding: 'utf8' });
          return { status: 0, stdout: printed, stderr: '' };
        },
      });
      // It is of no CA.
      expect(await errorOf(() => untilJoined(run, host, Promise.resolve(), 1_000))).toMatchObject({
        code: 'NODES_NOT_READY',
      });
      expect(printed).toBe(pem);
      const wanted = settled(run, host, false).files.find(({ path }) => path === paths.kubeletConf)?.content ?? '';
      const placed = wanted.replaceAll('/var/lib/kubelet/', `${root}/var/lib/kubelet/`);
      expect(readFileSync(conf, 'utf8')).toBe(placed);
      expect((statSync(conf).mode & 0o777).toString(8)).toBe('600');
      expect(readdirSync(join(root, 'etc/kubernetes'))).toEqual(['kubelet.conf']);
      expect(readFileSync(join(root, 'calls'), 'utf8')).toBe(`restart kubelet.service: ${placed.trimEnd()}\n`);
    } finally {
      rmSync(root, { recursive: true });
    }
  },
);
