import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { prepareCache } from '../../lab/prepare.ts';
import { hostLines } from '../lab/cluster-state.ts';
import {
  base,
  begin,
  beginCluster,
  byWorkflow,
  expectRefusedPlan,
  failures,
  fileWith,
  gone,
  kubectl,
  line,
  lines,
  raiseVersion,
  stacked,
  tell,
  tellAll,
  watch,
  wholeFile,
} from '../lab/combinations.ts';
import { etcdLeader } from '../lab/etcd-users.ts';
import { etcdctl, votersBy } from '../lab/etcdctl.ts';
import { refusal } from '../lab/refusals.ts';
import { eventually } from '../lab/repeatedly.ts';
import { act, bareHosts, lab, logOf, onHost, succeeded } from '../lab/seed-lab.ts';
import { outcomeOf } from '../lab/workflow-runs.ts';

// Changes that no one would plan, one after the other in one cluster. Each is done or refused with a reason, and nothing is left half done.
const place = mkdtempSync(join(tmpdir(), 'k8s-ha-combinations-'));

beforeAll(async () => {
  await prepareCache((text) => console.log(text));
  await prepareCache((text) => console.log(text), '1.36.3');
  const file = join(place, 'cluster.yaml');
  writeFileSync(file, wholeFile);
  await bareHosts(file);
  await beginCluster();
}, 1_800_000);

afterAll(async () => {
  tellAll();
  await lab.down();
  rmSync(place, { recursive: true, force: true });
}, 120_000);

const trio = lines('m1', 'm2', 'm3');

test('the lines of the hosts the other way round change nothing', async () => {
  const { done } = await watch();
  const run = succeeded(await act('deploy', fileWith(base.toReversed())));
  expect(run.outputs).toMatchObject({ changed: '0', restarted: '[]' });
  await done('the lines of the hosts the other way round', base.toReversed(), run.milliseconds);
}, 300_000);

test('a file that contradicts itself is refused before a host is contacted', async () => {
  for (const [what, hosts, codes] of [
    [
      'the `hostname` of a node is the name of another node',
      [...trio, line('n1'), line('n2', { hostname: 'n1' })],
      ['CLUSTER_DUPLICATE'],
    ],
    ['all nodes removed', [...trio, gone('n1'), gone('n2')], ['CLUSTER_NO_NODE']],
    [
      'all masters with their etcd removed',
      [gone('m1'), gone('m2'), gone('m3'), ...lines('n1', 'n2')],
      ['CLUSTER_NO_ETCD', 'CLUSTER_NO_MASTER'],
    ],
    [
      'a master removed and another added under its address, in one file',
      [...lines('m1', 'm2', 'n1', 'n2'), gone('m3'), line('m4', { address: line('m3').address })],
      ['CLUSTER_DUPLICATE'],
    ],
  ] as const) {
    const { refused } = await watch();
    await refused(what, await act('deploy', fileWith(hosts)), codes);
  }
}, 300_000);

test('one node removed and another renamed is refused, and neither is done', async () => {
  const hosts = [...trio, line('n1', { hostname: 'other' }), gone('n2')];
  const { refused } = await watch();
  await refused('one node removed and the `hostname` of another changed', await act('deploy', fileWith(hosts)), [
    'NODE_RENAMED',
  ]);
  expectRefusedPlan(await byWorkflow(hosts), 'the host is the cluster’s node n1, and cluster.yaml now names it other');
}, 300_000);

test('two hosts that swap their roles are refused', async () => {
  const hosts = [...lines('m1', 'm2', 'n1'), line('m3', { roles: ['node'] }), line('n2', { roles: stacked })];
  const { refused } = await watch();
  await refused('a master with etcd and a node swap their roles', await act('deploy', fileWith(hosts)), [
    'NODE_NOT_LISTED',
    'MASTER_NOT_LISTED',
  ]);
}, 300_000);

