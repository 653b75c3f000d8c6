import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { labLock } from '../../../lab/cluster-lock.ts';
import { openLab } from '../../../lab/lab.ts';
import type { Fault } from '../../../lab/mirror/faults.ts';
import { runAction } from '../../../lab/runner/run-action.ts';
import { lockFileOf } from '../../../src/cluster/lock.ts';
import { changedCluster } from '../cluster-file.ts';
import { labId } from '../lab-id.ts';
import { differenceOf } from '../listing.ts';
import { refused } from '../refusals.ts';
import { remainsOn, stateOf } from '../remains.ts';
import { logOf, succeeded } from '../results.ts';

// One host with all roles is enough for these problems, and boots fastest.
const lab = openLab({ id: labId('bad') });
const solo = 'solo';
const cluster = `name: bad
kubernetesVersion: 1.37.2
hosts:
  - { name: ${solo}, address: 192.168.1.41, roles: [etcd, master, node] }
`;

async function onSolo(line: string): Promise<string> {
  const { status, stdout, stderr } = await lab.exec(solo, ['sh', '-c', line]);
  if (status === 0) return stdout.trim();
  throw new Error(`${line}: status ${status}: ${stderr}`);
}

const sumOf = (path: string): Promise<string> => onSolo(`sha256sum <${path}`);

/** Sets the faults of the mirror from now on. */
function faults(...list: readonly Fault[]): void {
  const file = join(lab.stateDir, 'mirror-faults.json');
  writeFileSync(`${file}.new`, JSON.stringify(list));
  renameSync(`${file}.new`, file);
}

beforeAll(async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'k8s-ha-bad-')), 'cluster.yaml');
  writeFileSync(file, cluster);
  await lab.down();
  await lab.up({ cluster: file });
}, 300_000);
afterAll(async () => void (await lab.down()), 60_000);

