import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { type Kubectl, openKubectl } from '../../lab/kubectl.ts';
import { openLab } from '../../lab/lab.ts';
import { runAction } from '../../lab/runner/run-action.ts';
import { type ServerProcess, startServer } from '../../lab/server-process.ts';
import { sysctlFilePath } from '../../src/host/expand.ts';
import { places } from '../../src/layout/paths.ts';
import { labId } from '../lab/lab-id.ts';
import { allReadySince } from '../lab/ready-since.ts';
import { refused } from '../lab/refusals.ts';
import { remainsOn } from '../lab/remains.ts';
import { logOf, succeeded } from '../lab/results.ts';
import { preparations } from '../lab/unkind-hosts.ts';

// Five hosts, each with another thing that hosts of users have and clean ones lack. One of them reaches the outside by the proxy only.
const lab = openLab({ id: labId('unkind') });
const folder = mkdtempSync(join(tmpdir(), 'k8s-ha-unkind-'));
const proxyLog = join(folder, 'proxy.log');
const proxied = { name: 'proxied', address: '192.168.1.62' };
const [everything, node] = [['etcd', 'master', 'node'], ['node']];
const cluster = {
  name: 'unkind',
  proxy: { http: 'http://192.168.1.1:3128' },
  hosts: [
    { name: 'loud', address: '192.168.1.61', roles: everything },
    { ...proxied, roles: everything },
    { name: 'hardened', address: '192.168.1.63', roles: everything },
    { name: 'busy', address: '192.168.1.64', roles: node },
    { name: 'parted', address: '192.168.1.65', roles: node, ssh: { user: 'ops' } },
  ],
};
const names = cluster.hosts.map(({ name }) => name);
let proxy: ServerProcess | undefined;
let kubectl: Kubectl;

/** A pod on each node, by a user who is not root, as most images have one. */
const workload = `
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      securityContext: { runAsUser: 1000, runAsNonRoot: true }
      containers:
        - name: web
          image: k8s-ha.test/web:1
          readinessProbe: { httpGet: { port: 8080, path: / }, periodSeconds: 1 }
`;

async function onHost(host: string, line: string): Promise<string> {
  const { status, stdout, stderr } = await lab.exec(host, ['sh', '-c', line]);
  if (status === 0) return stdout.trim();
  throw new Error(`${host}: ${line}: status ${status}: ${stderr}`);
}

const onEach = async <T>(what: (host: string) => Promise<T>): Promise<readonly T[]> =>
  await Promise.all(names.map(what));

/** Drops what the host sends to the mirror and the registry. */
async function cutOff(address: string): Promise<void> {
  const rules = `table inet unkind {
    chain input { type filter hook input priority 0; ip saddr ${address} tcp dport { 8080, 5000 } drop; }
  }`;
  const { status, stderr } = await lab.run(['nft', '-f', '-'], { input: rules });
  if (status !== 0) throw new Error(stderr);
}

const readySince = async (time: number) =>
  await allReadySince(kubectl, { nodes: names.length, pods: names.length + 1 }, time);

/** Our kernel settings that have another value on the host. */
async function otherSettings(host: string): Promise<readonly string[]> {
  const file = sysctlFilePath('node');
  const printed = await onHost(
    host,
    `sed 's/ = / /' ${file} | while read -r key value; do echo "$key $value $(sysctl -n "$key")"; done`,
  );
  const lines = printed.split('\n').map((line) => line.split(' '));
  expect(lines.length).toBeGreaterThan(8);
  return lines.filter(([, wanted, is]) => wanted !== is).map((line) => `${host} ${line.join(' ')}`);
}

/** What a run has made that others could undo. */
async function expectAsMade(): Promise<void> {
  expect((await onEach(otherSettings)).flat()).toEqual([]);
  expect((await onEach((host) => remainsOn(lab, host))).flat()).toEqual([]);
  expect(await onEach((host) => onHost(host, 'systemctl is-active containerd kubelet | uniq'))).toEqual(
    names.map(() => 'active'),
  );
}

async function expectNoChange(): Promise<void> {
  const { outputs } = succeeded(await runAction(lab, 'deploy'));
  expect(outputs).toMatchObject({ changed: '0', restarted: '[]' });
}

beforeAll(async () => {
  const file = join(folder, 'cluster.yaml');
  writeFileSync(file, stringify(cluster));
  writeFileSync(proxyLog, '');
  await lab.down();
  await lab.up({ cluster: file });
  const program = join(import.meta.dirname, '../lab/forward-proxy.ts');
  proxy = await startServer([program, '192.168.1.1', '3128', proxyLog], /^proxy listens/, lab.netns);
  await cutOff(proxied.address);
  await Promise.all(Object.entries(preparations).map(([host, lines]) => onHost(host, `set -e\n${lines}`)));
}, 300_000);

afterAll(async () => {
  await lab.down();
  await proxy?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
}, 60_000);

test('a baseline with which pods do not work is refused, with the commands that exempt what runs them', async () => {
  const { codes, errors } = await refused(lab);
  expect(codes).toEqual(['HOST_DROP_IN']);
  expect(errors[0]).toMatch(
    /50-hardening\.conf sets UMask, ProtectHome, PrivateTmp of containerd\.service and kubelet\.service/,
  );
  await onHost('hardened', /as root: (.*)$/m.exec(errors[0] ?? '')?.[1] ?? 'false');
}, 60_000);

test('one run deploys on all of them, and a second run changes nothing', async () => {
  await expect(onHost(proxied.name, `curl -sS --max-time 1 ${lab.mirrorUrl}`)).rejects.toThrow('timed out');
  const log = logOf(succeeded(await runAction(lab, 'deploy')));
  expect(log).toMatch(/busy: waiting for another process that uses apt-get: .*\(perl\)/);
  kubectl = await openKubectl(lab);
  await kubectl.must(['apply', '-f', '-'], { input: workload });
  await expectNoChange();
}, 300_000);

test('pods run on each of them, and the settings are as the cluster needs them', async () => {
  await readySince(0);
  const asked = readFileSync(proxyLog, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith(`${proxied.address} `));
  for (const part of ['8080/dl.k8s.io/', '8080/github.com/', '8080/apt/', '5000/v2/'])
    expect(asked.some((line) => line.includes(`http://192.168.1.1:${part}`))).toBe(true);
  await expectAsMade();
  expect(await onHost('parted', `cat ${places.kubeletConfig}`)).toContain(places.networkManagerServers);
  expect(await onHost('parted', 'findmnt -n -o FSROOT -T /usr/local/bin/kubelet')).toMatch(/\/etcd\/disk$/);
}, 180_000);

test('after a power cut of all five at once, everything is as the run made it, and a run changes nothing', async () => {
  await onEach((host) => lab.powerOff(host, { hard: true }));
  const off = Date.now();
  await onEach((host) => lab.powerOn(host));
  await readySince(off);
  await expectAsMade();
  expect(await onEach((host) => onHost(host, 'systemctl show -P ActiveState swap.target'))).toEqual(
    names.map(() => 'inactive'),
  );
  await expect(onHost('parted', 'ls /run/swapped')).rejects.toThrow('No such file');
  await expectNoChange();
}, 300_000);
