import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  type Applied,
  certainlyNot,
  type HostState,
  hostState,
  type Rolling,
  type Unit,
} from '../../src/host/index.ts';
import { apply, bareHosts, differences, driver, h1, h2, lab, onHost, onSession } from './host-lab.ts';
import { leftovers } from './host-lock.ts';

beforeAll(bareHosts, 300_000);
afterAll(async () => {
  await lab.down();
}, 60_000);

const text = (lines: string) =>
  `[Unit]\nDescription=test\n[Service]\n${lines}\n[Install]\nWantedBy=multi-user.target\n`;
const sleeper = text('ExecStart=/bin/sleep 10000\nRestart=always');

function unit(name: string, content: string, more: Partial<Unit> = {}): Unit {
  return { name: `${name}.service`, content, reads: [`/etc/app/${name}`], ...more };
}

function stateOf(units: readonly Unit[], content = 'one\n'): HostState {
  const files = units.flatMap(({ reads }) =>
    reads.map((path) => ({ path, content, mode: '600', owner: 'root:root', secret: false })),
  );
  return hostState({ files, units });
}

test('a unit that fails is a problem with its name, its last lines without keys, and the likely cause', async () => {
  const key = '-----BEGIN RSA PRIVATE KEY-----\\nMIIEpAIBAAKCAQEAabc\\n-----END RSA PRIVATE KEY-----';
  const failing = unit(
    'failing',
    text(
      `ExecStart=/bin/sh -c "printf 'bad flag --x\\\\n${key.replaceAll('\\n', '\\\\n')}\\\\n'; exit 3"\nRestart=always\nRestartSec=200ms`,
    ),
    {
      ready: { command: 'false', timeoutSeconds: 60, hint: 'Is the flag right?' },
    },
  );
  const begin = performance.now();
  const { problem } = await onSession(h1, [['apply', 'failing', stateOf([failing])]]);
  expect(problem).toMatchObject({
    code: 'UNIT_FAILED',
    host: 'h1',
    unit: 'failing.service',
    hint: 'Is the flag right?',
  });
  expect(problem?.detail?.join('\n')).toContain('bad flag --x');
  expect(JSON.stringify(problem)).not.toContain('MIIEpAIB');
  expect(performance.now() - begin).toBeLessThan(30_000);
  await apply(h1, 'failing', hostState({}));
  expect(await onHost('h1', 'systemctl is-active failing || true')).toBe('inactive');
}, 60_000);

test('a unit that is not ready in time is a problem with the output of its check', async () => {
  const ready = { command: 'echo connection refused; exit 1', timeoutSeconds: 2, hint: 'Is its peer up?' };
  const { problem } = await onSession(h1, [['apply', 'slow', stateOf([unit('slow', sleeper, { ready })])]]);
  expect(problem).toMatchObject({ code: 'UNIT_NOT_READY', unit: 'slow.service', hint: 'Is its peer up?' });
  expect(problem?.message).toContain('connection refused');
  await apply(h1, 'slow', hostState({}));
}, 60_000);

test('a failed unit starts again once its cause is fixed', async () => {
  const broken = unit('fixed', text('ExecStart=/bin/sh -c "test -s /etc/app/fixed && exec sleep 1000"'));
  const first = await onSession(h1, [['apply', 'fixed', stateOf([broken], '')]]);
  expect(first.problem?.code).toBe('UNIT_FAILED');
  expect((await apply(h1, 'fixed', stateOf([broken], 'there\n'))).started).toEqual(['fixed.service']);
}, 60_000);

test('all units start at once, and each is awaited until its check holds', async () => {
  const ready = { command: 'test -e /run/up-b', timeoutSeconds: 20, hint: '' };
  const a = unit('a', sleeper, { ready });
  const b = unit('b', text('ExecStart=/bin/sh -c "sleep 1; touch /run/up-b; exec sleep 1000"'));
  // a is ready only once b, which comes after it, is up.
  expect((await apply(h1, 'pair', stateOf([a, b]))).started).toEqual(['a.service', 'b.service']);
  expect(await onHost('h1', 'ls /run/up-b')).toBe('/run/up-b');
}, 60_000);

