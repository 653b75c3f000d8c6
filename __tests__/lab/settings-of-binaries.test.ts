import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cacheFolder } from '../../lab/binaries/cache.ts';
import { versions } from '../../lab/binaries/versions.ts';
import type { Setting } from '../../src/cluster/settings/rule.ts';
import { type Component, settings } from '../../src/cluster/settings/table.ts';
import { seedWith, state } from '../components/support.ts';
import { smallCluster } from '../fixtures/clusters.ts';

// Compares the table of settings with the real programs: a rule for a flag that no program has protects nothing, and a
// new flag that opens something needs a rule.

type Program = Exclude<Component, 'containerd'>;

const mirror = join(cacheFolder(), 'mirror');
const kubernetes = (name: string) => join(mirror, 'dl.k8s.io', versions.kubernetes, 'bin/linux/amd64', name);
const releases = join(mirror, 'github.com');
const unpacked = mkdtempSync(join(tmpdir(), 'k8s-ha-flags-'));

const programs: Readonly<Record<Program, string>> = {
  etcd: join(unpacked, 'etcd'),
  apiServer: kubernetes('kube-apiserver'),
  controllerManager: kubernetes('kube-controller-manager'),
  scheduler: kubernetes('kube-scheduler'),
  kubelet: kubernetes('kubelet'),
  kubeProxy: kubernetes('kube-proxy'),
  flannel: join(releases, 'flannel-io/flannel/releases/download', versions.flannel, 'flanneld-amd64'),
};

/** Flags of an earlier supported minor version, and flags that a program accepts but does not list. */
const ofOthers: Readonly<Partial<Record<Program, readonly string[]>>> = {
  etcd: [
    'enable-v2',
    'experimental-distributed-tracing-address',
    'experimental-peer-skip-client-san-verification',
    'config-file',
  ],
  apiServer: ['admission-control', 'apiserver-count'],
  flannel: ['etcd-endpoints', 'etcd-prefix'],
};

/** Parts of a flag's name that suggest an effect on access. */
const telling =
  /anonym|auth|token|tls|cert|key|ca-file|crl|cipher|profil|debug|pprof|audit|bind|listen|addresses|insecure|unsafe|skip|cors|admission|proxy|requestheader|kubeconfig|encrypt|egress|socket|oidc|manifest|policy|secret|sharing|emulat|seccomp|sysctl|swap|kernel|read-only/;

/** Reviewed flags that lower nothing. */
const harmless: Readonly<Record<Program, RegExp>> = {
  etcd: /^(auth-token(-ttl)?|(peer-)?client-(cert|key)-file|(peer-|client-)?crl-file|(peer-)?cert-allowed-(cn|hostname)|client-cert-allowed-hostname|peer-crl-file|self-signed-cert-validity|tls-max-version|grpc-keepalive-.*|unsafe-no-fsync|client-crl-file|discovery-keepalive-.*)$/,
  apiServer:
    /^(audit-log-(batch-.*|compress|format|mode|truncate-.*|version)|audit-webhook-(batch-.*|initial-backoff|mode|truncate-.*|version)|authentication-token-webhook-(cache-ttl|version)|authorization-(policy-file|webhook-.*)|admission-control-config-file|allow-metric-labels-manifest|encryption-provider-config-automatic-reload|kubelet-preferred-address-types|peer-ca-file|service-account-max-token-expiration|tls-curve-preferences)$/,
  controllerManager:
    /^(authentication-(token-webhook-cache-ttl|tolerate-lookup-failure)|authorization-webhook-.*|cert-dir|tls-(cert-file|private-key-file|sni-cert-key|curve-preferences)|legacy-service-account-token-clean-up-period|pv-recycler-.*|pvclaimbinder-sync-period|concurrent-.*|allow-metric-labels-manifest)$/,
  scheduler:
    /^(authentication-(token-webhook-cache-ttl|tolerate-lookup-failure)|authorization-webhook-.*|cert-dir|tls-(cert-file|private-key-file|sni-cert-key|curve-preferences)|allow-metric-labels-manifest)$/,
  kubelet:
    /^((authentication-token-webhook-cache-ttl)|authorization-webhook-.*|cpu-manager-policy.*|memory-manager-policy|topology-manager-policy.*|enable-debugging-handlers|kernel-memcg-notification|manifest-url-header)$/,
  kubeProxy: /^(bind-address(-hard-fail)?|healthz-bind-address)$/,
  flannel: /^etcd-(certfile|keyfile)$/,
};

const helps = new Map<string, ReadonlySet<string>>();

beforeAll(() => {
  const folder = join(releases, 'etcd-io/etcd/releases/download', versions.etcd);
  const archive = join(folder, `etcd-${versions.etcd}-linux-amd64.tar.gz`);
  execFileSync('tar', ['-xzf', archive, '-C', unpacked, '--strip-components=1']);
  for (const [component, program] of Object.entries(programs)) helps.set(component, flagsIn(program));
}, 120_000);

afterAll(() => rmSync(unpacked, { recursive: true, force: true }));

