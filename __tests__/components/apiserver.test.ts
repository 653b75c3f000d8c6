import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseCluster } from '../../src/cluster/load.ts';
import { certainlyNot } from '../../src/host/state.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { fileOf, flag, flagsOf, seedWith, state, unitOf } from './support.ts';

const apiserver = (cluster = seedCluster()) => unitOf(state(cluster, 'master-1', 'master'), 'kube-apiserver');

test('the flags have the seed’s values', () => {
  const unit = apiserver();
  expect(flag(unit, 'service-cluster-ip-range')).toBe('10.254.0.0/16');
  expect(flag(unit, 'service-node-port-range')).toBe('30000-50000');
  expect(flag(unit, 'advertise-address')).toBe('192.168.1.153');
  expect(flag(unit, 'event-ttl')).toBe('1h');
  expect(flag(unit, 'allow-privileged')).toBe('true');
});

test('a stopping server continues to serve for longer than a load balancer needs to notice, and a rollout takes at most 45 s', () => {
  const delay = Number.parseInt(flag(apiserver(), 'shutdown-delay-duration') ?? '', 10);
  const noticed = 1 + 2 * 0.5 + 0.1;
  const closing = 3.6;
  const starting = 3.8;
  expect(delay).toBeGreaterThan(noticed);
  expect(3 * (delay + closing + starting)).toBeLessThan(40);
  expect(flag(apiserver(), 'shutdown-send-retry-after')).toBe('true');
});

test('anonymous users reach only the three health paths', () => {
  const config = JSON.parse(fileOf(state(seedCluster(), 'master-1', 'master'), '/etc/kubernetes/authentication.yaml'));
  expect(config.anonymous.conditions).toEqual([{ path: '/livez' }, { path: '/readyz' }, { path: '/healthz' }]);
  expect(flagsOf(apiserver()).has('anonymous-auth')).toBe(false);
});

test('the user’s --authorization-config replaces our --authorization-mode, because the two can’t be combined', () => {
  const unit = apiserver(seedWith('apiServer: { extraArgs: [{ name: authorization-config, value: /x }] }'));
  expect(flag(unit, 'authorization-config')).toBe('/x');
  expect(flagsOf(unit).has('authorization-mode')).toBe(false);
  expect(flag(unit, 'authentication-config')).toBe('/etc/kubernetes/authentication.yaml');
});

test('the audit policy logs access to secrets and to containers, and the contents of roles only', () => {
  const policy = fileOf(state(seedCluster(), 'master-1', 'master'), '/etc/kubernetes/audit-policy.yaml');
  for (const resource of ['secrets', 'tokenreviews', 'pods/exec', 'services/proxy']) expect(policy).toContain(resource);
  const levels = JSON.parse(policy).rules.map((rule: { level: string }) => rule.level);
  expect(new Set(levels)).toEqual(new Set(['Metadata', 'Request', 'None']));
  expect(levels.filter((level: string) => level === 'Request')).toHaveLength(1);
  expect(levels[0]).toBe('Metadata');
  expect(levels.at(-1)).toBe('Metadata');
});

test('a log in another place has its directory', () => {
  const cluster = seedWith('apiServer: { extraArgs: [{ name: audit-log-path, value: /srv/audit/log }] }');
  expect(state(cluster, 'master-1', 'master').directories).toContainEqual({
    path: '/srv/audit',
    mode: '700',
    owner: 'root:root',
  });
});

test('it restarts if any file that it was started with changes', () => {
  const unit = apiserver();
  const files = [...flagsOf(unit)].flatMap(([name, values]) =>
    /-file$|-config$|etcd-.*file/.test(name) ? values : [],
  );
  for (const file of files) expect(unit.reads).toContain(file);
});

