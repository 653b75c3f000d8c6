import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { cacheFolder } from '../../../lab/binaries/cache.ts';
import { labLock } from '../../../lab/cluster-lock.ts';
import { type Kubectl, openKubectl } from '../../../lab/kubectl.ts';
import { lockFileOf } from '../../../src/cluster/lock.ts';
import { defaultVersions } from '../../../src/cluster/versions.ts';
import { ageCommand } from '../age.ts';
import { type ClusterText, changedCluster } from '../cluster-file.ts';
import { killAt } from '../killed-run.ts';
import { note, seconds } from '../note.ts';
import { act, bareHosts, lab, logOf, onHost, succeeded } from '../seed-lab.ts';
import { outcomeOf, rebuild } from '../workflow-runs.ts';

// What changes beside the file: versions, nodes that are deleted, replaced, forgotten and removed.
const cluster = `name: changes
kubernetesVersion: 1.37.2
addons: { metricsServer: false }
hosts:
  - { name: one, address: 192.168.1.201, roles: [etcd, master, node] }
  - { name: two, address: 192.168.1.202, roles: [master, node] }
  - { name: three, address: 192.168.1.203, roles: [node] }
`;

type ChangedText = ClusterText & { kubernetesVersion?: string; versions?: Record<string, string> };

const place = mkdtempSync(join(tmpdir(), 'k8s-ha-changes-test-'));
let kubectl: Kubectl;

beforeAll(async () => {
  const file = join(place, 'cluster.yaml');
  writeFileSync(file, cluster);
  await bareHosts(file);
  succeeded(await act('deploy'));
  kubectl = await openKubectl(lab);
}, 600_000);

afterAll(() => rmSync(place, { recursive: true, force: true }));

/** The lab's cluster file with a change, as an input of an action. */
function changed(change: (text: ChangedText) => void): { readonly cluster: string } {
  return { cluster: changedCluster(lab, 'changed', change) };
}

const field = async (path: string, kind = 'node/three') =>
  await kubectl.must(['get', kind, '-o', `jsonpath={${path}}`]);

test('a version that goes back is refused by plan and by a run, which touch nothing', async () => {
  const older = changed((text) => {
    text.kubernetesVersion = '1.36.3';
  });
  const programs = () => onHost('two', 'stat -c "%n %i %y %z" /usr/local/bin/kube*');
  const before = await programs();
  for (const action of ['plan', 'deploy']) {
    const result = await act(action, older);
    expect([action, result.status]).toEqual([action, 1]);
    expect(logOf(result)).toMatch(
      /kubernetesVersion is 1\.36\.3, but a newer Kubernetes runs: one: kube-apiserver 1\.37\.2/,
    );
    expect(result.outputs).toMatchObject({ changed: '0' });
  }
  // A master that leaves is asked too, through another one.
  const leaving = changed((text) => {
    text.kubernetesVersion = '1.36.3';
    for (const host of text.hosts) if (host.name === 'two') host.state = 'removed';
  });
  expect(logOf(await act('plan', leaving))).toMatch(
    /newer Kubernetes runs: [^:]*one: .*, two: kube-apiserver 1\.37\.2/,
  );
  expect(await programs()).toBe(before);
}, 120_000);

test('what cluster.yaml does not name stays at what runs, and the plan names the newer default', async () => {
  const place = ['-n', 'kube-system', 'deployment/coredns'];
  const setImage = (image: string) => kubectl.must(['set', 'image', ...place, `coredns=${image}`]);
  const query = '-o=jsonpath={.spec.template.spec.containers[0].image}';
  const current = await kubectl.must(['get', ...place, query]);
  const older = 'registry.k8s.io/coredns/coredns:v1.14.1';
  const digest = `sha256:${'a'.repeat(64)}`;
  await setImage(`${older}@${digest}`);
  const bare = changed((text) => {
    delete text.kubernetesVersion;
    delete text.versions;
  });
  const lock = lockFileOf(bare.cluster);
  const [, ...lines] = (await labLock(lab)).trimEnd().split('\n');
  writeFileSync(lock, [...lines, `  ${older}: ${digest}`].join('\n'));
  const plan = succeeded(await act('plan', bare));
  expect(logOf(plan)).toContain('versions.coredns is not in cluster.yaml: the running 1.14.1 stays');
  expect(logOf(plan)).not.toContain('Deployment kube-system/coredns');
  await setImage(current);
  expect(succeeded(await act('plan', bare)).outputs).toMatchObject({ changed: '0' });
  rmSync(lock);
}, 120_000);