test('a run that ends between writing and restarting leaves the restart to the next one', async () => {
  const one = unit('left', sleeper);
  await apply(h1, 'left', stateOf([one]));
  // The state after a killed run: the new content is in place, the unit still runs with the old.
  await onHost('h1', 'echo two > /etc/app/left');
  expect(await differences(h1, 'left', stateOf([one], 'two\n'))).toMatchObject([
    { kind: 'restart', subject: 'left.service' },
  ]);
  expect((await apply(h1, 'left', stateOf([one], 'two\n'))).restarted).toEqual(['left.service']);
  // The same, but the host was rebooted meanwhile: it has started with the new content, so no restart is due.
  await onHost('h1', 'echo three > /etc/app/left');
  await lab.powerOff('h1', { hard: true });
  await lab.powerOn('h1');
  expect(await differences(h1, 'left', stateOf([one], 'three\n'))).toEqual([]);
}, 60_000);

test('a new unit text that systemd has not loaded is loaded, and the unit restarts', async () => {
  const before = unit('text', sleeper);
  await apply(h1, 'text', stateOf([before]));
  const after = unit('text', sleeper.replace('10000', '20000'));
  await onHost('h1', `sed -i s/10000/20000/ /etc/systemd/system/text.service; systemctl kill -s KILL text; sleep 0.5`);
  // It restarted by itself, with the text that systemd had loaded, and its record says so.
  expect((await apply(h1, 'text', stateOf([after]))).restarted).toEqual(['text.service']);
  expect(await onHost('h1', 'systemctl show -p ExecStart --value text | grep -o 20000 | head -n 1')).toBe('20000');
}, 60_000);

const lockFile = '/run/test-lock';
const rollingWith = (more: Partial<Rolling>): Rolling => ({
  live: 'true',
  lock: `exec flock ${lockFile} "$@"`,
  healthy: { command: 'true', timeoutSeconds: 10, hint: 'it sleeps' },
  ...more,
});

test('a restart of a serving unit waits for its turn and happens under the lock: allow, before, healthy, then the release', async () => {
  const rolling = rollingWith({
    turn: 'flock -n /run/test-lock echo turn >> /run/steps',
    allow: 'echo allow >> /run/steps; ! flock -n /run/test-lock true',
    before: 'echo before >> /run/steps',
    healthy: {
      command: 'echo healthy >> /run/steps; test $(grep -c healthy /run/steps) -ge 3',
      timeoutSeconds: 10,
      hint: '',
    },
  });
  const one = unit('rolled', sleeper, { rolling });
  // A first start takes no lock: it interrupts no cluster.
  await apply(h1, 'rolled', stateOf([one]));
  expect(await onHost('h1', 'cat /run/steps 2>/dev/null || true')).toBe('');
  const { results, log } = await onSession(h1, [['inspect'], ['apply', 'rolled', stateOf([one], 'two\n')]]);
  expect((results[1] as Applied).restarted).toEqual(['rolled.service']);
  expect(await onHost('h1', 'cat /run/steps')).toBe('turn\nallow\nbefore\nhealthy\nhealthy\nhealthy');
  expect(log.join('\n')).toContain('waiting for the lock');
  expect(await differences(h1, 'rolled', stateOf([one], 'two\n'))).toEqual([]);
}, 60_000);

const failures = '/run/failed-restart';
/** What other hosts of the attempt learn by a file, as masters do by etcd. */
const wayBack = {
  failed: `grep -q "^$ATTEMPT on" ${failures} 2>/dev/null || exit 1; sed 's/.* on //' ${failures}`,
  record: `echo "$ATTEMPT on h9" >${failures}`,
};
/** Runs only with a good file; what it runs with is in /run/NAME. */
const picky = (name: string) =>
  text(
    `ExecStart=/bin/sh -c "grep -q bad /etc/app/${name} && { echo cannot start with this; exit 3; }; cp /etc/app/${name} /run/${name}; exec sleep 10000"\nRestart=always\nRestartSec=200ms`,
  );
const steady = (name: string) => ({ command: `test -e /run/${name}`, timeoutSeconds: 3, hint: 'Is its file right?' });

