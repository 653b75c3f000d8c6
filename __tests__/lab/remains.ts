import type { Lab } from '../../lab/lab.ts';
import { etcdctl } from './etcdctl.ts';
import { leftovers } from './host-lock.ts';

const state = '/var/lib/k8s-ha-action';

const end = 'that is all';

/** The output of lines of shell. @throws Error if they did not run to their end, because an empty output would mean nothing */
async function shell(lab: Lab, host: string, line: string): Promise<string> {
  const { stdout, stderr } = await lab.exec(host, ['sh', '-c', `${line}\necho '${end}'`]);
  if (!stdout.endsWith(`${end}\n`)) throw new Error(`${host}: ${line}: ${stderr}`);
  return stdout.slice(0, -end.length - 1);
}

/** Remains of an interrupted run on a host: locks, temporary files, processes, failed units. */
export async function remainsOn(lab: Lab, host: string): Promise<readonly string[]> {
  const text = await shell(
    lab,
    host,
    `${leftovers}
ls -d ${state}/pending ${state}/downloads 2>/dev/null
find / -xdev -name '.k8s-ha-action.*' 2>/dev/null
grep -slE 'etcdct[l].*lock|roll[_]locked' /proc/[0-9]*/cmdline
systemctl list-units --state=failed --plain --no-legend`,
  );
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => `${host}: ${line}`);
}

/** Keys in etcd under which a restart lock is held or waited for. */
export async function etcdLocks(lab: Lab, member: string): Promise<string> {
  return await shell(lab, member, `${etcdctl} get --prefix --keys-only k8s-ha-action/ 2>&1`);
}

/** Everything on a host that a run could change, a line each: to show that it changed nothing. */
export async function stateOf(lab: Lab, host: string): Promise<readonly string[]> {
  const text = await shell(
    lab,
    host,
    `find /etc /usr/local /opt /root /var/lib -xdev \\( -path /var/lib/systemd -o -path '*/pods' -o -path '*.db' \\) -prune \\
  -o -type f -printf '%p %m %u %s %C@\\n' -o -type l -printf '%p %l\\n' | sort
systemctl show -p Id -p InvocationID -p ActiveState 'etcd*' 'kube*' containerd flanneld
hostname; sha256sum /etc/hosts`,
  );
  const lines = text.split('\n').filter(Boolean);
  if (lines.length < 500) throw new Error(`${host}: only ${lines.length} lines: ${text}`);
  return lines;
}

/** SHA-256 of the CAs on a host, by path. */
export async function authoritiesOn(lab: Lab, host: string): Promise<Readonly<Record<string, string>>> {
  const pki = '/etc/kubernetes/pki';
  const places = [`${pki}/ca.crt`, `${pki}/front-proxy-ca.crt`, `${pki}/etcd/ca.crt`, `${pki}/sa.key`];
  const all = [...places, '/etc/kubernetes/encryption-config.yaml', '/etc/etcd/pki/ca.crt'];
  const lines = (await shell(lab, host, `sha256sum ${all.join(' ')} 2>/dev/null`)).split('\n').filter(Boolean);
  return Object.fromEntries(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
}
