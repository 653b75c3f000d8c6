import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { releaseLeaseScript } from '../../src/components/release-lease.ts';
import { fileOf, flag, seedWith, state, unitOf } from './support.ts';

test('the profile becomes flags of the controller-manager and configuration of the scheduler', () => {
  const master = state(seedWith('election: fast'), 'master-1', 'master');
  const manager = unitOf(master, 'kube-controller-manager');
  const times = ['lease-duration', 'renew-deadline', 'retry-period'].map((name) =>
    flag(manager, `leader-elect-${name}`),
  );
  expect(times).toEqual(['4s', '3s', '0.5s']);
  expect(JSON.parse(fileOf(master, '/etc/kubernetes/scheduler-config.yaml')).leaderElection).toEqual({
    leaderElect: true,
    leaseDuration: '4s',
    renewDeadline: '3s',
    retryPeriod: '0.5s',
  });
});

test('either unit releases its lease when its process has ended, through its own API server first and then the others', () => {
  const master = state(seedWith(), 'master-2', 'master');
  const others = 'https://192.168.1.153:6443 https://192.168.1.155:6443';
  for (const name of ['controller-manager', 'scheduler']) {
    expect(unitOf(master, `kube-${name}`).content).toContain(
      `ExecStopPost=-/bin/sh /etc/kubernetes/release-lease kube-${name} /etc/kubernetes/${name}.conf ${others}\n`,
    );
  }
});

/** Runs the script against a kubectl that answers with `lease` and records its input. */
function release(lease: string, answers = 'true') {
  const dir = mkdtempSync(join(tmpdir(), 'release-lease-'));
  try {
    const kubectl = join(dir, 'kubectl');
    const lines = [
      '#!/bin/sh',
      `echo "$@" >>${dir}/asked`,
      `[ ${answers} = true ] || case $* in *--server=*) ;; *) exit 1 ;; esac`,
      `case $* in *' get '*) printf '%s' '${lease}' ;; *) cat >${dir}/replaced ;; esac`,
    ];
    writeFileSync(kubectl, `${lines.join('\n')}\n`);
    chmodSync(kubectl, 0o755);
    writeFileSync(join(dir, 'replaced'), '');
    const { content } = releaseLeaseScript({ ...seedWith(), binDir: dir });
    const argv = ['-s', 'kube-scheduler', 'scheduler.conf', 'https://other:6443'];
    const { status } = spawnSync('sh', argv, { input: content });
    const asked = readFileSync(join(dir, 'asked'), 'utf8').trim().split('\n');
    return { status, asked, replaced: readFileSync(join(dir, 'replaced'), 'utf8') };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

const path = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-scheduler';
const leaseOf = (holder: string, seconds = 15) =>
  `{"metadata":{"resourceVersion":"7"},"spec":{"holderIdentity":"${holder}","leaseDurationSeconds":${seconds}}}`;

test('a lease of this host is released in the state that was read, so a lease that moved meanwhile stays', () => {
  const { status, asked, replaced } = release(leaseOf(`${hostname()}_0b2f`));
  expect({ status, replaced }).toEqual({ status: 0, replaced: leaseOf('', 1) });
  expect(asked).toEqual([
    `--kubeconfig=scheduler.conf --request-timeout=2s get --raw ${path}`,
    `--kubeconfig=scheduler.conf --request-timeout=2s replace --raw ${path} -f -`,
  ]);
});

test('a lease of another host, of a host with a longer name, or without a holder is not changed', () => {
  for (const holder of ['other_0b2f', `${hostname()}2_0b2f`, '']) {
    expect(release(leaseOf(holder))).toMatchObject({ status: 0, replaced: '' });
  }
});

test('if its own API server does not answer, another one is used', () => {
  const { replaced, asked } = release(leaseOf(`${hostname()}_0b2f`), 'false');
  expect({ replaced, last: asked.at(-1) }).toEqual({
    replaced: leaseOf('', 1),
    last: `--kubeconfig=scheduler.conf --request-timeout=2s --server=https://other:6443 replace --raw ${path} -f -`,
  });
});
