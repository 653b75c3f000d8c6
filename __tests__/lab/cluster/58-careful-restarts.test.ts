import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { careful, changed, expectRolled, expectTurns, names, type Sealed, sealedCluster, watched } from '../careful.ts';
import { masters, members } from '../seed-hosts.ts';
import { act, logOf, onHost, succeeded } from '../seed-lab.ts';
import { absences, overlaps } from '../starts.ts';

// All faults that keep a host from finding out whether a running cluster depends on it: never two members, and never two API
// servers, restart at a time, and every run ends in a finished roll or in a refusal with its reason.
// Those here end in a finished roll.

const pki =
  '--cacert=/etc/etcd/pki/ca.crt --cert=/etc/etcd/pki/healthcheck-client.crt --key=/etc/etcd/pki/healthcheck-client.key';
const etcdctl = `etcdctl --endpoints=${members.map(({ address }) => `https://${address}:2379`).join(',')} ${pki}`;
const balancer = 'kube-etcd-haproxy.service';
let sealed: Sealed;
/** The cluster file with which etcd's space is nearly used up. */
let small = '';

/** A line of sh that puts keys until etcd has no space: `NAME` with a number, or the same key again. */
const fill = (key: string) =>
  `head -c 700000 /dev/urandom | base64 -w 0 >/tmp/blob; for n in 1 2 3 4 5 6 7 8 9; do ${etcdctl} put ${key} </tmp/blob >/dev/null 2>&1 || exit 0; done; exit 1`;

beforeAll(async () => {
  sealed = await sealedCluster();
}, 600_000);

afterAll(() => sealed?.[Symbol.dispose]());

test('with proxies in their environment, an ended certificate and without etcdctl, all restart in turn', async () => {
  const traps = [
    'https_proxy=http://192.168.1.1:9',
    'HTTPS_PROXY=http://192.168.1.1:9',
    'ALL_PROXY=socks5://192.168.1.1:9',
  ];
  const environment = [...traps, 'ETCDCTL_ENDPOINTS=https://192.168.1.1:9', 'KUBECONFIG=/nowhere', 'GREP_OPTIONS=-v'];
  const lines = environment.join('\n');
  await Promise.all(
    careful.map((name) =>
      onHost(
        name,
        `cp /etc/environment /root/environment 2>/dev/null || : >/root/environment; echo '${lines}' >>/etc/environment; echo 'proxy = http://192.168.1.1:9' >/root/.curlrc`,
      ),
    ),
  );
  // etcdctl's client certificate, which ended yesterday.
  const [{ name: signer } = { name: '' }] = masters;
  const ended = await onHost(
    signer,
    `cd /tmp && openssl ecparam -genkey -name prime256v1 -noout -out k 2>/dev/null && openssl req -new -key k -subj /CN=kube-etcd-healthcheck-client -out r &&
openssl x509 -req -in r -CA /etc/kubernetes/pki/etcd/ca.crt -CAkey /etc/kubernetes/pki/etcd/ca.key -set_serial 7 -days -1 2>/dev/null; echo ---; cat k; rm -f k r`,
  );
  const [crt = '', key = ''] = ended.split('---\n');
  expect(crt).toContain('BEGIN CERTIFICATE');
  for (const name of names) {
    await onHost(
      name,
      `rm /usr/local/bin/etcdctl; cat >/etc/etcd/pki/healthcheck-client.crt <<'X'\n${crt}X\ncat >/etc/etcd/pki/healthcheck-client.key <<'X'\n${key}X`,
    );
  }
  try {
    const seen = await watched('traps on every host', () => act('deploy', { cluster: changed({ api: true }) }));
    expectRolled(seen);
    expect(absences(seen.events, 'kube-apiserver.service')).toHaveLength(3);
  } finally {
    await Promise.all(
      careful.map((name) => onHost(name, 'mv /root/environment /etc/environment; rm -f /root/.curlrc')),
    );
  }
}, 600_000);

test('if the lock’s holder is killed, its restart is completed and the others wait for it', async () => {
  const used = JSON.parse(await onHost('etcd-1', `${etcdctl} endpoint status -w json`)) as {
    Status: { dbSize: number };
  }[];
  // So little space that the next case can fill it.
  const quota = Math.max(...used.map(({ Status }) => Status.dbSize)) + 3_000_000;
  const killer = names.map((name) =>
    onHost(
      name,
      `for i in $(seq 300); do pid=$(pgrep -f 'etcdctl.* lock .*roll[.]sh') && [ -e /run/k8s-ha-action/tmp.*/rolling ] && kill -9 $pid && echo killed && exit; sleep 0.1; done; echo none`,
    ),
  );
  small = changed({ quota });
  const seen = await watched('a killed holder', () => act('etcd', sealed.roleJob(names.join(','), small)));
  const killed = (await Promise.all(killer)).filter((text) => text.includes('killed')).length;
  expect(killed).toBeGreaterThan(0);
  expectRolled(seen);
  expect(logOf(seen.result)).toContain('the lock was lost while etcd.service restarted');
}, 400_000);

test('etcd whose space is used up by history takes writes again after one run, without a restart', async () => {
  await onHost('etcd-1', fill('fill/same'));
  const { outputs } = succeeded(await act('check', { cluster: small, 'fail-on': 'never' }));
  const found: readonly { id: string; severity: string }[] = JSON.parse(outputs.findings ?? '');
  expect(found.filter(({ id }) => id.startsWith('etcd-')).map(({ id, severity }) => `${severity} ${id}`)).toEqual(
    ['alarm', 'space'].flatMap((kind) => names.map((name) => `critical etcd-${kind}/${name}`)),
  );
  const seen = await watched('no space', () => act('etcd', sealed.roleJob(names.join(','), small)));
  expect(succeeded(seen.result).outputs).toMatchObject({ changed: '0', restarted: '[]' });
  expectTurns(seen);
  expect(logOf(seen.result)).toContain('it takes writes');
  await onHost(
    'etcd-1',
    `${etcdctl} put fill/same yes && ${etcdctl} del fill/same && [ -z "$(${etcdctl} alarm list)" ]`,
  );
}, 300_000);

test('etcd without space restarts in turn with a larger quota, and takes writes again', async () => {
  await onHost('etcd-1', fill('fill/$n'));
  const seen = await watched('no space', () =>
    act('etcd', sealed.roleJob(names.join(','), changed({ quota: 200_000_000 }))),
  );
  expectRolled(seen);
  expect(logOf(seen.result)).toContain('alarm NOSPACE');
  await onHost('etcd-1', `${etcdctl} put fill/done yes && ${etcdctl} del --prefix fill/ >/dev/null`);
}, 600_000);

test('an update of haproxy is taken up: API servers lose their balancer of etcd one at a time', async () => {
  // What a package manager does, as far as a running process notices: another file under the same name.
  const hosts = masters.map(({ name }) => name);
  const update =
    'cp -p /usr/sbin/haproxy /usr/sbin/new && printf x >>/usr/sbin/new && mv /usr/sbin/new /usr/sbin/haproxy';
  await Promise.all(hosts.map((name) => onHost(name, update)));
  const inputs = sealed.roleJob(hosts.join(','), changed({ api: true }));
  const seen = await watched('updated haproxy', () => act('master', inputs));
  succeeded(seen.result);
  const restarted = absences(seen.events, balancer).map(({ host }) => host);
  expect(restarted.toSorted()).toEqual(hosts);
  expect(overlaps(seen.events, balancer)).toEqual([]);
  expectTurns(seen);
}, 300_000);
