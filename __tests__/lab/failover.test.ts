import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { parseCluster } from '../../src/cluster/load.ts';
import { haproxyConfig } from '../../src/components/haproxy.ts';
import {
  defaultThresholds,
  type FailoverOptions,
  type FailoverScene,
  judge,
  report,
  verifyFailover,
} from '../../src/failover/index.ts';
import type { HostSession } from '../../src/host/engine.ts';
import { RecordingLog } from '../../src/log.ts';
import {
  available,
  type ControlPlane,
  freePort,
  localMasters,
  localTunnel,
  startControlPlane,
} from './local-control-plane.ts';

const balancer = '/usr/sbin/haproxy';
const ready = available && existsSync(balancer) && process.getuid?.() === 0;
const fast = ['--leader-elect-lease-duration=4s', '--leader-elect-renew-deadline=3s', '--leader-elect-retry-period=1s'];

/** Three masters on loopback, and a node whose balancer is the product's own. */
async function scene(plane: ControlPlane, localPort: number, log: RecordingLog, etcd = '[true,true,true]') {
  const hosts = localMasters.map(({ name, address }) => `  - { name: ${name}, address: ${address}, roles: [master] }`);
  const members = [1, 2, 3].map((n) => `  - { name: etcd-${n}, address: 10.1.2.2${n}, roles: [etcd] }`);
  const node = '  - { name: node-1, address: 10.1.2.30, roles: [node] }';
  const head = `name: local\napi: { port: ${plane.port}, localPort: ${localPort} }\nhosts:`;
  const cluster = parseCluster([head, ...hosts, ...members, node, ''].join('\n'), 'cluster.yaml');
  const answers = (JSON.parse(etcd) as boolean[]).map((health, index) => ({
    endpoint: `https://10.1.2.2${index + 1}:2379`,
    health,
    ...(!health && { error: 'connection refused' }),
  }));
  const stub = (session: Pick<HostSession, 'host' | 'forward'>) =>
    ({
      ...session,
      close: async () => {},
      run: async () => ({ status: 0, stdout: `${JSON.stringify(answers)}\n---\n[]`, stderr: '' }),
    }) as unknown as HostSession;
  const others = ['etcd-1', 'etcd-2', 'etcd-3', 'node-1'].map((name) => ({
    name,
    address: '10.1.2.9',
    listens: '127.0.0.1',
  }));
  const sessions = new Map([...localMasters, ...others].map((host) => [host.name, stub(localTunnel(host))]));
  const reopen: FailoverScene['reopen'] = async ({ name }) => {
    const master = localMasters.find((one) => one.name === name);
    if (!master) throw new Error(name);
    return stub(localTunnel(master));
  };
  const text = localMasters
    .reduce((config, { address, listens }) => config.replaceAll(address, listens), haproxyConfig(cluster))
    .replaceAll('/etc/kubernetes/pki/ca.crt', join(plane.dir, 'ca.crt'))
    .replace(/^ {2}(stats socket|user|group|chroot) .*\n/gm, '');
  writeFileSync(join(plane.dir, 'haproxy.cfg'), text);
  const child = spawn(balancer, ['-db', '-f', join(plane.dir, 'haproxy.cfg')], { stdio: 'ignore' });
  await listening(localPort);
  const result: FailoverScene & AsyncDisposable = {
    cluster,
    adminConf: plane.adminConf,
    sessions,
    reopen,
    log,
    [Symbol.asyncDispose]: async () => void child.kill('SIGKILL'),
  };
  return result;
}

async function listening(port: number): Promise<void> {
  for (;;) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    await delay(50);
  }
}

const controllers = {
  'kube-controller-manager': ['--secure-port=10257', '--controllers=csrsigning', ...fast],
  'kube-scheduler': ['--secure-port=10259', ...fast],
};

(ready ? test : test.skip)(
  'the leader’s death moves both leases once, clients lose nothing, and the verdict says so',
  async () => {
    await using plane = await startControlPlane({ masters: 3, controllers });
    const log = new RecordingLog();
    await using stage = await scene(plane, await freePort(), log);
    const master = (name: string) => plane.masters.find((one) => one.name === name);
    const options: FailoverOptions = {
      target: 'leader',
      fault: ({ name }) => ({
        name: 'kill',
        severs: true,
        inject: async () => await master(name)?.end('SIGKILL'),
        restore: async () => master(name)?.start(),
      }),
    };
    await leasesTaken(stage);
    const result = await verifyFailover(stage, options);
    const verdict = judge(result, { ...defaultThresholds, failedRequests: 2 });
    expect(result.transfers.map(({ transitions, expected }) => (expected ? transitions : 1 - transitions))).toEqual([
      1, 1,
    ]);
    expect(result.transfers.every(({ to }) => to !== undefined && to !== result.target)).toBe(true);
    expect({ failures: verdict.failures, log: log.lines }).toMatchObject({ failures: [] });
    expect(report(result, verdict)).toContain('```mermaid');
    if (process.env.SHOW_REPORT) console.log(report(result, verdict), log.lines.join('\n'));
  },
  180_000,
);

async function leasesTaken({ sessions, adminConf, cluster }: FailoverScene): Promise<void> {
  const { openKubernetes, readLeases } = await import('../../src/kubernetes/index.ts');
  const session = sessions.get('master-1');
  if (!session) throw new Error('master-1');
  const api = openKubernetes(session, adminConf, { address: '10.1.2.11', port: cluster.api.port });
  for (;;) {
    const leases = await readLeases(api, cluster.hosts);
    if (leases.size === 2 && [...leases.values()].every(({ host }) => host !== undefined)) break;
    await delay(200);
  }
  api.close();
}

(ready ? test : test.skip)(
  'a cluster with an etcd member down is refused, and nothing is done to it',
  async () => {
    await using plane = await startControlPlane({ masters: 2, controllers });
    await using stage = await scene(plane, await freePort(), new RecordingLog(), '[true,false,true]');
    let struck = false;
    const fault: FailoverOptions['fault'] = () => ({
      name: 'kill',
      severs: true,
      inject: async () => {
        struck = true;
      },
      restore: async () => {},
    });
    await expect(verifyFailover(stage, { target: 'master-1', fault })).rejects.toMatchObject({
      code: 'FAILOVER_REFUSED',
      fields: { detail: expect.arrayContaining(['etcd-2: its etcd member is not healthy: connection refused']) },
    });
    expect(struck).toBe(false);
  },
  120_000,
);