/** Runs a line of the rolling restart of master-2 on a host whose curl or kubectl, and etcdctl, answer as given. */
function onMaster(client: string, line: string, answers: string, etcd = 'return 1') {
  const lacksCurl = client === 'curl' ? '' : 'command() { return 1; }';
  const clock = 'looks=0\nread() { looks=$((looks + 4)); now=$looks; }\nsleep() { :; }';
  const stub = `${client}() { ${answers}\n}\netcdctl() { ${etcd}; }\n${lacksCurl}\n${clock}`;
  const env = { ...process.env, TMPDIR: mkdtempSync(join(tmpdir(), 'apiserver-test-')) };
  const script = `${stub}\n${line.replaceAll(/\/usr\/local\/bin\/(kubectl|etcdctl)/g, '$1')}`;
  const { status, stdout } = spawnSync('sh', ['-c', script], { encoding: 'utf8', env });
  rmSync(env.TMPDIR, { recursive: true });
  return { status, stdout };
}

const [own, third] = ['192.168.1.154', '192.168.1.155'];
/** A client's answers for a master that is ready, not ready, or unreachable. */
const says = {
  curl: {
    ready: 'echo 200',
    refused: 'echo 000; return 7',
    unready: 'case "$*" in *--fail*) return 22 ;; esac; echo 500',
    hangs: 'return 28',
  },
  kubectl: {
    ready: 'echo ok',
    refused: 'echo "connection refused" >&2; return 1',
    unready: 'echo "Error from server (InternalError)" >&2; return 1',
    hangs: 'echo timeout >&2; return 1',
  },
} as const;

describe.each(['curl', 'kubectl'] as const)('with %s', (client) => {
  const { allow = '', live = '' } = unitOf(state(seedCluster(), 'master-2', 'master'), 'kube-apiserver').rolling ?? {};
  const word = says[client];
  const answers = (ofThird: string, ofOwn: string) =>
    `case "$*" in *${third}*) ${ofThird} ;; *${own}*) ${ofOwn} ;; *) ${word.ready} ;; esac`;

  test('a server restarts only while all the others are ready, so that a bad flag stops only one of them', () => {
    expect(onMaster(client, allow, answers(word.ready, word.ready))).toEqual({ status: 0, stdout: '' });
    for (const away of [word.refused, word.unready, word.hangs])
      expect(onMaster(client, allow, answers(away, word.ready))).toEqual({
        status: 1,
        stdout: 'not ready: master-3. While another API server is away, this one is not restarted\n',
      });
  });

  test('a master that joins is waited for a while, and then the others restart without it', () => {
    const rolling = (...newMasters: readonly string[]) =>
      unitOf(state(seedCluster(), 'master-2', 'master', { newMasters }), 'kube-apiserver').rolling?.allow ?? '';
    const away = answers(word.refused, word.ready);
    expect(onMaster(client, `${rolling('master-3')}\necho after $tries`, away)).toEqual({
      status: 0,
      stdout: 'after 0\n',
    });
    expect(onMaster(client, `${rolling('master-1', 'master-3')}\necho then`, away).stdout).toBe('then\n');
    expect(onMaster(client, rolling('master-1'), away).status).toBe(1);
  });

  test('a server that is not ready may always restart, and one whose state is unknown only while the others are ready', () => {
    expect(onMaster(client, allow, answers(word.refused, word.unready)).status).toBe(0);
    expect(onMaster(client, allow, answers(word.refused, word.refused)).status).toBe(0);
    expect(onMaster(client, allow, answers(word.refused, word.hangs)).status).toBe(1);
  });

  test('a cluster is running if etcd answers, is not if this server has no clients, and otherwise that is unknown', () => {
    expect(onMaster(client, live, answers(word.ready, word.hangs), 'return 0')).toEqual({ status: 0, stdout: '' });
    const dead = onMaster(client, live, answers(word.ready, word.unready), 'echo deadline >&2; return 1');
    expect(dead).toEqual({ status: certainlyNot, stdout: 'this API server has not been ready for 10 s\n' });
    const serving = onMaster(client, live, answers(word.ready, word.ready), 'echo deadline >&2; return 1');
    expect(serving).toEqual({
      status: 1,
      stdout: 'etcd answers no read of a quorum (deadline), and this API server is ready\n',
    });
    expect(onMaster(client, live, answers(word.ready, word.hangs)).stdout).toContain('this API server is unknown');
  });
});