describe('an unfit bare host', () => {
  test('gets all its problems reported at once, and stays bare', async () => {
    for (const port of [6443, 10250]) {
      await onSolo(`systemd-run -q --unit=squatter-${port} systemd-socket-activate -l ${port} cat`);
    }
    await onSolo('mkdir -p /etc/kubernetes/manifests; touch /etc/kubernetes/manifests/kube-apiserver.yaml');
    await onSolo('mount -t tmpfs -o size=50m,mode=755 small /usr/local/bin');
    const before = await stateOf(lab, solo);
    const { codes, log, milliseconds } = await refused(lab);
    expect(codes.toSorted()).toEqual(['HOST_DISK', 'HOST_FOREIGN', 'HOST_PORT_TAKEN', 'HOST_PORT_TAKEN']);
    expect(log).toContain('port 6443 is taken by squatter-6443.service');
    expect(log).toContain('port 10250 is taken by squatter-10250.service');
    expect(log).toContain('/etc/kubernetes/manifests/kube-apiserver.yaml');
    expect(log).toMatch(/\d+ MiB are free in \/usr\/local\/bin, \d+ are needed/);
    expect(differenceOf(before, await stateOf(lab, solo))).toEqual([]);
    expect(milliseconds).toBeLessThan(15_000);
    await onSolo('systemctl stop squatter-6443 squatter-10250; umount /usr/local/bin; rm -r /etc/kubernetes');
  }, 60_000);

  test('on which others have configured something gets the commands that undo it, and these are enough', async () => {
    const wants = '/etc/systemd/system/multi-user.target.wants';
    await onSolo(`set -e
      cp /etc/resolv.conf /root/resolv.conf; echo nameserver 127.0.0.1 >/etc/resolv.conf
      mkdir -p /etc/systemd/system/kubelet.service.d /etc/cni/net.d ${wants}
      printf '[Service]\\nExecStart=\\n' >/etc/systemd/system/kubelet.service.d/10-kubeadm.conf
      echo '{}' >/etc/cni/net.d/05-cilium.conflist
      printf '#!/bin/sh\\nswapon /swap\\n' >/usr/local/sbin/more-swap; chmod 755 /usr/local/sbin/more-swap
      printf '[Service]\\nExecStart=/usr/local/sbin/more-swap\\n[Install]\\nWantedBy=multi-user.target\\n' >/etc/systemd/system/more-swap.service
      systemctl -q enable more-swap
      echo 'kernel.panic = 60' >/etc/sysctl.d/zzzz.conf
      echo 'net.ipv4.conf.all.forwarding = 0' >>/etc/sysctl.d/zzzz.conf
      mkdir -p /etc/fapolicyd/rules.d; printf '#!/bin/sh\\n' >/usr/sbin/fagenrules; chmod 755 /usr/sbin/fagenrules
      printf '[Service]\\nExecStart=/bin/sleep infinity\\n[Install]\\nWantedBy=multi-user.target\\n' >/etc/systemd/system/fapolicyd.service
      systemctl -q enable fapolicyd
      echo 'kernel.panic = 60' >/etc/sysctl.d/99-hardening.conf
      mount -t tmpfs -o size=3000m,noexec,mode=777 small /opt
      ip address add 10.244.0.9/24 dev host0`);
    const before = await stateOf(lab, solo);
    const { codes, errors } = await refused(lab);
    expect(codes.toSorted()).toEqual([
      ...['HOST_DROP_IN', 'HOST_EXEC', 'HOST_LEFTOVER', 'HOST_MOUNT', 'HOST_RESOLVER', 'HOST_SUBNET', 'HOST_SWAP'],
      ...['HOST_SYSCTL', 'HOST_SYSCTL', 'PLACE_INSECURE'],
    ]);
    expect(differenceOf(before, await stateOf(lab, solo))).toEqual([]);
    // Each line with a command in its hint.
    const commands = errors.flatMap((error) => /as root: (.*?)(?:, also in .*)?$/m.exec(error)?.[1] ?? []);
    expect(commands).toHaveLength(7);
    await onSolo(['set -e', ...commands].join('\n'));
    await onSolo('chmod 755 /opt; cp /root/resolv.conf /etc/resolv.conf; ip address del 10.244.0.9/24 dev host0');
    succeeded(await runAction(lab, 'plan'));
    await onSolo(
      'systemctl -q disable --now fapolicyd; rm -r /etc/fapolicyd /usr/sbin/fagenrules /etc/systemd/system/fapolicyd.service',
    );
    await onSolo(
      'umount /opt; rm -r /etc/sysctl.d/zzzz.conf /usr/local/sbin/more-swap /etc/systemd/system/more-swap.service /etc/systemd/system/kubelet.service.d /etc/cni',
    );
  }, 60_000);

  test('whose address differs from the file gets an error with its real addresses', async () => {
    const file = changedCluster(lab, 'address', ({ hosts }) => {
      for (const host of hosts) Object.assign(host, { address: '192.168.1.42', ssh: { address: '192.168.1.41' } });
    });
    const before = await stateOf(lab, solo);
    const { codes, errors } = await refused(lab, { cluster: file });
    expect(codes).toEqual(['HOST_ADDRESS']);
    expect(errors[0]).toMatch(/^solo: .*192\.168\.1\.42.*192\.168\.1\.41/);
    expect(differenceOf(before, await stateOf(lab, solo))).toEqual([]);
  }, 60_000);
});