test('a node that was deleted is registered again, with the subnet of its pods', async () => {
  await kubectl.must(['create', 'deployment', 'web', '--image=registry.k8s.io/pause:3.10.2', '--replicas=2']);
  await kubectl.must(['wait', '--for=condition=Available', 'deployment/web', '--timeout=60s']);
  const subnet = await field('.spec.podCIDR');
  await kubectl.must(['delete', 'node', 'three']);
  expect(logOf(succeeded(await act('plan')))).toContain('three: would register three again: restart its kubelet');
  const run = succeeded(await act('deploy'));
  note(`a deleted node was Ready again after ${seconds(run.milliseconds)}`);
  expect(await field('.spec.podCIDR')).toBe(subnet);
  expect(await field('.metadata.labels.kubernetes\\.io/hostname')).toBe('three');
  expect(await field('.metadata.annotations.flannel\\.alpha\\.coreos\\.com/public-ip')).toBe('192.168.1.203');
}, 180_000);

test('a flag that no API server accepts leaves all masters on their former files, and none is down', async () => {
  const before = await filesOfMasters();
  const broken = changed((text) => {
    Object.assign(text, { apiServer: { extraArgs: [{ name: 'max-requests-inflight', value: 'many' }] } });
  });
  const failed = await act('deploy', broken);
  note(`a flag that no API server accepts: refused after ${seconds(failed.milliseconds)}`);
  expect(failed.status).toBe(1);
  expect(logOf(failed)).toMatch(/RESTART_REVERTED|the former ones are back, and it runs with them/);
  expect(logOf(failed)).toMatch(
    /was not restarted, because its restart on (one|two) failed; its former files are back/,
  );
  expect(logOf(failed)).toContain('invalid argument "many"');
  expect(await filesOfMasters()).toEqual(before);
  for (const host of ['one', 'two'])
    expect(await onHost(host, 'kubectl get --raw /readyz; systemctl is-active kube-controller-manager')).toBe(
      'okactive\n',
    );
  // Nothing of the failure is in the way of the next change.
  expect(succeeded(await act('deploy')).outputs).toMatchObject({ changed: '0', restarted: '[]' });
}, 120_000);

/** What the processes of the control plane read, and since when they run, by master; of the API server that was restarted only what it reads. */
async function filesOfMasters(): Promise<readonly string[]> {
  const units = 'kube-controller-manager kube-scheduler';
  const files = '/etc/systemd/system/kube-*.service /usr/local/bin/kube-* /etc/kubernetes/*.* /etc/kubernetes/pki/*.*';
  const line = `cat ${files} | sha256sum; systemctl show -p ActiveEnterTimestamp --value ${units}`;
  return await Promise.all(['one', 'two'].map((host) => onHost(host, line)));
}

const newer = '2.4.9';
const newest = '2.4.10';

/** A release of containerd that only this lab has: the cached one with bytes more. */
async function anotherContainerd(version: string): Promise<void> {
  const release = (version: string) => `github.com/containerd/containerd/releases/download/v${version}`;
  const name = (version: string) => `containerd-${version}-linux-amd64.tar.gz`;
  const { containerd } = defaultVersions;
  const folder = join(lab.stateDir, 'mirror-files', release(version));
  const cached = join(cacheFolder(), 'mirror', release(containerd), name(containerd));
  mkdirSync(folder, { recursive: true });
  await promisify(execFile)('sh', [
    '-ec',
    `cd "$1" && tar -xzf "$2" && echo ${version} >>bin/containerd && tar -czf "$3" bin && rm -r bin && sha256sum "$3" >"$3.sha256sum"`,
    ...['sh', folder, cached, name(version)],
  ]);
}

