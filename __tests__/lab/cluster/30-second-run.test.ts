import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Kubectl, openKubectl } from '../../../lab/kubectl.ts';
import type { ActionResult } from '../../../lab/runner/run-action.ts';
import { newIdentity } from '../../../src/pki/index.ts';
import { changedCluster } from '../cluster-file.ts';
import { note, seconds } from '../note.ts';
import { seedHosts } from '../seed-hosts.ts';
import { act, lab, logOf, onHost, standingCluster, succeeded } from '../seed-lab.ts';
import { restartedBetween, unitStarts } from '../unit-starts.ts';

beforeAll(async () => {
  await standingCluster();
}, 600_000);

/** The changes on hosts that a run logs: `host kind subject`. */
function changesIn(result: ActionResult): readonly string[] {
  const rows = result.summary.matchAll(/^\| (\S+-\d) \| ([a-z]+ \S+) \| .* \|$/gm);
  return [...rows].map(([, host, what]) => `${host} ${what}`).toSorted();
}

describe('a second run', () => {
  test('changes nothing, restarts nothing, and makes one connection to each host', async () => {
    const cursors = await Promise.all(
      seedHosts.map(async ({ name }) => {
        const shown = await onHost(name, 'journalctl --sync && journalctl -q --no-pager -n 0 --show-cursor');
        return /^-- cursor: (.*)$/m.exec(shown)?.[1] ?? '';
      }),
    );
    const before = await unitStarts();
    expect(Object.keys(before)).toHaveLength(3 * 4 + 5 + 3);
    for (const start of Object.values(before)) expect(start).toMatch(/^active as [1-9]/);

    const result = succeeded(await act('deploy'));

    note(`a run that changes nothing: ${seconds(result.milliseconds)}`);
    expect(result.outputs).toMatchObject({ changed: '0', 'changed-hosts': '[]', restarted: '[]' });
    expect(result.summary).toMatch(/^## Deployment of seed: nothing to change in /);
    expect(result.milliseconds).toBeLessThan(60_000);
    expect(restartedBetween(before, await unitStarts())).toEqual([]);
    const logins = await Promise.all(
      seedHosts.map(async ({ name }, index) => {
        // Without a filter of journalctl: with one it leaves out the first entry after a cursor that does not match.
        const since = await onHost(
          name,
          `journalctl --sync && journalctl -q -o short --after-cursor='${cursors[index]}'`,
        );
        return since.match(/ sshd\[\d+\]: Accepted publickey/g)?.length;
      }),
    );
    expect(logins).toEqual(seedHosts.map(() => 1));
  }, 120_000);
});

test('a check of the healthy cluster finds nothing', async () => {
  const result = succeeded(await act('check', { 'fail-on': 'warning' }));
  note(`a check of a healthy cluster: ${seconds(result.milliseconds)}`);
  expect(result.outputs).toMatchObject({ go: 'true', findings: '[]' });
  expect(Number(result.outputs['expires-in-days'])).toBeGreaterThan(300);
}, 120_000);

/** What a check finds, as severity and id. */
async function findings(inputs: Readonly<Record<string, string>> = {}): Promise<readonly string[]> {
  const { outputs } = succeeded(await act('check', { ...inputs, 'fail-on': 'never' }));
  expect(outputs.go).toBe(String(!outputs.findings?.includes('"critical"')));
  const found: readonly { id: string; severity: string }[] = JSON.parse(outputs.findings ?? '');
  return found.map(({ id, severity }) => `${severity} ${id}`).toSorted();
}

/** A fault on a host or in the cluster, as a line of sh, the one that undoes it, and what a check finds of it. */
interface Fault {
  readonly host: string;
  readonly make: string;
  readonly undo: string;
  readonly finds: readonly string[];
}

const certificate = '/etc/kubernetes/pki/front-proxy-client';
const authority = '/etc/kubernetes/pki/front-proxy-ca';
const auditLogs = '/var/log/kubernetes/audit';
const encryption = '/etc/kubernetes/encryption-config.yaml';
const stranger = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'stranger' } };
const schedulerDropIns = '/etc/systemd/system/kube-scheduler.service.d';
const stopped = (host: string, unit: string): readonly Fault[] => [
  {
    host,
    make: `systemctl stop ${unit}`,
    undo: `systemctl start ${unit}`,
    finds: [`critical unit-stopped/${host}/${unit}.service`],
  },
];
const faults: readonly Fault[] = [
  ...stopped('node-1', 'kube-proxy'),
  {
    host: 'node-1',
    make: 'mkdir -p /var/lib/k0s',
    undo: 'rmdir /var/lib/k0s',
    finds: ['warning unfit/node-1/HOST_FOREIGN'],
  },
  {
    host: 'etcd-3',
    make: 'pkill -STOP -x etcd',
    undo: 'pkill -CONT -x etcd',
    finds: ['critical etcd-member/etcd-3'],
  },
  {
    host: 'etcd-2',
    make: "echo 'D /var/lib/etcd 0700 - - 10d' >/etc/tmpfiles.d/tidy.conf",
    undo: 'rm /etc/tmpfiles.d/tidy.conf',
    finds: ['warning unfit/etcd-2/HOST_TMPFILES'],
  },
  {
    host: 'etcd-1',
    make: `mv /bin/date /bin/date.real; printf '#!/bin/sh\\nexec /bin/date.real -d "+1 hour" "$@"\\n' >/bin/date; chmod 755 /bin/date`,
    undo: 'mv /bin/date.real /bin/date',
    finds: ['warning clock/etcd-1'],
  },
  {
    host: 'master-3',
    make: `mount -t tmpfs -o size=1m,mode=700 tmpfs ${auditLogs} && { cat /dev/zero >${auditLogs}/full 2>/dev/null || :; }`,
    undo: `umount ${auditLogs}`,
    finds: ['critical disk-full/master-3'],
  },
  {
    host: 'master-2',
    make: 'cp -p /etc/kubernetes/scheduler-config.yaml /root/ && echo "# by hand" >>/etc/kubernetes/scheduler-config.yaml',
    undo: 'mv /root/scheduler-config.yaml /etc/kubernetes/',
    finds: ['warning drift/master-2'],
  },
  {
    // It ended yesterday; a deployment would issue it again.
    host: 'master-1',
    make: `cp -p ${certificate}.crt /root/ && openssl req -new -key ${certificate}.key -subj /CN=front-proxy-client -out /root/csr &&
      openssl x509 -req -in /root/csr -CA ${authority}.crt -CAkey ${authority}.key -set_serial 7 -days -1 -out /root/crt && cat /root/crt >${certificate}.crt`,
    undo: `cat /root/front-proxy-client.crt >${certificate}.crt && rm /root/front-proxy-client.crt /root/csr /root/crt`,
    finds: ['critical certificates-end/master-1', 'warning drift/master-1'],
  },
  {
    host: 'master-3',
    make: 'pkill -STOP -x kube-apiserver',
    undo: 'pkill -CONT -x kube-apiserver',
    finds: ['critical api-server-not-ready/master-3'],
  },
  {
    host: 'node-1',
    make: "sed -i '/ master-2/d' /etc/hosts",
    undo: 'true', // a deployment writes it again
    finds: ['warning drift/node-1'],
  },
  {
    host: 'master-3',
    make: `mkdir -p ${schedulerDropIns} && printf '[Service]\\nUser=root\\n' >${schedulerDropIns}/by-hand.conf && systemctl daemon-reload`,
    undo: `rm ${schedulerDropIns}/by-hand.conf && systemctl daemon-reload`,
    finds: ['warning unfit/master-3/HOST_DROP_IN'],
  },
  {
    host: 'etcd-1',
    make: 'chmod 755 /var/lib/etcd',
    undo: 'chmod 700 /var/lib/etcd',
    finds: ['warning drift/etcd-1'],
  },
  ...stopped('master-1', 'kube-scheduler'),
  ...stopped('master-2', 'kube-controller-manager'),
  ...stopped('node-1', 'kubelet'),
  ...['master-1', 'master-2', 'master-3'].map((host) => ({
    host,
    make: `touch -r ${encryption} /root/written && touch -d 2020-01-01 ${encryption}`,
    undo: `touch -r /root/written ${encryption} && rm /root/written`,
    finds: ['warning encryption-key-old/seed'],
  })),
  // A backup of three days ago.
  ...['master-1', 'master-2', 'master-3'].map((host) => ({
    host,
    make: `echo $(($(date +%s) - 259200)) 7 k8s-ha-backup-seed_20200101T020000Z.age >/var/lib/k8s-ha-action/newest-backup`,
    undo: ':',
    finds: ['warning backup-old/seed'],
  })),
];

