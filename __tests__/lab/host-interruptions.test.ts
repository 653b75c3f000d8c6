import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type HostAddress, type HostState, hostState, type Inspection, type Unit } from '../../src/host/index.ts';
import { access, apply, bareHosts, differences, driver, h1, h2, lab, onHost, onSession } from './host-lab.ts';
import { leftovers, runtime, untilLocked } from './host-lock.ts';

beforeAll(bareHosts, 300_000);
afterAll(async () => {
  await lab.down();
}, 60_000);

const binary = `${lab.mirrorUrl}/dl.k8s.io/v1.37.2/bin/linux/amd64/kube-proxy`;

/** Two generations of a state that differ in every part, so that going from one to the other removes things too. */
function generation(n: number): HostState {
  const units = ['left', 'right', `only-${n % 2}`].map(
    (name): Unit => ({
      name: `${name}.service`,
      content: `[Unit]\nDescription=${name} ${name === 'right' ? n : ''}\n[Service]\nExecStart=/bin/sleep 10000\n[Install]\nWantedBy=multi-user.target\n`,
      reads: [`/etc/app/${name}.conf`, '/usr/local/bin/kube-proxy'],
    }),
  );
  const file = (path: string, content: string) => ({ path, content, mode: '640', owner: 'root:root', secret: false });
  return hostState({
    hostEntries: [{ address: '10.9.8.7', names: [`gen-${n}`] }],
    sysctls: { 'net.ipv4.ip_forward': String(n % 2) },
    directories: [{ path: '/etc/app', mode: '750', owner: 'root:root' }],
    files: [
      ...units.map(({ name }) => file(`/etc/app/${name.replace('.service', '.conf')}`, `${n}\n`)),
      ...Array.from({ length: 20 }, (_, i) => file(`/etc/app/gen-${n}-${i}`, `${n} ${'x'.repeat(i * 500)}\n`)),
    ],
    downloads: [
      {
        url: binary,
        sumUrl: `${binary}.sha256`,
        mode: '755',
        place: n % 2 === 0 ? '/usr/local/bin/kube-proxy' : `/opt/kube-proxy`,
      },
    ],
    units,
  });
}

test('after a kill at any moment, the next run converges, and no file is left over', async () => {
  await apply(h1, 'app', generation(0));
  let broken = 0;
  for (let round = 1; round <= 15; round += 1) {
    const { child, opened, outcome } = driver(h1, [['inspect'], ['apply', 'app', generation(round)]]);
    await opened;
    // From the first snapshot until after the end.
    await delay(round * 90);
    child.kill('SIGKILL');
    if ((await outcome).results.length < 2) broken += 1;
    if (round % 3 !== 0) continue;
    await apply(h1, 'app', generation(round));
    expect(await differences(h1, 'app', generation(round))).toEqual([]);
    const listed = await onHost('h1', `ls -A /etc/app /opt /usr/local/bin; { ${leftovers}; } || true`);
    expect(listed).not.toMatch(new RegExp(`k8s-ha-action|gen-(?!${round}-)`));
    const started = await onHost(
      'h1',
      'systemctl show -p ActiveState --value left right; ls -A /var/lib/k8s-ha-action',
    );
    expect(started.replaceAll('\n\n', '\n')).toBe('active\nactive\nbin\nfound\nreads\nscopes\nstarted\nsums');
  }
  expect(broken).toBeGreaterThan(5);
}, 300_000);

test.each([h1, h2])(
  'the lock ends with its connection: a killed run blocks no other run on $name',
  async (host) => {
    // The default of newer versions of sudo.
    await onHost(host.name, 'echo "Defaults use_pty" > /etc/sudoers.d/use_pty && chmod 440 /etc/sudoers.d/use_pty');
    const { child, outcome } = driver(host, [['wait', 60_000]], { options: { holder: 'https://ci/run/1' } });
    await onHost(host.name, untilLocked);
    const locked = await onSession(host, [], { options: { lockSeconds: 1 } });
    expect(locked.problem).toMatchObject({ code: 'HOST_LOCKED', host: host.name });
    expect(locked.problem?.message).toContain('https://ci/run/1');
    child.kill('SIGKILL');
    await outcome;
    const next = await onSession(host, [], { options: { lockSeconds: 5 } });
    expect(next.problem).toBeUndefined();
  },
  60_000,
);

