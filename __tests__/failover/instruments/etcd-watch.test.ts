import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, test } from '@jest/globals';
import { EtcdWatch } from '../../../src/failover/instruments/etcd-watch.ts';

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.closeAllConnections();
  for (const server of servers) server.close();
});

/** A member's metrics port, with the requests that it got. */
async function member(name: string, says: { leads: boolean; answers: boolean }) {
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    if (!says.answers) return;
    response.end(url === '/health' ? '{"health":"true"}' : `a 1\netcd_server_is_leader ${says.leads ? 1 : 0}\nb 2\n`);
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const host = { name, address: '127.0.0.1', port: 22, user: 'root' };
  const forward = async () => connect((server.address() as AddressInfo).port, '127.0.0.1');
  return { asked, host, forward };
}

test('a silent member is reported, and so is the new leader; metrics are requested seldom until then', async () => {
  const [one, two] = [
    { leads: true, answers: true },
    { leads: false, answers: true },
  ];
  const [first, second] = [await member('etcd-1', one), await member('etcd-2', two)];
  const watch = new EtcdWatch([first, second]);
  await delay(2500);
  expect(second.asked.filter((path) => path === '/metrics')).toHaveLength(1);
  expect(second.asked.filter((path) => path === '/health').length).toBeGreaterThan(1);
  one.answers = false;
  two.leads = true;
  await delay(4000);
  const seen = watch.stop().map(({ what }) => what);
  expect(seen).toEqual(['etcd-1 leads', 'etcd-1: no answer', 'etcd-2 leads instead of etcd-1']);
}, 15_000);