describe('many faults at once', () => {
  const inTurn = async (lines: readonly (readonly [string, string])[]) => {
    for (const [host, line] of lines) await onHost(host, line);
  };
  const folder = mkdtempSync(join(tmpdir(), 'k8s-ha-backups-'));
  let administrator: Kubectl;
  let cluster: string;

  beforeAll(async () => {
    administrator = await openKubectl(lab);
    const { recipient } = await newIdentity();
    cluster = changedCluster(lab, 'check', (text) => {
      text.backup = { recipients: [recipient] };
    });
  }, 60_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('are each one finding with its severity', async () => {
    await administrator.must(['cordon', '192-168-1-156.node']);
    await administrator.must(['create', '-f', '-'], { input: JSON.stringify(stranger) });
    await administrator.must(['delete', 'clusterrolebinding', 'k8s-ha-action:node-certificate-rotation']);
    await inTurn(faults.map(({ host, make }) => [host, make]));
    const expected = [
      ...faults.flatMap(({ finds }) => finds),
      'warning node-cordoned/node-1',
      'warning objects/seed',
      'warning plan/seed/NODE_NOT_LISTED',
    ];
    expect(await findings({ cluster })).toEqual([...new Set(expected)].toSorted());
  }, 180_000);

  test('and none when they are fixed', async () => {
    await inTurn(faults.map(({ host, undo }) => [host, undo]));
    await administrator.must(['uncordon', '192-168-1-156.node']);
    await administrator.must(['delete', 'node', 'stranger']);
    // Only the binding and the line of /etc/hosts are left to a deployment.
    expect(succeeded(await act('deploy')).outputs).toMatchObject({ changed: '2', restarted: '[]' });
    succeeded(await act('backup', { cluster, folder, artifact: 'false' }));
    expect(await findings({ cluster })).toEqual([]);
  }, 180_000);
});

describe('a manual change', () => {
  const scheduler = '/etc/systemd/system/kube-scheduler.service';
  const drift = [
    'master-1 file /etc/kubernetes/admin.conf',
    'master-2 unit kube-scheduler.service',
    'node-1 file /etc/kubernetes/kubelet.conf',
    'node-1 start kube-proxy.service',
    'node-1 start kubelet.service',
  ];
  let before: Readonly<Record<string, string>>;
  let original: string;

  beforeAll(async () => {
    before = await unitStarts();
    original = await onHost('master-2', `sha256sum ${scheduler}`);
    await onHost('master-1', 'chmod 644 /etc/kubernetes/admin.conf');
    await onHost('master-2', `echo '# by hand' >>${scheduler}`);
    // What a power cut can leave of a file that was not synced.
    await onHost('node-1', 'systemctl stop kube-proxy kubelet && truncate -s 100 /etc/kubernetes/kubelet.conf');
  }, 60_000);

  test('is the only change that a dry run reports', async () => {
    const dry = succeeded(await act('deploy', { 'dry-run': 'true' }));
    expect(changesIn(dry)).toEqual(drift);
    expect(dry.outputs).toMatchObject({ changed: '5', restarted: '[]' });
    expect(logOf(dry)).toMatch(/master-2: would .*kube-scheduler\.service/);
    expect(await onHost('node-1', 'systemctl is-active kube-proxy || true')).toBe('inactive\n');
    expect(await onHost('master-1', 'stat -c %a /etc/kubernetes/admin.conf')).toBe('644\n');
  }, 120_000);

  test('is all that a check finds: a stopped unit as critical, and each host that differs', async () => {
    expect(await findings()).toEqual([
      'critical unit-stopped/node-1/kube-proxy.service',
      'critical unit-stopped/node-1/kubelet.service',
      'warning drift/master-1',
      'warning drift/master-2',
      'warning drift/node-1',
    ]);
    expect(await onHost('node-1', 'systemctl is-active kube-proxy || true')).toBe('inactive\n');
  }, 120_000);

  test('is the only change that a run makes', async () => {
    const fixed = succeeded(await act('deploy'));
    expect(changesIn(fixed)).toEqual(drift);
    expect(fixed.outputs).toMatchObject({ changed: '5', restarted: '[]' });
    expect(await onHost('master-1', 'stat -c %a /etc/kubernetes/admin.conf')).toBe('600\n');
    expect(await onHost('master-2', `sha256sum ${scheduler}`)).toBe(original);
    const after = await unitStarts();
    const started = ['node-1/kube-proxy', 'node-1/kubelet'];
    expect(restartedBetween(before, after)).toEqual(started);
    for (const unit of started) expect(after[unit]).toMatch(/^active as [1-9]/);
    expect(succeeded(await act('deploy')).outputs).toMatchObject({ changed: '0' });
  }, 180_000);

  test('to the limits of a kubelet that puts its node under pressure is a finding of its own', async () => {
    // With a grace period the condition comes at once, and no pod is evicted.
    const limit = '"evictionSoft": {"nodefs.available": "99%"}, "evictionSoftGracePeriod": {"nodefs.available": "1h"},';
    await onHost('node-1', `sed -i '1s/$/ ${limit}/' /var/lib/kubelet/config.yaml && systemctl restart kubelet`);
    const pressed = '{.status.conditions[?(@.type=="DiskPressure")].status}=True';
    const administrator = await openKubectl(lab);
    await administrator.must(['wait', 'node/192-168-1-156.node', `--for=jsonpath=${pressed}`, '--timeout=60s']);
    expect(await findings()).toEqual(['critical node-pressure/node-1/DiskPressure', 'warning drift/node-1']);
  }, 120_000);

  test('that leaves a kubelet’s kubeconfig empty is repaired, while the kubelet fails again and again', async () => {
    await onHost('node-1', 'systemctl stop kubelet && : >/etc/kubernetes/kubelet.conf && systemctl start kubelet');
    await onHost('node-1', 'until systemctl show -P NRestarts kubelet | grep -q "[1-9]"; do sleep 0.2; done');
    succeeded(await act('deploy'));
    expect(await onHost('node-1', 'systemctl is-active kubelet')).toBe('active\n');
    expect(succeeded(await act('deploy')).outputs).toMatchObject({ changed: '0' });
  }, 180_000);

  test('leaves no finding', async () => {
    const administrator = await openKubectl(lab);
    const fine = '{.status.conditions[?(@.type=="DiskPressure")].status}=False';
    await administrator.must(['wait', 'node/192-168-1-156.node', `--for=jsonpath=${fine}`, '--timeout=60s']);
    expect(await findings()).toEqual([]);
  }, 120_000);
});
