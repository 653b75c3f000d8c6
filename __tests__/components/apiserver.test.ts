import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { parseCluster } from '../../src/cluster/load.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { fileOf, flag, flagsOf, seedWith, state, unitOf } from './support.ts';

const apiserver = (cluster = seedCluster()) => unitOf(state(cluster, 'master-1', 'master'), 'kube-apiserver');

test('the seed’s values are there', () => {
  const unit = apiserver();
  expect(flag(unit, 'service-cluster-ip-range')).toBe('10.254.0.0/16');
  expect(flag(unit, 'service-node-port-range')).toBe('30000-50000');
  expect(flag(unit, 'advertise-address')).toBe('192.168.1.153');
  expect(flag(unit, 'event-ttl')).toBe('1h');
  expect(flag(unit, 'allow-privileged')).toBe('true');
});

test('a stopping server serves on for longer than a balancer needs to notice, and a roll-out stays within its 45 s', () => {
  const delay = Number.parseInt(flag(apiserver(), 'shutdown-delay-duration') ?? '', 10);
  const noticed = 1 + 2 * 0.5 + 0.1;
  const closing = 3.6;
  const starting = 3.8;
  expect(delay).toBeGreaterThan(noticed);
  expect(3 * (delay + closing + starting)).toBeLessThan(40);
  expect(flag(apiserver(), 'shutdown-send-retry-after')).toBe('true');
});

test('nobody is anonymous but on the three paths that are checked', () => {
  const config = JSON.parse(fileOf(state(seedCluster(), 'master-1', 'master'), '/etc/kubernetes/authentication.yaml'));
  expect(config.anonymous.conditions).toEqual([{ path: '/livez' }, { path: '/readyz' }, { path: '/healthz' }]);
  expect(flagsOf(apiserver()).has('anonymous-auth')).toBe(false);
});

test.each([
  ['oidc-issuer-url', 'authentication-config'],
  ['authorization-config', 'authorization-mode'],
])('--%s of the user’s takes the place of our --%s, which it can’t stand beside', (theirs, ours) => {
  const unit = apiserver(seedWith(`apiServer: { extraArgs: [{ name: ${theirs}, value: x }] }`));
  expect(flag(unit, theirs)).toBe('x');
  expect(flagsOf(unit).has(ours)).toBe(false);
});

test('the audit policy logs access to secrets and to containers, and nobody’s content', () => {
  const policy = fileOf(state(seedCluster(), 'master-1', 'master'), '/etc/kubernetes/audit-policy.yaml');
  for (const resource of ['secrets', 'tokenreviews', 'pods/exec', 'services/proxy']) expect(policy).toContain(resource);
  const levels = JSON.parse(policy).rules.map((rule: { level: string }) => rule.level);
  expect(new Set(levels)).toEqual(new Set(['Metadata', 'None']));
  expect(levels[0]).toBe('Metadata');
  expect(levels.at(-1)).toBe('Metadata');
});

test('a log elsewhere has its directory', () => {
  const cluster = seedWith('apiServer: { extraArgs: [{ name: audit-log-path, value: /srv/audit/log }] }');
  expect(state(cluster, 'master-1', 'master').directories).toContainEqual({
    path: '/srv/audit',
    mode: '700',
    owner: 'root:root',
  });
});

test('it restarts when any file that it was started with changes', () => {
  const unit = apiserver();
  const files = [...flagsOf(unit)].flatMap(([name, values]) =>
    /-file$|-config$|etcd-.*file/.test(name) ? values : [],
  );
  for (const file of files) expect(unit.reads).toContain(file);
});

/** Runs the question of whether a restart may be, on a host whose curl or kubectl knows which masters are ready. */
function mayRestart(client: string, answers: string): { status: number | null; stdout: string } {
  const line = (apiserver().rolling?.allow ?? '').replaceAll('/usr/local/bin/kubectl', 'kubectl');
  const lacksCurl = client === 'curl' ? '' : 'command() { return 1; }';
  const stub = `${client}() { ${answers}; }\n${lacksCurl}\nsleep() { :; }\n${line}`;
  const { status, stdout } = spawnSync('sh', ['-c', stub], { encoding: 'utf8' });
  return { status, stdout };
}

test.each(['curl', 'kubectl'])(
  'one is restarted only while all the others are ready, as %s tells, so that a bad flag stops one of them',
  (client) => {
    expect(mayRestart(client, 'return 0')).toEqual({ status: 0, stdout: '' });
    expect(mayRestart(client, 'case "$*" in *192.168.1.155*) return 1 ;; esac')).toEqual({
      status: 1,
      stdout: 'not ready: master-3. While another API server is away, this one is not restarted\n',
    });
  },
);

test('a single master has nobody to wait for', () => {
  const one = parseCluster(
    'name: one\nhosts: [{ name: a, address: 192.168.1.1, roles: [etcd, master, node] }]\n',
    'cluster.yaml',
  );
  expect(unitOf(state(one, 'a', 'master'), 'kube-apiserver').rolling).not.toHaveProperty('allow');
});