test('a restart that fails goes back to the former files, and the units behind it are not touched', async () => {
  const rolling = rollingWith({ wayBack, healthy: steady('back') });
  const front = (name: string) => unit(name, picky(name), { ready: steady(name), rolling });
  const behind = unit('behind', picky('behind'), { ready: steady('behind') });
  const options = { attempt: 'run 1' };
  const begun = (calls: Parameters<typeof onSession>[1], attempt = 'run 1') =>
    onSession(h1, calls, { options: { ...options, attempt } });
  await apply(h1, 'back', stateOf([front('back'), behind]));
  const good = await onHost('h1', 'cat /etc/systemd/system/back.service');
  const changed = { ...front('back'), content: `${picky('back')}# new\n` };
  const { problem } = await begun([['inspect'], ['apply', 'back', stateOf([changed, behind], 'bad\n')]]);
  expect(problem).toMatchObject({
    ...{ code: 'RESTART_REVERTED', unit: 'back.service', hint: 'Is its file right?' },
    message: expect.stringMatching(/with its new files; the former ones are back/),
  });
  expect(problem?.detail?.join('\n')).toContain('cannot start with this');
  expect(await onHost('h1', 'cat /etc/systemd/system/back.service; systemctl is-active back behind')).toBe(
    `${good}\nactive\nactive`,
  );
  expect(await onHost('h1', 'cat /etc/app/back /etc/app/behind /run/back; ls /var/lib/k8s-ha-action')).not.toMatch(
    /bad|former/,
  );
  expect(await differences(h1, 'back', stateOf([front('back'), behind]))).toEqual([]);

  // In the same attempt no other one restarts, and it has its former files; in the next one all do.
  const next = stateOf([changed, behind], 'two\n');
  const stopped = await begun([['inspect'], ['apply', 'back', next]]);
  expect(stopped.problem).toMatchObject({ code: 'RESTART_STOPPED', message: expect.stringContaining('on h9 failed') });
  expect(await onHost('h1', 'cat /etc/app/back /etc/app/behind /run/back')).toBe('one\none\none');
  const fixed = await begun([['inspect'], ['apply', 'back', next]], 'run 2');
  expect(fixed.problem).toBeUndefined();
  expect((fixed.results[1] as Applied).restarted).toEqual(['back.service', 'behind.service']);
  expect(await onHost('h1', 'cat /run/back /run/behind; ls /var/lib/k8s-ha-action')).not.toMatch(/one|former/);
}, 90_000);

test('the way back is there after a kill between placing and restarting, and its files are closed to others', async () => {
  const rolling = rollingWith({ wayBack: { ...wayBack, failed: 'exit 1' }, lock: 'flock /run/held-lock "$@"' });
  const one = unit('killed', picky('killed'), { ready: steady('killed'), rolling });
  await apply(h1, 'killed', stateOf([one]));
  await onHost('h1', 'systemd-run --quiet --unit=lock-holder flock /run/held-lock sleep 60');
  const { child, outcome } = driver(h1, [['inspect'], ['apply', 'killed', stateOf([one], 'bad\n')]]);
  for (let tries = 0; (await onHost('h1', 'cat /etc/app/killed')) !== 'bad' && tries < 100; tries += 1)
    await delay(100);
  child.kill('SIGKILL');
  await outcome;
  expect(
    await onHost(
      'h1',
      'stat -c %a /var/lib/k8s-ha-action/former/killed.service; cat /var/lib/k8s-ha-action/former/killed.service/1',
    ),
  ).toBe('700\none');
  await onHost('h1', 'systemctl stop lock-holder');
  const { problem } = await onSession(h1, [['inspect'], ['apply', 'killed', stateOf([one], 'bad too\n')]]);
  expect(problem).toMatchObject({ code: 'RESTART_REVERTED' });
  expect(await onHost('h1', 'cat /etc/app/killed /run/killed')).toBe('one\none');
}, 90_000);

test('a restart that is not allowed is refused with the reason, and the unit stays up', async () => {
  const one = unit('refused', sleeper, { rolling: rollingWith({ allow: 'echo quorum would be lost; exit 1' }) });
  await apply(h1, 'refused', stateOf([one]));
  const pid = await onHost('h1', 'systemctl show -p MainPID --value refused');
  const { problem } = await onSession(h1, [['apply', 'refused', stateOf([one], 'two\n')]]);
  expect(problem).toMatchObject({ code: 'RESTART_REFUSED', unit: 'refused.service' });
  expect(problem?.message).toContain('quorum would be lost');
  expect(await onHost('h1', 'systemctl show -p MainPID --value refused')).toBe(pid);
  expect(await differences(h1, 'refused', stateOf([one], 'two\n'))).toMatchObject([{ kind: 'restart' }]);
}, 60_000);

test('without a running cluster a unit restarts without the lock', async () => {
  const one = unit('plain', sleeper, { rolling: rollingWith({ live: `exit ${certainlyNot}`, lock: 'false' }) });
  await apply(h1, 'plain', stateOf([one]));
  expect((await apply(h1, 'plain', stateOf([one], 'two\n'))).restarted).toEqual(['plain.service']);
}, 60_000);