test('a failed restart counts for the other masters of its attempt, and for none of another one', () => {
  const { wayBack } = unitOf(state(seedCluster(), 'master-2', 'master'), 'kube-apiserver').rolling ?? {};
  const asked = (attempt: string, etcd: string) => {
    const { status, stdout } = onMaster('curl', `ATTEMPT='${attempt}'\n${wayBack?.failed}`, 'return 1', etcd);
    return { status, stdout };
  };
  const record = "echo 'org/x run 7 attempt 1 on master-3'";
  expect(asked('org/x run 7 attempt 1', record)).toEqual({ status: 0, stdout: 'master-3\n' });
  for (const attempt of ['org/x run 7 attempt 2', 'org/x run 7', 'org/* run 7 attempt 1'])
    expect(asked(attempt, record)).toEqual({ status: 1, stdout: '' });
  expect(asked('org/x run 7 attempt 1', 'return 0')).toEqual({ status: 1, stdout: '' });
  // Not known is not no.
  expect(asked('org/x run 7 attempt 1', 'return 1')).toEqual({ status: 2, stdout: '' });

  const written = onMaster('curl', `ATTEMPT='run 7'\n${wayBack?.record}`, 'return 1', 'for i; do :; done; echo "$i"');
  expect(written.stdout).toBe('run 7 on master-2\n');
});

test('the units behind an API server have no way back of their own, and neither has the load balancer before it', () => {
  const { units } = state(seedCluster(), 'master-2', 'master');
  const names = units.filter(({ rolling }) => rolling?.wayBack).map(({ name }) => name);
  expect(names).toEqual(['kube-apiserver.service']);
});

test('a single master does not wait for others', () => {
  const one = parseCluster(
    'name: one\nhosts: [{ name: a, address: 192.168.1.1, roles: [etcd, master, node] }]\n',
    'cluster.yaml',
  );
  expect(unitOf(state(one, 'a', 'master'), 'kube-apiserver').rolling).not.toHaveProperty('allow');
});

const entry = (more = '') =>
  seedWith(
    `apiServer: { authentication: { jwt: [{ issuer: { url: https://issuer.example.com, audiences: [a] }, claimMappings: { username: { claim: sub, prefix: "x:" } }${more} }] } }`,
  );
const authenticationOf = (cluster: ReturnType<typeof entry>) =>
  fileOf(state(cluster, 'master-1', 'master'), '/etc/kubernetes/authentication.yaml');

test('with a token issuer, anonymous users keep their three paths, and its users get our rules', () => {
  const { jwt, anonymous } = JSON.parse(authenticationOf(entry()));
  expect(anonymous.conditions).toEqual([{ path: '/livez' }, { path: '/readyz' }, { path: '/healthz' }]);
  expect(jwt[0].issuer).toEqual({ url: 'https://issuer.example.com', audiences: ['a'] });
  const rules = jwt[0].userValidationRules.map(({ expression }: { expression: string }) => expression);
  expect(rules).toContain("!user.username.startsWith('system:')");
  expect(rules).toContain("user.groups.all(group, !group.startsWith('k8s-ha-action:'))");
});

test('a rule of ours that the file already has is not repeated: the API server refuses duplicates', () => {
  const cluster = entry(`, userValidationRules: [{ expression: "!user.username.startsWith('system:')" }]`);
  const rules = JSON.parse(authenticationOf(cluster)).jwt[0].userValidationRules;
  const expressions = rules.map(({ expression }: { expression: string }) => expression);
  expect(new Set(expressions).size).toBe(expressions.length);
});

test('without an issuer the file is unchanged from earlier versions, so no API server restarts', () => {
  expect(Object.keys(JSON.parse(authenticationOf(seedCluster())))).toEqual(['apiVersion', 'kind', 'anonymous']);
});
