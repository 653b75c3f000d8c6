import { X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Kubectl } from '../../../lab/kubectl.ts';
import type { ActionResult } from '../../../lab/runner/run-action.ts';
import { clientCertificateOf } from '../../../src/pki/kubeconfig.ts';
import { act, lab, logOf, standingCluster, succeeded } from '../seed-lab.ts';

const temp = mkdtempSync(join(tmpdir(), 'k8s-ha-kubeconfig-'));
let admin: Kubectl;
let result: ActionResult;
let path: string;

beforeAll(async () => {
  admin = await standingCluster();
  result = succeeded(await act('kubeconfig', { hours: '0.5', user: 'tester' }, { temp }));
  path = result.outputs.kubeconfig ?? '';
}, 600_000);

afterAll(() => rmSync(temp, { recursive: true, force: true }));

const kubectl = (...args: readonly string[]) =>
  lab.run([admin.binary, `--kubeconfig=${path}`, ...args], { timeout: 60_000 });

test('the kubeconfig works, as an administrator with the requested name', async () => {
  expect((await kubectl('get', 'nodes', '-o', 'name')).stdout).toContain('node/');
  expect((await kubectl('auth', 'can-i', '*', '*', '--all-namespaces')).stdout).toBe('yes\n');
  const who = JSON.parse((await kubectl('auth', 'whoami', '-o', 'json')).stdout).status.userInfo;
  expect(who).toMatchObject({ username: 'tester', groups: ['k8s-ha-action:admins', 'system:authenticated'] });
}, 120_000);

test('its certificate ends after the requested time', async () => {
  const { crt } = credentials();
  const { stdout } = await lab.run(['openssl', 'x509', '-noout', '-enddate'], { input: crt });
  const end = Date.parse(stdout.replace('notAfter=', ''));
  expect(result.outputs.expires).toBe(new Date(end).toISOString());
  const begun = statSync(path).mtimeMs;
  expect(Math.abs(end - begun - 30 * 60_000)).toBeLessThan(60_000);
  expect(new X509Certificate(crt).ca).toBe(false);
}, 60_000);

test('the request is deleted from the cluster', async () => {
  expect(await admin.must(['get', 'csr', '-o', 'name'])).not.toContain('k8s-ha-action-');
}, 60_000);

test('only its owner can read the file, and its key is masked and in no line', () => {
  expect([statSync(dirname(path)).mode & 0o777, statSync(path).mode & 0o777]).toEqual([0o700, 0o600]);
  const { key } = credentials();
  const lines = key.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
  for (const secret of [...lines, Buffer.from(key).toString('base64')]) {
    expect(result.masks).toContain(secret);
    expect(logOf(result)).not.toContain(secret);
  }
});

test('the user’s own group has only granted rights: none at first', async () => {
  const other = succeeded(await act('kubeconfig', { groups: 'nobodies' }, { temp }));
  const args = [admin.binary, `--kubeconfig=${other.outputs.kubeconfig}`, 'get', 'nodes'] as const;
  expect((await lab.run(args, { timeout: 60_000 })).stderr).toMatch(/forbidden/);
}, 120_000);

test('the post step deletes it', async () => {
  succeeded(await act('kubeconfig', {}, { temp, state: { folder: dirname(path) } }));
  expect(existsSync(dirname(path))).toBe(false);
}, 60_000);

function credentials(): { readonly crt: string; readonly key: string } {
  const found = clientCertificateOf(readFileSync(path, 'utf8'));
  if (!found) throw new Error(`no certificate in ${path}`);
  return found;
}