test('if it is unknown whether a cluster is running, nothing is restarted, unless that is forced', async () => {
  const beside = unit('beside', sleeper);
  const ways = [
    ['echo no answer from etcd; exit 1', 'no answer from etcd'],
    ['/nowhere/etcdctl', 'not found'],
    ['kill -9 $$', ''],
  ] as const;
  for (const [live, said] of ways) {
    await apply(h1, 'unknown', hostState({}));
    const one = unit('unknown', sleeper, { rolling: rollingWith({ live }) });
    await apply(h1, 'unknown', stateOf([beside, one], live));
    const pids = await onHost('h1', 'systemctl show -p MainPID --value unknown beside');
    const { problem } = await onSession(h1, [['apply', 'unknown', stateOf([beside, one], `${live} two\n`)]]);
    expect(problem).toMatchObject({ code: 'RESTART_UNKNOWN', unit: 'unknown.service' });
    expect(problem?.hint).toContain('force-restart: true');
    expect(problem?.detail?.join('\n') ?? '').toContain(said);
    expect(await onHost('h1', 'systemctl show -p MainPID --value unknown beside')).toBe(pids);
    const forced = await onSession(h1, [['inspect'], ['apply', 'unknown', stateOf([beside, one], `${live} two\n`)]], {
      options: { forceRestart: true },
    });
    expect((forced.results[1] as Applied).restarted.toSorted()).toEqual(['beside.service', 'unknown.service']);
  }
}, 60_000);

test('a lock that cannot be taken is a problem with the output of its command', async () => {
  const one = unit('unlockable', sleeper, {
    rolling: rollingWith({ lock: 'echo no leader >&2; exit 1' }),
  });
  await apply(h1, 'unlockable', stateOf([one]));
  const { problem } = await onSession(h1, [['apply', 'unlockable', stateOf([one], 'two\n')]]);
  expect(problem).toMatchObject({ code: 'LOCK_FAILED', unit: 'unlockable.service', detail: ['no leader'] });
}, 60_000);

test('a session that waits for the lock leaves the queue when its connection is lost', async () => {
  const one = unit('waiting', sleeper, { rolling: rollingWith({}) });
  await apply(h2, 'waiting', stateOf([one]));
  const held = onHost('h2', `flock ${lockFile} sleep 20`);
  await delay(500);
  const { child } = driver(h2, [['apply', 'waiting', stateOf([one], 'two\n')]]);
  const waiting =
    'for i in $(seq 60); do [ "$(ps ax | grep -c "[f]lock /run/test-lock sh")" = COUNT ] && exit; sleep 0.1; done; exit 1';
  await onHost('h2', waiting.replace('COUNT', '1'));
  child.kill('SIGKILL');
  await onHost('h2', waiting.replace('COUNT', '0'));
  await held;
  expect((await apply(h2, 'waiting', stateOf([one], 'two\n'))).restarted).toEqual(['waiting.service']);
}, 60_000);

test('a restart that has begun under the lock is completed, even if its runner dies', async () => {
  const steps = '/run/carried-steps';
  const healthy = {
    command: `echo healthy >> ${steps}; [ -e /run/carried-on ]`,
    timeoutSeconds: 60,
    hint: '',
  };
  const one = unit('carried', sleeper, {
    rolling: rollingWith({ lock: 'exec flock /run/carried-lock "$@"', healthy }),
  });
  await apply(h1, 'carried', stateOf([one]));
  const { child, outcome } = driver(h1, [['apply', 'carried', stateOf([one], 'two\n')]]);
  await onHost('h1', `for i in $(seq 200); do [ -s ${steps} ] && exit; sleep 0.1; done; exit 1`);
  child.kill('SIGKILL');
  expect((await outcome).results).toEqual([]);
  // The lock that all hosts share, and the host's own, are held until the unit is healthy.
  expect(await onHost('h1', 'flock -n /run/carried-lock true || echo held')).toBe('held');
  const waiting = driver(h1, [], { options: { lockSeconds: 1 } });
  await waiting.opened;
  await onHost('h1', 'touch /run/carried-on; flock -w 30 /run/carried-lock true');
  const { log, problem } = await waiting.outcome;
  expect(log.join('\n')).toContain('waiting for a restart that an earlier run started');
  expect(problem).toBeUndefined();
  expect(await differences(h1, 'carried', stateOf([one], 'two\n'))).toEqual([]);
  expect(await onHost('h1', `{ ${leftovers}; } || true`)).toBe('');
}, 120_000);
