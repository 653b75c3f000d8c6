import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Probe } from '../../../src/failover/instruments/probe.ts';
import { secureContextOf, type Tunnel } from '../../../src/kubernetes/index.ts';
import { newSigningPair } from '../../../src/pki/keys.ts';
import { selfSign, signerOf } from '../../../src/pki/x509-write.ts';

const names = ['master-1', 'master-2', 'master-3'] as const;
const servers = new Map<string, Server>();
/** The requests that each server got. */
const asked = new Map<string, number>();
let secureContext: ReturnType<typeof secureContextOf>;
/** Which server the next connection goes to: each in turn, as a balancer does it. */
let turn = 0;
let opened = 0;

beforeAll(async () => {
  const now = new Date();
  const [authority, leaf] = await Promise.all([newSigningPair(), newSigningPair()]);
  const ca = await selfSign('test', authority.key, now);
  const sign = await signerOf({ crt: ca, key: authority.key });
  for (const name of names) {
    const cert = sign(
      // Like the product's certificates: the addresses of all masters, the name of one.
      {
        commonName: 'kube-apiserver',
        dns: ['kubernetes', name],
        ips: ['127.0.0.1', '192.0.2.1'],
        usages: ['serverAuth'],
      },
      leaf.pub,
      now,
    );
    const server = createServer({ cert, key: leaf.key }, (_, response) => {
      asked.set(name, (asked.get(name) ?? 0) + 1);
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    servers.set(name, server);
  }
  const client = sign({ commonName: 'client', dns: [], ips: [], usages: ['clientAuth'] }, leaf.pub, now);
  secureContext = secureContextOf({ ca, cert: client, key: leaf.key });
});

afterAll(() => {
  for (const server of servers.values()) server.close();
});

const balanced: Tunnel = {
  host: { name: 'node-1', address: '127.0.0.1', port: 22, user: 'root' },
  forward: async () => {
    opened += 1;
    turn += 1;
    const address = servers.get(names[turn % names.length] ?? '')?.address();
    return connect((address as AddressInfo).port, '127.0.0.1');
  },
};

async function probeHeldBy(heldBy: string | undefined) {
  [turn, opened] = [0, 0];
  asked.clear();
  const common = { tunnel: balanced, endpoint: { address: '127.0.0.1', port: 1 }, secureContext, everyMs: 20 };
  const probe = new Probe('kept', { ...common, heldBy });
  await new Promise((resolve) => setTimeout(resolve, 500));
  return await probe.stop();
}

test.each(names)('a kept connection leads to %s if that is the target', async (name) => {
  const { held, failed, requests } = await probeHeldBy(name);
  expect({ held, failed }).toEqual({ held: true, failed: 0 });
  expect(requests).toBeGreaterThan(3);
  expect([...asked.keys()]).toEqual([name]);
  expect(opened).toBeLessThanOrEqual(names.length);
});

test('without a wanted master it accepts any connection', async () => {
  expect((await probeHeldBy(undefined)).held).toBeUndefined();
  expect(opened).toBe(1);
});

test('a master that the load balancer never chooses is given up after a while, and reported', async () => {
  const { held, failed } = await probeHeldBy('master-9');
  expect({ held, failed }).toEqual({ held: false, failed: 0 });
});