/** A command for upgrade.gate that fails until it is opened, and the hosts for which it ran. */
function gateIn(folder: string) {
  const [log, allow] = [join(folder, 'gate.log'), join(folder, 'allow')];
  const about = '"$UPGRADE_HOST $UPGRADE_ROLE $UPGRADE_VERSION"';
  return {
    gate: `echo ${about} >>${log}; test -e ${allow} || { echo the site is slow; exit 7; }`,
    ran: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
    open: () => writeFileSync(allow, ''),
  };
}

test('a new containerd reaches nodes in turns, drained within budgets; a killed run is completed, none stays cordoned, and a gate holds the roll', async () => {
  await anotherContainerd(newer);
  const next = (drainSeconds: number, more: object = {}) =>
    changed((text) => {
      text.versions = { ...text.versions, containerd: newer };
      Object.assign(text, { upgrade: { nodes: { drainSeconds }, ...more } });
    });
  const cordoned = () => kubectl.must(['get', 'nodes', '-o', 'jsonpath={.items[*].spec.unschedulable}']);
  const placed = async () =>
    new Set(
      await Promise.all(['one', 'two', 'three'].map((host) => onHost(host, 'sha256sum /usr/local/bin/containerd'))),
    );
  expect(logOf(succeeded(await act('plan', next(60))))).toContain(
    `containerd ${defaultVersions.containerd} → ${newer}`,
  );

  // The dry run of a job has the steps of its own host, and no others.
  const jobs = { bundles: join(place, 'bundles'), 'age-key': (await ageCommand()).identity };
  succeeded(await act('pki', { ...next(60), ...jobs }));
  const job = await act('node', { ...next(60), ...jobs, hosts: 'three', 'dry-run': 'true' });
  expect(logOf(succeeded(job)).match(/\S+: would cordon, drain, upgrade and uncordon: containerd/g)).toEqual([
    'three: would cordon, drain, upgrade and uncordon: containerd',
  ]);

  const [old] = await placed();
  await kubectl.must(['create', 'poddisruptionbudget', 'full', '--selector=app=web', '--min-available=2']);
  // Longer than CoreDNS takes to end, if its pod is on the same node.
  const blocked = await act('deploy', next(15));
  expect(blocked.status).toBe(1);
  expect(logOf(blocked)).toMatch(/still has \d pods after 15 s: default\/web-\S+: Cannot evict pod/);
  expect([await cordoned(), [...(await placed())]]).toEqual(['', expect.arrayContaining([old])]);
  await kubectl.must(['delete', 'poddisruptionbudget', 'full']);

  const killed = await killAt({ seen: 'evicted default/web' }, 'deploy', next(60));
  expect(killed.killed).toBe(true);

  // The gate holds the roll after the first of the remaining nodes, in the next run as well, until it lets it pass.
  const { gate, ran, open } = gateIn(place);
  const gated = next(60, { gate });
  const held = await act('deploy', gated);
  const hashes = await placed();
  expect([held.status, await cordoned()]).toEqual([1, '']);
  expect(logOf(held)).toMatch(/upgrade\.gate ended with the exit status 7 after the upgrade of (one|two|three)/);
  expect(logOf(held)).toContain('the site is slow');
  const [first = ''] = ran();
  expect(ran()).toEqual([expect.stringMatching(/^(one|two|three) node 1\.37\.2$/)]);
  const plan = logOf(succeeded(await act('plan', gated)));
  expect(plan).toContain('would run upgrade.gate on the runner: it has not let this host pass in an earlier run');
  expect(plan).toMatch(/would cordon, drain, upgrade and uncordon: .*; about \d+ s last time/);
  const still = await act('deploy', gated);
  expect([still.status, ran(), await placed()]).toEqual([1, [first, first], hashes]);
  note(`a gate that holds the roll: asked again and held after ${seconds(still.milliseconds)}`);
  open();
  const run = succeeded(await act('deploy', gated));
  expect(ran().slice(0, 3)).toEqual([first, first, first]);
  expect(ran().length).toBeGreaterThan(3);

  note(`a new containerd on the remaining nodes, drained: ${seconds(run.milliseconds)}`);
  const turns = logOf(run).match(/(?<=: )upgrade: containerd|uncordoned|restarting containerd.service/g) ?? [];
  expect(turns.filter((step) => step === 'upgrade: containerd').length).toBeGreaterThan(0);
  expect([await cordoned(), (await placed()).size, (await placed()).has(String(old))]).toEqual(['', 1, false]);
  const again = succeeded(await act('deploy', next(60)));
  expect(again.outputs).toMatchObject({ changed: '0' });
  expect(logOf(again)).not.toContain('upgrade: containerd');
}, 300_000);

