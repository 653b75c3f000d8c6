import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Host, hostsWith } from '../../src/cluster/cluster.ts';
import { parseCluster } from '../../src/cluster/load.ts';
import { haproxyConfig, haproxyState } from '../../src/components/haproxy.ts';
import {
  defaultThresholds,
  type FailoverScene,
  judge,
  type MakeFault,
  type Verdict,
  verifyFailover,
} from '../../src/failover/index.ts';
import { report } from '../../src/failover/report/summary.ts';
import type { HostSession } from '../../src/host/engine.ts';
import { type ApiClient, openKubernetes, readLeases } from '../../src/kubernetes/index.ts';
import { places } from '../../src/layout/paths.ts';
import { RecordingLog } from '../../src/log.ts';
import { type ControlPlane, freePort, localMasters, localTunnel, startControlPlane } from './local-control-plane.ts';

const balancer = '/usr/sbin/haproxy';
const fast = ['--leader-elect-lease-duration=4s', '--leader-elect-renew-deadline=3s', '--leader-elect-retry-period=1s'];

const controllers = {
  'kube-controller-manager': ['--secure-port=10257', '--controllers=csrsigning', ...fast],
  'kube-scheduler': ['--secure-port=10259', ...fast],
};
let plane: ControlPlane;
let stage: Stage;

beforeAll(async () => {
  plane = await startControlPlane({ masters: 3, controllers });
  stage = await setStage(plane, await freePort());
  await leasesTaken(stage);
}, 600_000);
afterAll(async () => {
  stage?.end();
  await plane?.[Symbol.asyncDispose]();
});

/** A scene, and the switches of the tests in it. */
interface Stage extends FailoverScene {
  readonly log: RecordingLog;
  /** Hosts whose current sessions drop everything, like those to a host without power. */
  readonly silent: Set<string>;
  /** etcdctl's output for each member. */
  etcd: readonly boolean[];
  end(): void;
}

/** Three masters on loopback, and a node with the product's load balancer. */
async function setStage({ port, dir, adminConf }: ControlPlane, localPort: number): Promise<Stage> {
  const entry = (name: string, address: string, role: string) =>
    `  - { name: ${name}, address: ${address}, roles: [${role}] }`;
  const lines = [
    `name: local\napi: { port: ${port}, localPort: ${localPort} }\naddons: { coredns: false }\nhosts:`,
    ...localMasters.map(({ name, address }) => entry(name, address, 'master')),
    ...[1, 2, 3].map((number) => entry(`etcd-${number}`, `10.1.2.2${number}`, 'etcd')),
    entry('node-1', '10.1.2.30', 'node'),
    '',
  ];
  const cluster = parseCluster(lines.join('\n'), 'cluster.yaml');
  const text = localMasters
    .reduce((config, { address, listens }) => config.replaceAll(address, listens), haproxyConfig(cluster))
    .replaceAll('/etc/kubernetes/pki/ca.crt', join(dir, 'ca.crt'))
    .replace(places.balancerScript, join(dir, 'haproxy.lua'))
    .replace(/^ {2}(stats socket|user|group|chroot) .*\n/gm, '');
  writeFileSync(join(dir, 'haproxy.cfg'), text);
  const script = haproxyState(cluster).files.find(({ path }) => path === places.balancerScript);
  writeFileSync(join(dir, 'haproxy.lua'), script?.content ?? '');
  const child = spawn(balancer, ['-db', '-f', join(dir, 'haproxy.cfg')], { stdio: 'ignore' });
  await listening(localPort);
  const silent = new Set<string>();
  const sessionTo = ({ name, address }: Host): HostSession => {
    const listens = localMasters.find((master) => master.name === name)?.listens ?? '127.0.0.1';
    const tunnel = localTunnel({ name, address, listens });
    let cut = false;
    const orNever = async <T>(work: () => Promise<T>): Promise<T> => {
      // A session from before the power loss never answers again, for any state of the host.
      cut ||= silent.has(name);
      return cut ? await new Promise<never>(() => undefined) : await work();
    };
    const answers = () =>
      stage.etcd.map((health, index) => ({ endpoint: `https://10.1.2.2${index + 1}:2379`, health }));
    const session = {
      host: tunnel.host,
      forward: (to: string, port: number) => orNever(() => tunnel.forward(to, port)),
      run: () => orNever(async () => ({ status: 0, stdout: `${JSON.stringify(answers())}\n---\n[]`, stderr: '' })),
      close: () => orNever(async () => undefined),
    };
    return session as unknown as HostSession;
  };
  return {
    cluster,
    adminConf,
    sessions: new Map(cluster.hosts.map((host) => [host.name, sessionTo(host)])),
    reopen: async (host) => {
      if (silent.has(host.name)) throw new Error('no route to host');
      return sessionTo(host);
    },
    log: new RecordingLog(),
    silent,
    etcd: [true, true, true],
    end: () => void child.kill('SIGKILL'),
  };
}

