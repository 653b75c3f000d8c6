import { onHost } from './seed-lab.ts';

const pki = '/etc/etcd/pki';

/** The client of etcd on a host of etcd, for its own member. */
export const etcdctl = `etcdctl --endpoints=https://127.0.0.1:2379 --cacert=${pki}/ca.crt --cert=${pki}/healthcheck-client.crt --key=${pki}/healthcheck-client.key`;

/** Name → id of the members that vote, as a host's own member lists them; of another one: `learner`. */
export async function votersBy(host: string): Promise<Readonly<Record<string, string>>> {
  const listed = (await onHost(host, `${etcdctl} member list`)).trim().split('\n');
  return Object.fromEntries(
    listed
      .map((each) => each.split(', '))
      .map(([id = '', , name = '', , , learner]) => [name, learner === 'false' ? id : 'learner']),
  );
}
