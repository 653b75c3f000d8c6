import { expect, test } from '@jest/globals';
import { bootstrapGroup } from '../../src/layout/groups.ts';
import {
  bootstrapKubeconfig,
  bootstrapTokenSecret,
  issue,
  makeAuthorities,
  newBootstrapToken,
  secretValues,
  tokenText,
  tokenValues,
} from '../../src/pki/index.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { now } from './hosts.ts';

const cluster = seedCluster();

test('with every secret value removed, no meaningful line of a secret file is left', async () => {
  const { secrets } = await issue(cluster, await makeAuthorities(now), new Map(), now);
  for (const host of secrets.values()) {
    const values = [...secretValues(host)].sort((a, b) => b.length - a.length);
    const texts = host.files.filter(({ secret }) => secret).map(({ content }) => content);
    const masked = values.reduce((text, value) => text.replaceAll(value, '***'), texts.join('\n'));
    // The remaining long base64 is public: certificates in kubeconfigs.
    const left = masked.split('\n').filter((line) => /[A-Za-z0-9+/]{40}/.test(line));
    expect(left.filter((line) => !/(certificate-authority|client-certificate)-data:/.test(line))).toEqual([]);
    expect(values.every((value) => value.length >= 8 && !value.includes('-----'))).toBe(true);
  }
});

test('certificates and names are not masked: they are in logs and outputs', async () => {
  const { secrets } = await issue(cluster, await makeAuthorities(now), new Map(), now);
  const values = [...secrets.values()].flatMap(secretValues);
  const open = ['master-1', '192.168.1.153', 'kubernetes', '192-168-1-153.master', 'system:masters'];
  expect(values.filter((value) => open.some((name) => value.includes(name) || name.includes(value)))).toEqual([]);
});

test('a bootstrap token has Kubernetes’ form, and its Secret makes it valid until it expires', () => {
  const token = newBootstrapToken();
  expect(tokenText(token)).toMatch(/^[a-z0-9]{6}\.[a-z0-9]{16}$/);
  const secret = bootstrapTokenSecret(token, 'node-1', new Date('2026-11-23T13:00:00.123Z'));
  expect(secret.metadata.name).toBe(`bootstrap-token-${token.id}`);
  expect(secret.metadata.labels).toEqual({ 'k8s-ha-action/joins': 'node-1' });
  const data = Object.fromEntries(
    Object.entries(secret.data).map(([name, text]) => [name, Buffer.from(text, 'base64').toString()]),
  );
  expect(data).toMatchObject({
    expiration: '2026-11-23T13:00:00Z',
    'token-secret': token.secret,
    'auth-extra-groups': bootstrapGroup,
    'usage-bootstrap-authentication': 'true',
  });
});

test('the bootstrap kubeconfig uses the host’s own load balancer, and its token is among the values to mask', () => {
  const token = newBootstrapToken();
  const text = bootstrapKubeconfig(cluster, 'PEM', token);
  expect(text).toContain('server: https://127.0.0.1:5002\n');
  expect(text).toContain(`token: ${tokenText(token)}\n`);
  expect(tokenValues(token)).toContain(tokenText(token));
});
