import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Kubectl, openKubectl } from '../../../lab/kubectl.ts';
import type { ActionResult } from '../../../lab/runner/run-action.ts';
import { askWorkload, nodeMetrics, startWorkload } from '../../../lab/workload.ts';
import { answersTo } from '../answers.ts';
import { canary, canaryFile, clearCanaries, plantCanaries } from '../canaries.ts';
import { documentedPorts, listeningPorts } from '../listening.ts';
import { differenceOf, listingOf, passingOf } from '../listing.ts';
import { note, seconds } from '../note.ts';
import { type Sampled, sampleProcesses } from '../process-sampler.ts';
import { foundIn, foundInJournal, foundOn, foundUnder, tracesIn, tracesOf } from '../secrets.ts';
import { masters, members, node, seedHosts } from '../seed-hosts.ts';
import { act, bareHosts, lab, logOf, onHost, succeeded } from '../seed-lab.ts';

const names = seedHosts.map(({ name }) => name).toSorted();

beforeAll(async () => {
  await bareHosts();
}, 600_000);

describe('a dry run on bare hosts', () => {
  test('logs the changes that it would make on every host, and changes nothing', async () => {
    const before = await Promise.all(seedHosts.map(listingOf));
    const passing = await Promise.all(seedHosts.map(passingOf));
    const dry = succeeded(await act('deploy', { 'dry-run': 'true' }));
    const after = await Promise.all(seedHosts.map(listingOf));

    expect(JSON.parse(dry.outputs['changed-hosts'] ?? '').toSorted()).toEqual(names);
    expect(Number(dry.outputs.changed)).toBeGreaterThan(200);
    for (const name of names) expect(logOf(dry)).toContain(`${name}: would `);
    expect(await Promise.all(seedHosts.map(passingOf))).toEqual(passing);
    for (const [index, host] of seedHosts.entries()) {
      expect(before[index]?.length).toBeGreaterThan(1000);
      expect({ host, differs: differenceOf(before[index] ?? [], after[index] ?? []) }).toEqual({ host, differs: [] });
    }
  }, 120_000);
});

