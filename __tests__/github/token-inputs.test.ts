import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { askedAccess } from '../../src/github/token-inputs.ts';
import { fileWith } from '../cluster/settings/judged.ts';
import { withInputs } from './workflow-commands.ts';

const temp = mkdtempSync(join(tmpdir(), 'k8s-ha-token-inputs-'));
const certificate = `-----BEGIN CERTIFICATE-----
${Buffer.concat([Buffer.from([0x30, 0x82, 0x01, 0x00]), Buffer.alloc(256)]).toString('base64')}
-----END CERTIFICATE-----
`;
const entry = (url: string, audience: string) => ({
  issuer: { url, audiences: [audience] },
  claimValidationRules: [{ claim: 'repository_id', requiredValue: '1' }],
  claimMappings: { username: { claim: 'sub', prefix: 'x:' } },
});
const github = entry('https://token.actions.githubusercontent.com', 'https://kubernetes.example.com');

afterAll(() => rmSync(temp, { recursive: true, force: true }));

function fileOf(name: string, ...jwt: readonly unknown[]): string {
  const path = join(temp, name);
  writeFileSync(path, fileWith({ apiServer: { authentication: { jwt } } }));
  return path;
}

const asked = (inputs: Readonly<Record<string, string>>) =>
  withInputs({ 'certificate-authority': certificate, ...inputs }, () => askedAccess());

test('all three inputs are enough: a deploying repository has no cluster.yaml', async () => {
  const inputs = { server: 'https://api.example.com:6443/', audience: 'a', cluster: join(temp, 'none.yaml') };
  expect(await asked(inputs)).toEqual({
    clusterName: 'kubernetes',
    servers: ['https://api.example.com:6443'],
    ca: certificate.trim(),
    audience: 'a',
  });
});

test('the cluster’s file has the values of missing inputs', async () => {
  const cluster = fileOf('one.yaml', entry('https://issuer.example.com', 'x'), github);
  expect(await asked({ cluster })).toMatchObject({
    clusterName: 'lab',
    servers: ['https://10.0.0.1:6443'],
    audience: 'https://kubernetes.example.com',
  });
  expect(await asked({ cluster, audience: 'b' })).toMatchObject({ audience: 'b' });
});

test('the only entry of a file is used, also if it is for a GitHub Enterprise Server', async () => {
  const cluster = fileOf('enterprise.yaml', entry('https://github.example.com/_services/token', 'y'));
  expect(await asked({ cluster })).toMatchObject({ audience: 'y' });
});

test.each([
  [{ 'certificate-authority': '' }, 'INPUT_MISSING', 'certificate-authority'],
  [{ 'certificate-authority': '/etc/kubernetes/pki/ca.crt' }, 'INPUT_INVALID', 'certificate-authority'],
  [{ 'certificate-authority': certificate.replace('END', 'DNE') }, 'INPUT_INVALID', 'certificate-authority'],
  [{ server: 'http://api.example.com' }, 'INPUT_INVALID', 'server'],
  [{ server: 'https://api.example.com/path' }, 'INPUT_INVALID', 'server'],
  [{ server: 'https://api.example.com', cluster: 'none.yaml' }, 'CLUSTER_FILE_MISSING', 'cluster file'],
])('is refused if a needed value is missing: %j', async (inputs, code, word) => {
  await expect(asked(inputs)).rejects.toMatchObject({ code, message: expect.stringContaining(word) });
});

test('a file with several entries and none of GitHub needs the audience', async () => {
  const cluster = fileOf('two.yaml', entry('https://a.example.com', 'x'), entry('https://b.example.com', 'y'));
  await expect(asked({ cluster })).rejects.toMatchObject({ code: 'INPUT_MISSING' });
});