test('node jobs that run at once take turns: one node of the cluster is drained and changed at a time', async () => {
  await anotherContainerd(newest);
  const { cluster: file } = changed((text) => {
    text.versions = { ...text.versions, containerd: newest };
  });
  const turns: string[] = [];
  const run = await rebuild((await ageCommand()).identity, {
    ...{ folder: join(place, 'jobs'), runId: 'jobs', files: { 'cluster.yaml': readFileSync(file, 'utf8') } },
    onLine: ({ text }) => turns.push(...(/^\S+: (?:upgrade: containerd|Ready)/.exec(text) ?? [])),
  });
  note(`a new containerd on three nodes by jobs at once: ${seconds(run.milliseconds)}`);
  expect(outcomeOf(run)).toMatchObject([
    { 'node one': 'success', 'node two': 'success', 'node three': 'success' },
    true,
  ]);
  const jobs = run.jobs.filter(({ id }) => id === 'node');
  expect(Math.max(...jobs.map(({ began }) => began))).toBeLessThan(Math.min(...jobs.map(({ ended }) => ended)));
  const order = turns.flatMap((line) => (line.includes('upgrade') ? [line.split(':')[0] ?? ''] : []));
  expect(order.toSorted()).toEqual(['one', 'three', 'two']);
  // Each is Ready again before the turn of the next one.
  const begins = order.map((host) => turns.indexOf(`${host}: upgrade: containerd`));
  const ends = order.map((host, turn) => turns.indexOf(`${host}: Ready`, begins[turn]));
  expect(ends.slice(0, -1).every((end, turn) => end > 0 && end < (begins[turn + 1] ?? 0))).toBe(true);
}, 300_000);

test('a master and node that comes back empty under its name is replaced in one run', async () => {
  const [uid, machine] = [
    await field('.metadata.uid', 'node/two'),
    await field('.status.nodeInfo.machineID', 'node/two'),
  ];
  await lab.reimage('two');
  const run = succeeded(await act('deploy'));
  note(`a replaced node was Ready after ${seconds(run.milliseconds)}`);
  expect(logOf(run)).toMatch(/two: replace the node two: .*it was the machine [0-9a-f]{32}/);
  // The cluster's garbage collector may be the one that deletes the node's Lease.
  expect(logOf(run)).toMatch(/two: deleted of the old machine: Node two/);
  expect(await field('.metadata.uid', 'node/two')).not.toBe(uid);
  expect(await field('.status.nodeInfo.machineID', 'node/two')).not.toBe(machine);
  expect(
    await onHost('two', 'curl -sk --cacert /etc/kubernetes/pki/ca.crt https://127.0.0.1:6443/livez || :'),
  ).not.toBe('');
  expect(succeeded(await act('deploy')).outputs).toMatchObject({ changed: '0' });
}, 240_000);

