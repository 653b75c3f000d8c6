import { beforeAll, describe, expect, test } from '@jest/globals';
import type { ActionResult } from '../../../lab/runner/run-action.ts';
import { note, seconds } from '../note.ts';
import { seedHosts } from '../seed-hosts.ts';
import { act, logOf, onHost, standingCluster, succeeded } from '../seed-lab.ts';
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

describe('a manual change', () => {
  const scheduler = '/etc/systemd/system/kube-scheduler.service';
  const drift = [
    'master-1 file /etc/kubernetes/admin.conf',
    'master-2 unit kube-scheduler.service',
    'node-1 start kube-proxy.service',
  ];
  let before: Readonly<Record<string, string>>;
  let original: string;

  beforeAll(async () => {
    before = await unitStarts();
    original = await onHost('master-2', `sha256sum ${scheduler}`);
    await onHost('master-1', 'chmod 644 /etc/kubernetes/admin.conf');
    await onHost('master-2', `echo '# by hand' >>${scheduler}`);
    await onHost('node-1', 'systemctl stop kube-proxy');
  }, 60_000);

  test('is the only change that a dry run reports', async () => {
    const dry = succeeded(await act('deploy', { 'dry-run': 'true' }));
    expect(changesIn(dry)).toEqual(drift);
    expect(dry.outputs).toMatchObject({ changed: '3', restarted: '[]' });
    expect(logOf(dry)).toMatch(/master-2: would .*kube-scheduler\.service/);
    expect(await onHost('node-1', 'systemctl is-active kube-proxy || true')).toBe('inactive\n');
    expect(await onHost('master-1', 'stat -c %a /etc/kubernetes/admin.conf')).toBe('644\n');
  }, 120_000);

  test('is all that a check finds: a stopped unit as critical, and each host that differs', async () => {
    const { outputs } = succeeded(await act('check', { 'fail-on': 'never' }));
    const findings: readonly { id: string; severity: string }[] = JSON.parse(outputs.findings ?? '');
    expect(findings.map(({ id, severity }) => `${severity} ${id}`)).toEqual([
      'critical unit-stopped/node-1/kube-proxy.service',
      'warning drift/master-1',
      'warning drift/master-2',
    ]);
    expect(outputs.go).toBe('false');
    expect(await onHost('node-1', 'systemctl is-active kube-proxy || true')).toBe('inactive\n');
  }, 120_000);

  test('is the only change that a run makes', async () => {
    const fixed = succeeded(await act('deploy'));
    expect(changesIn(fixed)).toEqual(drift);
    expect(fixed.outputs).toMatchObject({ changed: '3', restarted: '[]' });
    expect(await onHost('master-1', 'stat -c %a /etc/kubernetes/admin.conf')).toBe('600\n');
    expect(await onHost('master-2', `sha256sum ${scheduler}`)).toBe(original);
    const after = await unitStarts();
    expect(restartedBetween(before, after)).toEqual(['node-1/kube-proxy']);
    expect(after['node-1/kube-proxy']).toMatch(/^active as [1-9]/);
    expect(succeeded(await act('deploy')).outputs).toMatchObject({ changed: '0' });
  }, 180_000);
});