describe('a first deployment from a mirror that', () => {
  afterEach(() => faults());

  test('is down is reported with address and status', async () => {
    faults({ path: '/github.com/etcd-io/', kind: 'status', status: 503 });
    const { codes, errors } = await refused(lab);
    expect(new Set(codes)).toEqual(new Set(['DOWNLOAD_FAILED']));
    expect(errors[0]).toMatch(/http:\/\/192\.168\.1\.1:8080\/github\.com\/etcd-io\/\S+: .*503/);
  }, 60_000);

  test('has a file without an entry in the lock file gives an error with its name, before anything is put in place', async () => {
    const lock = lockFileOf(lab.clusterFile);
    const [, ...lines] = (await labLock(lab)).split('\n');
    writeFileSync(lock, lines.filter((line) => !line.includes('/kube-apiserver:')).join('\n'));
    const { codes, errors } = await refused(lab).finally(() => rmSync(lock));
    expect(codes).toEqual(['LOCKFILE_LACKING']);
    expect(errors[0]).toMatch(/no entry for https:\/\/dl\.k8s\.io\/\S+\/kube-apiserver/);
    expect(await onSolo('ls /usr/local/bin')).not.toContain('etcd');
  }, 60_000);

  test('breaks off in the middle of a file: the received part is kept, and the next run continues there', async () => {
    const after = 20_000_000;
    faults({ path: 'amd64/kube-apiserver', kind: 'break-off', after });
    const { codes, errors, log } = await refused(lab);
    expect(codes).toEqual(['DOWNLOAD_FAILED']);
    expect(errors[0]).toContain('bin/linux/amd64/kube-apiserver');
    expect(log).not.toContain('downloaded kube-apiserver\n');
    expect(await onSolo('ls /usr/local/bin')).not.toContain('kube-apiserver');

    // This one is wrong in a byte, so this run fails too; the other continues where it was.
    faults({ path: 'amd64/kube-scheduler', kind: 'corrupt', at: 1000 });
    const wrong = await refused(lab);
    expect(wrong.codes).toEqual(['DOWNLOAD_SUM_MISMATCH']);
    expect(wrong.errors[0]).toMatch(/kube-scheduler.*sha256 [0-9a-f]{64}, expected [0-9a-f]{64}/s);
    const requests = readFileSync(join(lab.stateDir, 'mirror-access.log'), 'utf8').split('\n');
    expect(requests.some((line) => line.includes('kube-apiserver 206') && line.includes(`bytes=${after}-`))).toBe(true);
  }, 120_000);

  test('works again, but the disk is full: reported, and the old files stay', async () => {
    await onSolo(
      'mkdir -p /var/lib/k8s-ha-action/downloads; mount -t tmpfs -o size=20m small /var/lib/k8s-ha-action/downloads',
    );
    const before = await onSolo('sha256sum /usr/local/bin/*');
    const { codes, errors } = await refused(lab);
    await onSolo('umount /var/lib/k8s-ha-action/downloads');
    expect(new Set(codes)).toEqual(new Set(['DISK_FULL']));
    expect(errors[0]).toMatch(/^solo \/var\/lib\/k8s-ha-action\/downloads\/\S+: no space left to download http/);
    expect(await onSolo('sha256sum /usr/local/bin/*')).toBe(before);
  }, 120_000);

  test('works again: the run converges', async () => {
    succeeded(await runAction(lab, 'deploy'));
    expect(await onSolo('kubectl get nodes --no-headers')).toMatch(/^solo\s+Ready /);
    const { outputs } = succeeded(await runAction(lab, 'deploy'));
    expect(outputs).toMatchObject({ changed: '0', restarted: '[]' });
    expect(await remainsOn(lab, solo)).toEqual([]);
    // The hardening baseline of the bare host does not win at boot.
    const atBoot = await onSolo("systemd-analyze cat-config sysctl.d | sed -n 's/^kernel.panic *= *//p' | tail -n 1");
    expect(atBoot).toBe('10');
  }, 180_000);
});

describe('a running cluster', () => {
  const scheduler = '/usr/local/bin/kube-scheduler';

  test('keeps its binary if the mirror’s is wrong, and gets the right one later, without a restart', async () => {
    const right = await sumOf(scheduler);
    await onSolo(`cp ${scheduler} /tmp/s; echo odd >>/tmp/s; chmod 755 /tmp/s; mv /tmp/s ${scheduler}`);
    const odd = await sumOf(scheduler);
    faults({ path: 'amd64/kube-scheduler', kind: 'corrupt', at: 1000 });
    expect((await refused(lab)).codes).toEqual(['DOWNLOAD_SUM_MISMATCH']);
    expect(await sumOf(scheduler)).toBe(odd);

    faults();
    const { outputs } = succeeded(await runAction(lab, 'deploy'));
    expect(await sumOf(scheduler)).toBe(right);
    expect(outputs).toMatchObject({ changed: '1', restarted: '[]' });
  }, 120_000);

  test('is changed by only one of two runs at a time; the other waits and logs for which run', async () => {
    // Each run removes what the other one placed, so both have changes to make.
    const changed = changedCluster(lab, 'two-runs', (cluster) => {
      Object.assign(cluster, { apiServer: { extraArgs: [{ name: 'v', value: '1' }] } });
    });
    const runs = await Promise.all([
      runAction(lab, 'deploy'),
      runAction(lab, 'deploy', { inputs: { cluster: changed } }),
    ]);
    const logs = runs.map((run) => logOf(succeeded(run)));
    expect(logs.filter((log) => /solo: waiting for .* to leave the host/.test(log))).toHaveLength(1);
    succeeded(await runAction(lab, 'deploy'));
  }, 120_000);

  test('leaves nothing on the host', async () => {
    expect(await remainsOn(lab, solo)).toEqual([]);
    rmSync(join(lab.stateDir, 'address.yaml'), { force: true });
  });
});