/** Locks by flock(2) every file that can be opened below /run, as an ordinary user and as root of a container with a read-only mount. */
const strangers = `cat >/tmp/hold.sh <<'EOF'
n=20
for place in $(find /run -xdev \\( -type d -o -type f \\) 2>/dev/null | head -n 400); do
  n=$((n + 1))
  eval "exec $n<\\"\\$place\\"" 2>/dev/null && flock -n -s "$n"
done
echo held
exec sleep 60
EOF
mkdir -p ${runtime}
setsid setpriv --reuid 65534 --clear-groups bash /tmp/hold.sh >/tmp/held.user 2>/dev/null &
setsid unshare --mount --pid --fork --cgroup bash -c 'mount --bind /run /run && mount -o remount,bind,ro /run && exec bash /tmp/hold.sh' >/tmp/held.pod 2>/dev/null &
for i in $(seq 100); do grep -q held /tmp/held.user && grep -q held /tmp/held.pod && exit; sleep 0.1; done; exit 1`;

test('an ordinary user and a container that hold every possible lock block no run', async () => {
  // The files of a run exist, so they can be locked.
  await onSession(h1, [['inspect']]);
  await onHost('h1', strangers);
  const options = { options: { lockSeconds: 2, claim: { as: 'first', waitSeconds: 2 } as const } };
  const { problem, log } = await onSession(
    h1,
    [
      ['inspect', { claim: true }],
      ['apply', 'held', hostState({})],
    ],
    options,
  );
  expect(problem).toBeUndefined();
  expect(log).toEqual([]);
  await onHost('h1', `kill $(ps -eo pid,args | awk '/[s]leep 60/ { print $1 }')`);
}, 60_000);

test('a host that loses power in the middle converges after it is back', async () => {
  const { child, outcome } = driver(h1, [['apply', 'app', generation(20)]]);
  await delay(900);
  await lab.powerOff('h1', { hard: true });
  child.kill('SIGKILL');
  await outcome;
  await lab.powerOn('h1');
  await apply(h1, 'app', generation(20));
  expect(await differences(h1, 'app', generation(20))).toEqual([]);
}, 120_000);

test('a session whose host loses power ends with a problem', async () => {
  const { child, outcome } = driver(h2, [['run', 'sleep 100', { timeoutSeconds: 120 }]]);
  await once(child.stdout, 'data');
  await delay(500);
  await lab.powerOff('h2', { hard: true });
  const begin = performance.now();
  const { problem } = await outcome;
  expect(problem?.code).toBe('CONNECTION_LOST');
  expect(performance.now() - begin).toBeLessThan(60_000);
  if (child.exitCode === null) await once(child, 'exit');
  const gone = await onSession(h2, [], { access: { ...access(), connectTimeout: 1000 } });
  expect(gone.problem).toMatchObject({ code: 'HOST_UNREACHABLE', host: 'h2' });
  await lab.powerOn('h2');
}, 120_000);

test('the error for a user without sudo has the line that fixes it', async () => {
  await onHost('h2', 'mkdir -p /root/sudoers && mv /etc/sudoers.d/* /root/sudoers/');
  const { problem } = await onSession(h2, []);
  await onHost('h2', 'mv /root/sudoers/* /etc/sudoers.d/');
  expect(problem).toMatchObject({ code: 'SUDO_REFUSED', host: 'h2' });
  expect(problem?.hint).toContain('NOPASSWD');
  expect(problem?.detail?.join()).toContain('password is required');
}, 60_000);

