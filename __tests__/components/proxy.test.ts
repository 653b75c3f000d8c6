import { expect, test } from '@jest/globals';
import { proxyOf } from '../../src/components/proxy.ts';
import { seedWith } from './support.ts';

const excluded = (settings: string) => proxyOf(seedWith(settings))?.noProxy.split(',') ?? [];

test('without a proxy there is none', () => {
  expect(proxyOf(seedWith(''))).toBeUndefined();
});

test('names and addresses of the cluster are reached without the proxy, each once', () => {
  const names = excluded(
    'proxy: { http: "http://proxy:3128", noProxy: ["*.example.com", localhost] }\napi: { certSANs: [api.example.org, "*.example.net"] }',
  );
  expect(names).toEqual([...new Set(names)]);
  expect(names).toEqual(expect.arrayContaining(['.example.com', '.svc', 'node-1', 'etcd-3', 'api.example.org']));
  expect(names.filter((name) => name.includes('*'))).toEqual([]);
});

test('a mirror in a subnet that is excluded is excluded by its address', () => {
  const subnet = 'proxy: { http: "http://proxy:3128", noProxy: [10.0.0.0/8] }\n';
  expect(excluded(`${subnet}mirror: http://10.1.2.3:8080`)).toContain('10.1.2.3');
  expect(excluded(`${subnet}mirror: http://192.0.2.1:8080`)).not.toContain('192.0.2.1');
});