async function listening(port: number): Promise<void> {
  for (const end = performance.now() + 10_000; performance.now() < end; ) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true) ?? socket.destroy());
      socket.once('error', () => resolve(false));
    });
    if (open) return;
    await delay(50);
  }
  throw new Error(`the balancer does not listen on ${port}: what does haproxy -c say of its configuration?`);
}

async function leasesTaken({ sessions, adminConf, cluster }: FailoverScene): Promise<void> {
  const session = sessions.get('master-1');
  if (!session) throw new Error('master-1');
  const api = openKubernetes(session, adminConf, { address: '10.1.2.11', port: cluster.api.port });
  for (;;) {
    const leases = await readLeases(api, cluster.hosts);
    if (leases.size === 2 && [...leases.values()].every(({ host }) => host !== undefined)) break;
    await delay(200);
  }
  for (const { nodeName } of hostsWith(cluster, 'node')) await registerNode(api, nodeName);
  api.close();
}

/** Acts as a kubelet; this control plane has no controller that would mark the node NotReady. */
async function registerNode(api: ApiClient, name: string): Promise<void> {
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name } };
  await api.create('/api/v1/nodes', node);
  const conditions = [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }];
  await api.patch(`/api/v1/nodes/${name}/status`, { status: { conditions } });
}

/** Cuts the power: all processes there end at once, and its sessions send nothing more. */
const losePower: MakeFault = ({ name }) => {
  const master = plane.masters.find((one) => one.name === name);
  return {
    name: 'poweroff',
    severs: true,
    inject: async () => {
      stage.silent.add(name);
      await master?.end('SIGKILL');
    },
    restore: async () => {
      master?.start();
      setTimeout(() => stage.silent.delete(name), 500);
    },
  };
};

/** A further finding of the verdict: this control plane has no controller that creates pods. */
const failuresOf = ({ failures }: Verdict) =>
  failures.map(({ text }) => text).filter((line) => !line.startsWith('the pod of a new Deployment'));

/** Only counts. */
function idle(inject: () => Promise<void> = async () => undefined) {
  const did: string[] = [];
  const fault: MakeFault = () => ({
    name: 'nothing',
    severs: false,
    inject: async () => {
      did.push('inject');
      await inject();
    },
    restore: async () => void did.push('restore'),
  });
  return { did, fault };
}

test('a cluster with an etcd member down is refused, and is not changed', async () => {
  stage.etcd = [true, false, true];
  const { did, fault } = idle();
  await expect(verifyFailover(stage, { target: 'master-1', fault })).rejects.toMatchObject({
    code: 'FAILOVER_REFUSED',
    fields: { detail: ['etcd-2: its etcd member is not healthy: no answer'] },
  });
  stage.etcd = [true, true, true];
  expect(did).toEqual([]);
});

test('a fault that fails half-way is undone, and its error is reported', async () => {
  const { did, fault } = idle(() => Promise.reject(new Error('the switch is stuck')));
  const verifying = verifyFailover(stage, { target: 'master-1', fault, baselineMs: 0 });
  await expect(verifying).rejects.toThrow('the switch is stuck');
  expect(did).toEqual(['inject', 'restore']);
}, 20_000);

test('a run that is cancelled undoes its fault first', async () => {
  const stop = new AbortController();
  const { did, fault } = idle(async () => void setTimeout(() => stop.abort(new Error('cancelled')), 100));
  const verifying = verifyFailover(stage, { target: 'leader', fault, baselineMs: 0, signal: stop.signal });
  await expect(verifying).rejects.toThrow('cancelled');
  expect(did).toEqual(['inject', 'restore']);
}, 20_000);

test('leases that don’t move fail the verdict, and the host is restored nevertheless', async () => {
  const { did, fault } = idle();
  const result = await verifyFailover(stage, { target: 'leader', fault, baselineMs: 0, transferTimeoutMs: 300 });
  const held = result.transfers.filter(({ expected }) => expected);
  const failures = held.map(({ lease }) => `${lease} was not taken over from ${result.target}`);
  expect(failuresOf(judge(result, defaultThresholds))).toEqual(failures);
  expect(did).toEqual(['inject', 'restore']);
}, 120_000);

test('the leader’s death moves its leases once, clients lose only requests in flight, and the verdict reports them', async () => {
  const result = await verifyFailover(stage, { target: 'leader', fault: losePower });
  const verdict = judge(result, defaultThresholds);
  expect({ failures: failuresOf(verdict), log: stage.log.lines }).toMatchObject({ failures: [] });
  expect(result.transfers.map(({ expected, transitions }) => transitions === (expected ? 1 : 0))).toEqual([true, true]);
  expect(result.transferMs).toBeGreaterThan(2000);
  expect(result.transfers.every(({ expected, to }) => !expected || (to !== undefined && to !== result.target))).toBe(
    true,
  );
  expect(result.timeline.filter(({ track }) => track === 'rejoin')).toHaveLength(4);
  if (process.env.SHOW_REPORT) console.log(report(result, verdict), stage.log.lines.join('\n'));
}, 180_000);
