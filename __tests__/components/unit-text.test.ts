import { expect, test } from '@jest/globals';
import { commandLine, environment, serviceText } from '../../src/components/unit-text.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { state, unitOf } from './support.ts';

test('arguments reach the program unchanged, also with % and $ and blanks, which systemd interprets', () => {
  expect(commandLine(['/bin/x', '--a=50%', '--b=$HOME', '--c=two words', '--d=say "hi" \\'])).toBe(
    ['/bin/x', '--a=50%%', '--b=$$HOME', '"--c=two words"', '"--d=say \\"hi\\" \\\\"'].join(' \\\n  '),
  );
});

test('a variable without a value has no line', () => {
  expect(environment({ A: 'x', B: undefined, C: 'p q' })).toEqual(['Environment=A=x', 'Environment="C=p q"']);
});

test('every service restarts without a limit', () => {
  const text = serviceText({ description: 'd', documentation: 'https://x', command: ['/bin/x'], service: [] });
  expect(text).toContain('Restart=always\nRestartSec=1\n');
  expect(text).toContain('StartLimitIntervalSec=0\n');
  expect(text).toContain('WantedBy=multi-user.target\n');
});

test.each([
  ['etcd-1', 'etcd', ['etcd']],
  ['master-1', 'master', ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-etcd-haproxy']],
  ['node-1', 'node', ['kubelet', 'kube-proxy', 'kube-haproxy', 'flanneld']],
] as const)(
  'on %s, no private key in a program’s memory reaches the disk by swap or by a core dump',
  (host, role, names) => {
    for (const name of names) {
      const lines = unitOf(state(seedCluster(), host, role), name).content.split('\n');
      expect([name, lines.includes('LimitCORE=0'), lines.includes('MemorySwapMax=0')]).toEqual([name, true, true]);
    }
  },
);