/** The versions of all API servers and kubelets, each once. */
async function versions(): Promise<readonly string[]> {
  const servers = await Promise.all(
    trio.map(({ address }) =>
      onHost(address, `kubectl version -o json | sed -n '/serverVersion/,$s/.*"gitVersion": "\\(.*\\)".*/\\1/p'`),
    ),
  );
  const kubelets = await kubectl(`get nodes -o jsonpath='{.items[*].status.nodeInfo.kubeletVersion}'`);
  return [...new Set([...servers.map((text) => text.trim()), ...kubelets.split(' ')])];
}

test('an upgrade with a node that has no power is refused, and done when the same change removes the node', async () => {
  await lab.powerOff('n2', { hard: true });
  const newer = { kubernetesVersion: '1.37.2' };
  const refused = refusal(await act('deploy', fileWith(base, newer)));
  expect(refused.codes).toEqual(['HOST_UNREACHABLE']);
  expect(await versions()).toEqual(['v1.36.3']);
  tell(
    'an upgrade (1.36.3 → 1.37.2) with a node that has no power',
    'refused: `HOST_UNREACHABLE`',
    refused.milliseconds,
  );
  raiseVersion();
  const { done } = await watch({ cut: true });
  const hosts = [...trio, line('n1'), gone('n2')];
  const run = succeeded(await act('deploy', fileWith(hosts)));
  expect(await versions()).toEqual(['v1.37.2']);
  await done('the same upgrade, and the node without power removed', hosts, run.milliseconds);
}, 600_000);

test('a node that was removed without power comes back: refused by name without its line, wiped with it', async () => {
  const { done } = await watch();
  await lab.powerOn('n2', { settled: false });
  await eventually(async () => (await kubectl('get nodes -o name')).includes('node/n2'));
  const unlisted = refusal(await act('deploy', fileWith([...trio, line('n1')])));
  expect(unlisted.codes).toEqual(['NODE_NOT_LISTED']);
  const hosts = [...trio, line('n1'), gone('n2')];
  const run = succeeded(await act('deploy', fileWith(hosts)));
  expect(logOf(run)).toContain('n2: remove from the host what was placed there');
  await done(
    'a node that was removed without power comes back (without its line: refused, `NODE_NOT_LISTED`)',
    hosts,
    run.milliseconds,
  );
}, 300_000);

test('a removed host is added again under its name', async () => {
  await begin([...trio, line('n1')]);
  const { done } = await watch();
  const run = succeeded(await act('deploy', fileWith(base)));
  await done('a removed node added again under its name', base, run.milliseconds);
}, 300_000);

test('the node that runs CoreDNS is removed, and a Service is found by its name meanwhile', async () => {
  await begin(base);
  await kubectl('cordon n1');
  await kubectl('delete pod -n kube-system -l k8s-app=kube-dns');
  await kubectl('rollout status -n kube-system deployment/coredns --timeout=60s');
  await kubectl('uncordon n1');
  const pods = await kubectl(`get pods -n kube-system -l k8s-app=kube-dns -o jsonpath='{.items[*].spec.nodeName}'`);
  expect(new Set(pods.split(' '))).toEqual(new Set(['n2']));
  const { done } = await watch();
  const hosts = [...trio, line('n1'), gone('n2')];
  const run = succeeded(await act('deploy', fileWith(hosts)));
  await done('the node removed on which CoreDNS runs alone', hosts, run.milliseconds);
}, 300_000);

