import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { cacheFolder } from '../../lab/binaries/cache.ts';
import { findHost } from '../../lab/cluster-file.ts';
import { labPaths } from '../../lab/identity.ts';
import { openLab, requireUp } from '../../lab/lab.ts';
import { makeMachine, type VirtualMachine } from '../../lab/machines/machine.ts';
import { ensureMachineTree } from '../../lab/machines/tree.ts';
import { programs } from '../../lab/programs.ts';
import { runAction } from '../../lab/runner/run-action.ts';
import { ensurePrograms } from '../../lab/setup.ts';
import { labId } from '../lab/lab-id.ts';
import { note, seconds } from '../lab/note.ts';
import { succeeded } from '../lab/results.ts';

// What most users have and no guest here can be: Debian 13 with a kernel of its own, cgroup v2, systemd 257, haproxy 3.0, and the
// product's defaults for kubelet and containerd. Emulated without KVM, so it is a node only: its control plane is a usual guest.
// containerd must sync what it unpacks (image_pull_with_sync_fs): without it, metrics-server did not run again after the power cut ("exec format
// error"). With it all four are green, in 384 s: SSH after 33 s, the deployment 88 s, a run without changes 18 s, the reset 29 s.
const id = labId('machine');
const lab = openLab({ id });
const folder = mkdtempSync(join(tmpdir(), 'k8s-ha-machine-'));
const file = join(folder, 'cluster.yaml');
const host = { name: 'stock', address: '192.168.1.71' };
const mirrors = [lab.registryUrl];
const cluster = {
  ...{ name: 'machine', mirror: lab.mirrorUrl },
  containerd: { registries: { 'registry.k8s.io': { mirrors }, 'k8s-ha.test': { mirrors } } },
  hosts: [
    { name: 'control', address: '192.168.1.70', roles: ['etcd', 'master'] },
    { ...host, roles: ['node'] },
  ],
};
let machine: VirtualMachine | undefined;

async function onMachine(line: string): Promise<string> {
  const options = [`UserKnownHostsFile=${lab.knownHosts}`, 'BatchMode=yes', 'ConnectTimeout=20'];
  const flags = ['-i', lab.sshKey, ...options.flatMap((option) => ['-o', option])];
  const { status, stdout, stderr } = await lab.run(['ssh', ...flags, `root@${host.address}`, line], {
    timeout: 120_000,
  });
  if (status === 0) return stdout.trim();
  throw new Error(`${line}: status ${status}: ${stdout}${stderr}`);
}

const deployed = async () => succeeded(await runAction(lab, 'deploy', { inputs: { cluster: file } }));

async function kubectl(args: readonly string[]): Promise<string> {
  const argv = ['kubectl', '--kubeconfig=/etc/kubernetes/admin.conf', ...args] as const;
  const { status, stdout, stderr } = await lab.exec('control', argv);
  if (status === 0) return stdout.trim();
  throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
}

/** Waits until each pod is ready, with a first container that was started since then (in milliseconds since 1970). */
async function podsReady(since = 0): Promise<void> {
  const facts =
    '{range .items[*]}{.status.conditions[?(@.type=="Ready")].status} {.status.containerStatuses[0].state.running.startedAt}{"\\n"}{end}';
  let last: unknown;
  for (const end = Date.now() + 600_000; Date.now() < end; await sleep(5000)) {
    last = await kubectl(['get', 'pods', '-A', '-o', `jsonpath=${facts}`]).catch((error: unknown) => error);
    const pods = typeof last === 'string' ? last.split('\n').map((line) => line.split(' ')) : [];
    const ready = pods.filter(([status, started = '']) => status === 'True' && Date.parse(started) >= since);
    if (pods.length > 1 && ready.length === pods.length) return;
  }
  throw new Error(`pods are not ready: ${String(last)}`);
}

beforeAll(async () => {
  await ensurePrograms(note, programs.machines);
  writeFileSync(file, stringify(cluster));
  await lab.down();
  await lab.up({ cluster: file });
  await lab.powerOff(host.name, { hard: true });
  const paths = labPaths(lab.root, { K8S_HA_LAB_ID: id });
  const tree = await ensureMachineTree(cacheFolder(), note);
  machine = await makeMachine(paths, findHost(requireUp(paths), host.name), tree);
  const begin = performance.now();
  await machine.powerOn();
  note(`SSH answers after ${seconds(performance.now() - begin)}`);
}, 1_800_000);

afterAll(async () => {
  await machine?.[Symbol.asyncDispose]();
  await lab.down();
  rmSync(folder, { recursive: true });
}, 120_000);

test('the machine is what most users have', async () => {
  expect(await onMachine('stat -f -c %T /sys/fs/cgroup')).toBe('cgroup2fs');
  note(
    await onMachine('. /etc/os-release; echo "$PRETTY_NAME, kernel $(uname -r), $(systemctl --version | head -n 1)"'),
  );
}, 120_000);

test('one run deploys with the product’s defaults, and a second run changes nothing', async () => {
  const first = await deployed();
  note(`deployment: ${seconds(first.milliseconds)}`);
  await podsReady();
  const second = await deployed();
  note(`a run that changes nothing: ${seconds(second.milliseconds)}`);
  expect(second.outputs).toMatchObject({ changed: '0', restarted: '[]' });
}, 2_400_000);

test('after a power cut all of it is as the run made it', async () => {
  await machine?.powerOff();
  const off = Date.now();
  await machine?.powerOn();
  await onMachine('systemctl is-system-running --wait || systemctl list-units --state=failed --no-legend');
  expect(await onMachine('systemctl list-units --state=failed --plain --no-legend')).toBe('');
  await podsReady(off);
  expect((await deployed()).outputs).toMatchObject({ changed: '0', restarted: '[]' });
}, 1_800_000);

test('a reset leaves nothing of the cluster', async () => {
  const { outputs } = succeeded(await runAction(lab, 'reset', { inputs: { cluster: file, confirm: cluster.name } }));
  note(JSON.stringify(outputs));
  expect(
    await onMachine('ls -d /var/lib/etcd /var/lib/kubelet /etc/kubernetes /usr/local/bin/kubelet 2>/dev/null; true'),
  ).toBe('');
  expect(await onMachine('ip -o link | grep -cE "cni0|flannel" || true')).toBe('0');
}, 600_000);