describe('the first deployment', () => {
  let since: number;
  let result: ActionResult;
  let rawLog = '';
  let seen: Sampled;
  let kubectl: Kubectl;
  let traces: readonly string[];

  test('turns bare hosts into a cluster', async () => {
    since = Date.now();
    let runner: ChildProcess | undefined;
    const stop = sampleProcesses(() => runner);
    result = await act(
      'deploy',
      {},
      {
        onStart(child) {
          runner = child;
          // Before any mask is applied: the text that GitHub's log receives.
          for (const stream of [child.stdout, child.stderr])
            stream?.on('data', (chunk) => {
              rawLog += chunk;
            });
        },
      },
    );
    seen = await stop();
    succeeded(result);
    note(`deployment of seven hosts: ${seconds(result.milliseconds)}`);
    note(result.lines.flatMap(({ text }) => (/: [\d.]+ m?s$/.test(text) ? [`  ${text}`] : [])).join('\n'));
    expect(result.milliseconds).toBeLessThan(180_000);
    expect(JSON.parse(result.outputs['changed-hosts'] ?? '').toSorted()).toEqual(names);
    expect(result.outputs.restarted).toBe('[]');
  }, 400_000);

  test('ends with a Ready node', async () => {
    kubectl = await openKubectl(lab);
    const { items } = JSON.parse(await kubectl.must(['get', 'nodes', '-o', 'json']));
    expect(items.map((item: { metadata: { name: string } }) => item.metadata.name)).toEqual([node.hostname]);
    expect(items[0].status.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', status: 'True' }));
    expect(items[0].status.nodeInfo.kubeletVersion).toBe('v1.37.2');
  });

  test('serves: two replicas answer a pod through their Service and its DNS name', async () => {
    await startWorkload(kubectl);
    const answers = new Set<string>();
    for (let left = 60; left > 0 && answers.size < 2; left -= 1) answers.add(await askWorkload(kubectl));
    const pods = JSON.parse(await kubectl.must(['get', 'pods', '-l', 'app=web', '-o', 'json'])).items;
    expect(pods).toHaveLength(2);
    for (const pod of pods) expect([...answers].join()).toContain(pod.metadata.name);
  }, 240_000);

  test('serves kubectl logs, exec and top', async () => {
    expect(await kubectl.must(['logs', 'deployment/web'])).toContain('listens on');
    expect(await kubectl.must(['exec', 'client', '--', '/web', 'lookup', 'kubernetes.default.svc.cluster.local'])).toBe(
      '10.254.0.1\n',
    );
    expect(await nodeMetrics(kubectl)).toMatch(new RegExp(`^${node.hostname} +\\d+m +\\d+% +\\d+Mi`, 'm'));
  }, 200_000);

  describe('reveals no secret:', () => {
    beforeAll(async () => {
      const own = await Promise.all(seedHosts.map(tracesOf));
      expect(own.map((each) => each.length > 0)).toEqual(seedHosts.map(() => true));
      // The token is deleted by now, but it was seen earlier in its place.
      const tokens = [...seen.bootstrap].flatMap(tracesIn);
      expect(tokens.length).toBeGreaterThan(0);
      traces = [...new Set([...own.flat(), ...tokens])];
      await plantCanaries(seedHosts, kubectl);
    }, 60_000);
    afterAll(() => clearCanaries(seedHosts, kubectl), 60_000);

    test('the search finds secrets in the places where they must be', async () => {
      const files = await Promise.all(seedHosts.map((host) => foundOn(host, traces, { user: 'root', since })));
      expect(files.map((each) => each.length > 0)).toEqual(seedHosts.map(() => true));
      expect(files[0]).toContain('/etc/kubernetes/admin.conf');
      expect(files[0]).toContain('/etc/kubernetes/encryption-config.yaml');
      expect(await foundIn(`x${traces[0]}x`, traces)).toEqual([traces[0]]);
    }, 60_000);

    test('none in the log, even before masking, in the summary or in an output', async () => {
      const shown = rawLog
        .split('\n')
        .filter((line) => !line.startsWith('::add-mask::'))
        .join('\n');
      expect(shown.length).toBeGreaterThan(10_000);
      expect(result.summary).toContain('| master-1 |');
      expect(await foundIn(shown, traces)).toEqual([]);
      expect(await foundIn(logOf(result), traces)).toEqual([]);
      expect(await foundIn(result.summary + JSON.stringify(result.outputs), traces)).toEqual([]);
    });

    test('each was masked nevertheless', async () => {
      const masked = [...result.masks].join('\n');
      const missed = [];
      for (const trace of traces) if (!masked.includes(trace)) missed.push(trace);
      // A secret that is created on a host and never read needs no mask: the key of the kubelet's own client certificate.
      const kubelet = await onHost(node.name, 'cat /var/lib/kubelet/pki/kubelet-client-current.pem');
      expect(missed.filter((trace) => !tracesIn(kubelet).includes(trace))).toEqual([]);
    });

    test('none in an argument or in the environment of any process, on a host or on the runner', async () => {
      note(`processes were looked at ${seen.passes} times`);
      expect(seen.passes).toBeGreaterThan(30);
      const texts = [...seen.hosts, ...seen.runner].join('\n');
      for (const program of ['kube-apiserver', 'etcd', 'kubelet', 'dist/deploy/index.js'])
        expect(texts).toContain(program);
      expect(await foundIn(texts, traces)).toEqual([]);
    });

    test('none in the journal of any host', async () => {
      const found = await Promise.all(seedHosts.map((host) => foundInJournal(host, [...traces, canary])));
      for (const lines of found) expect(lines).toContain(`MESSAGE=${canary}`);
      expect(found.flat().filter((line) => line !== `MESSAGE=${canary}`)).toEqual([]);
    }, 60_000);

    test('none in a file that an ordinary user of any host can read', async () => {
      const all = [...traces, canary];
      const found = await Promise.all(seedHosts.map((host) => foundOn(host, all, { user: 'nobody', since })));
      expect(found).toEqual(seedHosts.map(() => [canaryFile]));
    }, 60_000);

    test('none in what etcd has on its disks: the token was a Secret, and Secrets are encrypted there', async () => {
      const search = async (texts: readonly string[]) =>
        await Promise.all(members.map((member) => foundUnder(member, '/var/lib/etcd', texts)));
      for (const files of await search([canary])) expect(files).not.toEqual([]);
      expect((await search(traces)).flat()).toEqual([]);
    }, 60_000);
  });

  test('listens on the ports that SECURITY.md lists, and on no other', async () => {
    const open = await Promise.all(seedHosts.map(async (host) => [host.name, await listeningPorts(host)] as const));
    // containerd streams exec and logs to the kubelet on a port of the kernel's choice.
    const expected = seedHosts.map(({ name, role }) => {
      const { toOthers, toItself } = documentedPorts(role);
      return [name, { toOthers, toItself: role === 'node' ? new Set([...toItself, 'tcp containerd']) : toItself }];
    });
    expect(open).toEqual(expected);
  }, 60_000);

  test('etcd accepts no client without a certificate of its own CA', async () => {
    const read = (file: string) => onHost('master-1', `cat /etc/kubernetes/pki/${file}`);
    const ca = await read('etcd/ca.crt');
    const clients = members.map(({ address }) => `https://${address}:2379/version`);
    const peers = members.map(({ address }) => `https://${address}:2380/version`);
    const all = [...clients, ...peers];
    const nameless = await answersTo(all, { ca });
    for (const url of all) expect(nameless[url]).toMatch(/SSL|TLS|certificate/i);
    const [cert, key] = [await read('apiserver-kubelet-client.crt'), await read('apiserver-kubelet-client.key')];
    const stranger = await answersTo(all, { ca, cert, key });
    for (const url of all) expect(stranger[url]).toMatch(/SSL|TLS|certificate/i);
    const files = (name: string) => ['crt', 'key'].map((end) => `/etc/kubernetes/pki/${name}.${end}`);
    const [own, ownKey] = files('apiserver-etcd-client');
    const endpoints = members.map(({ address }) => `https://${address}:2379`).join();
    const tls = `--cacert /etc/kubernetes/pki/etcd/ca.crt --cert ${own} --key ${ownKey}`;
    const health = await onHost('master-1', `etcdctl --endpoints=${endpoints} ${tls} endpoint health 2>&1`);
    expect(health.match(/is healthy/g)).toHaveLength(3);
  }, 60_000);

  test('answers anonymous users only on its health paths', async () => {
    const ca = await onHost('master-1', 'cat /etc/kubernetes/pki/ca.crt');
    const urls = (paths: readonly string[]) =>
      masters.flatMap(({ address }) => paths.map((path) => `https://${address}:6443${path}`));
    const [open, shut] = [
      urls(['/livez', '/readyz', '/healthz']),
      urls(['/', '/version', '/api', '/metrics', '/livez/etcd', '/api/v1/nodes']),
    ];
    const answers = await answersTo([...open, ...shut], { ca });
    for (const url of open) expect({ url, answer: answers[url] }).toEqual({ url, answer: 'answers' });
    for (const url of shut) expect({ url, answer: answers[url] }).toEqual({ url, answer: '401' });
  }, 60_000);
});