test('a host has the address that another had', async () => {
  await begin([...trio, line('n1')]);
  const other = line('other', { address: line('n2').address, roles: ['node'] });
  {
    const { done } = await watch();
    const run = succeeded(await act('deploy', fileWith([...trio, line('n1'), other])));
    await done('a node added under the address of a removed one', [...trio, line('n1'), other], run.milliseconds);
  }
  {
    const { refused } = await watch();
    await refused('a node renamed, under the same address', await act('deploy', fileWith(base)), ['NODE_RENAMED']);
  }
  const { done } = await watch({ cut: true });
  await lab.reimage('n2');
  const unlisted = refusal(await act('deploy', fileWith(base)));
  expect(unlisted.codes).toEqual(['NODE_NOT_LISTED']);
  const run = succeeded(await act('deploy', { ...fileWith(base), forget: 'other' }));
  await done(
    'another machine and name under the address of a node, with `forget` (without: refused, `NODE_NOT_LISTED`)',
    base,
    run.milliseconds,
  );
}, 600_000);

const changed = [...lines('m1', 'm2', 'm4', 'n1', 'n3'), gone('m3'), gone('n2')];
const names = ['m1', 'm2', 'm4', 'n1', 'n3'];

/**
 * The files and units of all hosts. With whom a member began is read once, and depends on which members there were then; what was found before
 * the first deployment is other on a host that was in the cluster before: a removal leaves the distribution's packages.
 */
async function state(): Promise<Readonly<Record<string, readonly string[]>>> {
  const hosts = names.map(async (name) => {
    const all = await hostLines(name);
    return [name, all.filter((each) => !/bootstrap\.env|ld\.so\.cache|k8s-ha-action\/found$/.test(each))] as const;
  });
  return Object.fromEntries(await Promise.all(hosts));
}

test('two hosts removed and two others added: the same result by one job, one job after the other, and all jobs at once', async () => {
  const forms = [
    ['one job', async () => succeeded(await act('deploy', fileWith(changed)))],
    ['the workflow, one job at a time', () => byWorkflow(changed, { concurrentJobs: 1, maxParallel: 1 })],
    ['the workflow, all jobs at once', () => byWorkflow(changed)],
  ] as const;
  const reached: unknown[] = [];
  for (const [form, run] of forms) {
    await begin(base);
    const { done } = await watch();
    const result = await run();
    if ('jobs' in result) expect(outcomeOf(result)[1]).toBe(true);
    await done(`a master with etcd and a node removed, and two others added: ${form}`, changed, result.milliseconds);
    reached.push(await state());
  }
  expect(reached[1]).toEqual(reached[0]);
  expect(reached[2]).toEqual(reached[0]);
}, 1_200_000);

test('the first master and the leader of etcd are removed in one change, by jobs at once', async () => {
  const before = lines('m1', 'm2', 'm4', 'n1', 'n3');
  await begin(before);
  const members = before.filter(({ roles }) => roles === stacked);
  const leader = await etcdLeader(lab, members);
  if (leader !== 'm2') await onHost(leader, `${etcdctl} move-leader ${(await votersBy(leader)).m2}`);
  const { done } = await watch();
  const hosts = [gone('m1'), gone('m2'), ...lines('m3', 'm4', 'm5', 'n1', 'n3')];
  const run = await byWorkflow(hosts);
  expect(outcomeOf(run)[1]).toBe(true);
  await done(
    'the first master and the leader of etcd removed, and two others added: the workflow, all jobs at once',
    hosts,
    run.milliseconds,
  );
}, 600_000);

test('a dead master is removed and another added, while a node is replaced', async () => {
  await begin(lines('m3', 'm4', 'm5', 'n1', 'n3'));
  const { done } = await watch({ cut: true });
  await Promise.all([lab.powerOff('m5', { hard: true }), lab.reimage('n3')]);
  const hosts = [...lines('m3', 'm4', 'm1', 'n1', 'n3'), gone('m5')];
  const run = succeeded(await act('deploy', fileWith(hosts)));
  await done('a dead master with etcd removed and another added, while a node is replaced', hosts, run.milliseconds);
}, 600_000);