/** What the admin of a host has set up, and how it is undone; the error has this code, and a hint with the cause. */
test.each<[what: string, host: HostAddress, set: string, undo: string, code: string, hint: RegExp]>([
  [
    'a forced command, as in cloud images',
    h1,
    `sed -i.off 's|^ssh-|no-port-forwarding,command="echo Please login as ops; echo; sleep 1; exit 142" ssh-|' /root/.ssh/authorized_keys`,
    'mv /root/.ssh/authorized_keys.off /root/.ssh/authorized_keys',
    'LOGIN_REFUSED',
    /ssh\.user: ops/,
  ],
  ['an expired password', h1, 'chage -d 0 root', 'chage -d "$(date +%F)" root', 'LOGIN_REFUSED', /passwd root/],
  ['an expired account', h2, 'chage -E 0 ops', 'chage -E -1 ops', 'LOGIN_REFUSED', /chage -l ops/],
  [
    'a login shell that refuses',
    h2,
    'usermod --shell /usr/sbin/nologin ops',
    'usermod --shell /bin/bash ops',
    'LOGIN_REFUSED',
    /usermod -s/,
  ],
  [
    'sudo only in a terminal',
    h2,
    "echo 'Defaults:ops requiretty' >/etc/sudoers.d/zz-tty",
    'rm /etc/sudoers.d/zz-tty',
    'SUDO_REFUSED',
    /!requiretty/,
  ],
])(
  'a host with %s is an error that names it',
  async (_, host, set, undo, code, hint) => {
    await onHost(host.name, set);
    const { problem } = await onSession(host, []);
    await onHost(host.name, undo);
    expect(problem).toMatchObject({ code, host: host.name, hint: expect.stringMatching(hint) });
  },
  60_000,
);

test('a login that takes 12 s and prints without a line end is waited for, and changes no answer', async () => {
  const slow = 'account required pam_exec.so /bin/sleep 12';
  await onHost('h1', `sed -i.off '1i ${slow}' /etc/pam.d/sshd; cp /root/.bashrc /root/.bashrc.off`);
  await onHost('h1', String.raw`{ echo 'echo Welcome'; echo "printf '\033]0;h1\007'"; } >/root/.bashrc`);
  const { problem, results } = await onSession(h1, [['run', 'echo answer']]);
  await onHost('h1', 'mv /etc/pam.d/sshd.off /etc/pam.d/sshd; mv /root/.bashrc.off /root/.bashrc');
  expect(problem).toBeUndefined();
  expect(results).toEqual([{ status: 0, stdout: 'answer\n', stderr: '' }]);
}, 60_000);

test('a host is reached through another one, as root by sudo, with input that is in no argument', async () => {
  const host = { ...h2, jump: { address: h1.address, port: 22, user: 'root' } };
  const { results, problem } = await onSession(host, [['run', 'id -u; cat', { input: 'secret\n' }]]);
  expect(problem).toBeUndefined();
  expect(results).toEqual([{ status: 0, stdout: '0\nsecret\n', stderr: '' }]);
}, 60_000);

test('facts have listening ports with their units, and signs of another Kubernetes', async () => {
  await onHost(
    'h1',
    'mkdir -p /etc/kubernetes/manifests /var/lib/rancher && touch /etc/kubernetes/manifests/etcd.yaml',
  );
  const { results } = await onSession(h1, [['inspect', { disks: ['/var/lib/etcd'] }]]);
  const { facts } = results[0] as Inspection;
  expect(facts.listening).toContainEqual({ port: 22, address: '0.0.0.0', unit: 'ssh.service' });
  expect(facts.foreign).toEqual(['/etc/kubernetes/manifests/etcd.yaml', '/var/lib/rancher']);
  expect(facts).toMatchObject({
    os: { id: 'debian', versionId: '12' },
    architecture: 'amd64',
    packageManager: 'apt',
    systemdVersion: 252,
  });
  expect(Math.abs(facts.clockSkewMs)).toBeLessThan(500);
  expect(facts.freeMiB['/var/lib/etcd']).toBeGreaterThan(100);
}, 60_000);