test('a node that a run of ours left cordoned is uncordoned, and one that a person cordoned stays', async () => {
  await kubectl.must(['annotate', 'node', 'three', 'k8s-ha-action/cordoned-by=a killed run']);
  await kubectl.must(['cordon', 'two', 'three']);
  expect(logOf(succeeded(await act('plan')))).toContain('three: would uncordon');
  succeeded(await act('deploy'));
  expect([await field('.spec.unschedulable'), await field('.spec.unschedulable', 'node/two')]).toEqual(['', 'true']);
  await kubectl.must(['uncordon', 'two']);
}, 120_000);

test('a renamed host and a deleted line are refused by name, and forget lets a node go', async () => {
  const renamed = await act(
    'plan',
    changed((text) => {
      for (const host of text.hosts) if (host.name === 'three') Object.assign(host, { hostname: 'drei' });
    }),
  );
  expect(renamed.status).toBe(1);
  expect(logOf(renamed)).toContain('the host is the cluster’s node three, and cluster.yaml now names it drei');

  const without = changed((text) => {
    text.hosts = text.hosts.filter(({ name }) => name !== 'three');
  });
  const refused = await act('deploy', without);
  expect(refused.status).toBe(1);
  expect(logOf(refused)).toContain('the cluster has the node three (Ready), but no host in cluster.yaml has that name');
  const run = succeeded(await act('deploy', { ...without, forget: 'three' }));
  expect(logOf(run)).toContain('three: delete the node from the cluster; the host itself is not touched or wiped');
  expect(await kubectl.must(['get', 'nodes', '-o', 'name'])).toBe('node/one\nnode/two\n');
  // Its line is back: it still has its certificate.
  succeeded(await act('deploy'));
  expect(await kubectl.must(['get', 'nodes', '-o', 'name'])).toContain('node/three');
}, 240_000);

/** The cluster file with state: removed on the line of three. */
const withoutThree = () =>
  changed((text) => {
    for (const host of text.hosts) if (host.name === 'three') Object.assign(host, { state: 'removed' });
  });

test('a host with state: removed is drained within budgets, leaves the cluster, and is cleaned', async () => {
  await kubectl.must(['create', 'poddisruptionbudget', 'web', '--selector=app=web', '--min-available=2']);
  const blocked = await act('plan', withoutThree());
  expect(logOf(succeeded(blocked))).toContain('three: would cordon and drain: state: removed');
  await kubectl.must(['scale', 'deployment', 'web', '--replicas=4']);
  await kubectl.must(['wait', '--for=condition=Available', 'deployment/web', '--timeout=60s']);
  const run = succeeded(await act('deploy', withoutThree()));
  note(`a host was removed in ${seconds(run.milliseconds)}`);
  expect(await kubectl.must(['get', 'nodes', '-o', 'name'])).toBe('node/one\nnode/two\n');
  expect(
    await onHost('three', 'ls -d /var/lib/k8s-ha-action /usr/local/bin/kube* /etc/kubernetes/pki 2>/dev/null; :'),
  ).toBe('');
  expect(await onHost('three', 'systemctl list-units --plain --no-legend "kube*" "containerd*" "flanneld*"')).toBe('');
  const again = succeeded(await act('deploy', withoutThree()));
  expect(logOf(again)).toContain('three: nothing is left of it; delete its line from cluster.yaml');
  expect(again.outputs).toMatchObject({ changed: '0' });
}, 240_000);

test('its line back, the host joins as new; dead, it leaves the cluster and the run says that it was not wiped', async () => {
  succeeded(await act('deploy'));
  expect(await kubectl.must(['get', 'nodes', '-o', 'name'])).toContain('node/three');
  await lab.powerOff('three', { hard: true });
  const run = succeeded(await act('deploy', withoutThree()));
  expect(logOf(run)).toContain('three: it left the cluster, but did not answer: what was placed there was not removed');
  expect(await kubectl.must(['get', 'nodes', '-o', 'name'])).toBe('node/one\nnode/two\n');
}, 300_000);
