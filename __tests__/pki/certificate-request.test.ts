import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { certificateRequest } from '../../src/pki/certificate-request.ts';
import { newSigningPair } from '../../src/pki/keys.ts';

const openssl = (args: readonly string[], input: string) =>
  execFileSync('openssl', ['req', '-noout', ...args], { input, stdio: ['pipe', 'pipe', 'pipe'] }).toString();

test('openssl verifies a request’s signature and reads its user, its groups and its key', async () => {
  const { key, pub } = await newSigningPair();
  const request = await certificateRequest({ user: 'k8s-ha-action:bot', groups: ['deployers', 'readers'] }, key);
  expect(() => openssl(['-verify'], request)).not.toThrow();
  expect(openssl(['-subject', '-nameopt', 'RFC2253'], request)).toBe(
    'subject=CN=k8s-ha-action:bot,O=readers,O=deployers\n',
  );
  expect(openssl(['-pubkey'], request)).toBe(pub);
  expect(request).not.toMatch(/\r|PRIVATE/);
});

test('names that a PrintableString can’t contain are UTF-8, as Go requires', async () => {
  const { key } = await newSigningPair();
  const request = await certificateRequest({ user: 'k8s-ha-action:dependabot[bot]', groups: ['a_b@c'] }, key);
  const shown = openssl(['-subject', '-nameopt', 'RFC2253,show_type'], request);
  expect(shown).toBe('subject=CN=UTF8STRING:k8s-ha-action:dependabot[bot],O=UTF8STRING:a_b@c\n');
});

test('a request that was changed is refused', async () => {
  const { key } = await newSigningPair();
  const own = await certificateRequest({ user: 'one', groups: [] }, key);
  const body = Buffer.from(own.replace(/-----.*-----|\s/g, ''), 'base64');
  const changed = body.toString('latin1').replace('one', 'two');
  const pem = `-----BEGIN CERTIFICATE REQUEST-----\n${Buffer.from(changed, 'latin1')
    .toString('base64')
    .replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE REQUEST-----\n`;
  expect(verdict(pem)).not.toBe(verdict(own));
});

/** openssl's verdict; older versions always exit with 0. */
function verdict(pem: string): string {
  try {
    return execFileSync('sh', ['-c', 'openssl req -noout -verify 2>&1'], { input: pem }).toString().includes('OK')
      ? 'OK'
      : 'refused';
  } catch {
    return 'refused';
  }
}