test('a master that was removed without power comes back: refused by name without its line, wiped with it', async () => {
  const here = lines('m3', 'm4', 'm1', 'n1', 'n3');
  const { done } = await watch();
  await lab.powerOn('m5', { settled: false });
  await eventually(async () => (await onHost('m5', 'curl -sk https://127.0.0.1:6443/readyz || :')) === 'ok');
  await eventually(async () => (await kubectl('get endpointslice kubernetes -o yaml')).includes(line('m5').address));
  expect(Object.keys(await votersBy(line('m3').address))).not.toContain('m5');
  expect(refusal(await act('deploy', fileWith(here))).codes).toEqual(['MASTER_NOT_LISTED']);
  const run = succeeded(await act('deploy', fileWith([...here, gone('m5')])));
  await done(
    'a master with etcd that was removed without power comes back (without its line: refused, `MASTER_NOT_LISTED`)',
    [...here, gone('m5')],
    run.milliseconds,
  );
}, 300_000);

test('three members become one, of which one is stopped', async () => {
  await begin(lines('m3', 'm4', 'm1', 'n1', 'n3'));
  const { done } = await watch();
  await onHost('m4', 'systemctl stop etcd');
  const hosts = [...lines('m3', 'n1', 'n3'), gone('m4'), gone('m1')];
  const run = succeeded(await act('deploy', fileWith(hosts)));
  await done(
    'three masters with etcd become one, and the member of one that leaves is stopped',
    hosts,
    run.milliseconds,
  );
}, 300_000);

test('one master becomes three in one change', async () => {
  await begin(lines('m3', 'n1', 'n3'));
  const { done } = await watch();
  const hosts = lines('m3', 'm1', 'm2', 'n1', 'n3');
  const run = succeeded(await act('deploy', fileWith(hosts)));
  await done('one master with etcd becomes three', hosts, run.milliseconds);
}, 300_000);

test('another machine under the address of a master has another name, and a master that runs gets one', async () => {
  const here = lines('m3', 'm1', 'm2', 'n1', 'n3');
  await begin(here);
  const { done } = await watch();
  await lab.reimage('m2');
  const hosts = [...lines('m3', 'm1', 'n1', 'n3'), line('m9', { address: line('m2').address, roles: stacked })];
  const run = succeeded(await act('deploy', fileWith(hosts)));
  await done('another machine and name under the address of a master with etcd', hosts, run.milliseconds);
  const again = await watch();
  const renamed = succeeded(await act('deploy', fileWith(here)));
  await again.done('a master with etcd renamed, which is no node', here, renamed.milliseconds);
}, 300_000);

test('no new connection and no request to the Service has failed', () => {
  expect(failures).toEqual([]);
});

test('two of three members come back empty: refused, and the one that is left keeps every acknowledged write', async () => {
  const here = lines('m3', 'm1', 'm2', 'n1', 'n3');
  await begin(here);
  for (let key = 0; key < 100; key += 1) await onHost('m1', `${etcdctl} put /written/${key} x`);
  const revision = (await onHost('m3', `${etcdctl} get --prefix --keys-only /written/`)).trim().split(/\s+/).length;
  expect(revision).toBe(100);
  await Promise.all(['m1', 'm2'].map((name) => lab.reimage(name)));
  const { codes, milliseconds, outputs } = refusal(await act('deploy', fileWith(here)));
  expect([codes, outputs.changed]).toEqual([['ETCD_MEMBERS_UNKNOWN', 'ETCD_MEMBERS_UNKNOWN'], '0']);
  tell('two of three masters with etcd come back empty at once', 'refused: `ETCD_MEMBERS_UNKNOWN`', milliseconds);
  expectRefusedPlan(await byWorkflow(here), 'no member can be asked whether there is a cluster');
  for (const name of ['m1', 'm2'])
    expect(await onHost(name, 'ls -d /etc/etcd /var/lib/etcd/member /etc/kubernetes/pki 2>/dev/null || :')).toBe('');
  const left = await onHost('m3', `${etcdctl} get --consistency=s --prefix --keys-only /written/`);
  expect(left.trim().split(/\s+/)).toHaveLength(100);
}, 600_000);