/** The flags that a program lists: indented, with one or two hyphens. */
function flagsIn(program: string): ReadonlySet<string> {
  const { stdout, stderr } = spawnSync(program, ['--help'], { encoding: 'utf8', maxBuffer: 1 << 26 });
  const found = `${stdout}\n${stderr}`.matchAll(/^ +(?:-[a-z], )?--?([a-z][a-z0-9_-]+|v)(?=[ =']|$)/gm);
  return new Set(Array.from(found, ([, name = '']) => name));
}

const flagsOf = (component: Program): ReadonlySet<string> => helps.get(component) ?? new Set();
const isGone = ({ rules }: Setting): boolean => rules.every(({ message }) => message.startsWith('no longer exists'));
const named = (component: Program): readonly (Setting & { readonly flag: string })[] =>
  settings[component].flatMap((setting: Setting) =>
    setting.flag === undefined ? [] : [{ ...setting, flag: setting.flag }],
  );

/** The flags on the command lines of our units, with the default versions, by the program's name. */
function ourFlags(program: string): readonly string[] {
  const clusters = [smallCluster(), seedWith('flannel: { backend: host-gw }', 'kubeProxy: { mode: nftables }')];
  const units = clusters.flatMap((cluster) =>
    cluster.hosts.flatMap(({ name, roles }) => roles.flatMap((role) => state(cluster, name, role).units)),
  );
  const commands = units.flatMap(({ content }) => /^ExecStart=((?:.*\\\n)*.*)$/m.exec(content)?.[1] ?? []);
  const ours = commands.filter((command) => command.split(/\s/)[0]?.endsWith(`/${program}`));
  return [...new Set(ours.flatMap((command) => [...command.matchAll(/\s"?--([\w-]+)/g)].map(([, flag = '']) => flag)))];
}

test('a program lists each flag that our units start it with', () => {
  const missing = (Object.keys(programs) as Program[]).map((component) => {
    const flags = ourFlags(programs[component].replace(/.*\/|-amd64$/g, ''));
    expect([component, flags.length > 0]).toEqual([component, true]);
    return [component, flags.filter((flag) => !flagsOf(component).has(flag))];
  });
  expect(missing).toEqual((Object.keys(programs) as Program[]).map((component) => [component, []]));
});

test('the controller-manager knows the feature gates that it is started with', () => {
  const { stdout } = spawnSync(programs.controllerManager, ['--help'], { encoding: 'utf8', maxBuffer: 1 << 26 });
  const unit = state(smallCluster(), 'master-1', 'master').units.find(({ name }) => name.startsWith('kube-controller'));
  const [, gates = ''] = /--feature-gates=(\S+)/.exec(unit?.content ?? '') ?? [];
  expect(gates.split(',').filter((gate) => !stdout.includes(gate.replace(/=.*/, '=true|false')))).toEqual([]);
});

describe.each(Object.keys(programs) as Program[])('%s', (component) => {
  test('has each flag that the table judges', () => {
    const missing = named(component).filter(({ flag }) => !flagsOf(component).has(flag));
    const unknown = missing.filter((setting) => !isGone(setting) && !ofOthers[component]?.includes(setting.flag));
    expect(unknown.map(({ flag }) => flag)).toEqual([]);
  });

  test('has none of the flags that the table lists as removed', () => {
    const alive = named(component).filter((setting) => isGone(setting) && flagsOf(component).has(setting.flag));
    expect(alive.map(({ flag }) => flag).filter((flag) => !ofOthers[component]?.includes(flag))).toEqual([]);
  });

  test('has a rule, or a row as harmless, for each flag about access', () => {
    const judged = new Set(named(component).map(({ flag }) => flag));
    const open = [...flagsOf(component)].filter((flag) => telling.test(flag) && !judged.has(flag));
    expect(open.filter((flag) => !harmless[component].test(flag))).toEqual([]);
  });
});

test('Kubernetes’ programs treat underscores in names like hyphens, and etcd does not', () => {
  const says = (program: string, arg: string) => spawnSync(program, [arg, '--help'], { encoding: 'utf8' });
  expect(says(programs.scheduler, '--tls_min_version=VersionTLS12').stderr).not.toMatch(/unknown flag/);
  expect(says(programs.etcd, '--tls_min_version=TLS1.2').stderr).toMatch(/not defined/);
});

test.each([
  ['A list is read as CSV, so that quotes are no part of its parts', ['--authorization-mode="Nope",RBAC']],
  ['A list that is given twice is one list', ['--authorization-mode=RBAC', '--authorization-mode=Nope']],
])('%s', (_, args) => {
  const { stderr } = spawnSync(programs.apiServer, args, { encoding: 'utf8', timeout: 20_000 });
  expect(stderr).toContain('authorization-mode \\"Nope\\" is not a valid mode');
});

test('A feature gate may have its component before it', () => {
  const args = ['--kubeconfig=/none', '--feature-gates=kube:NoSuch=true'];
  const { stderr } = spawnSync(programs.scheduler, args, { encoding: 'utf8', timeout: 20_000 });
  expect(stderr).toContain('unrecognized feature gate: NoSuch');
});
