import { expect, test } from '@jest/globals';
import { parseKubeconfig } from '../../src/kubernetes/kubeconfig.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const text = `
apiVersion: v1
kind: Config
current-context: second
contexts:
  - { name: first, context: { cluster: a, user: absent } }
  - { name: second, context: { cluster: a, user: admin } }
clusters: [{ name: a, cluster: { server: "https://192.168.1.153:6443", certificate-authority-data: ${base64('CA')} } }]
users: [{ name: admin, user: { client-certificate-data: ${base64('CERT')}, client-key-data: ${base64('TOP-SECRET')} } }]
`;

test('the current context’s credentials are read', () => {
  const server = 'https://192.168.1.153:6443';
  expect(parseKubeconfig(text)).toEqual({ server, ca: 'CA', cert: 'CERT', key: 'TOP-SECRET' });
});

test.each([
  ['a broken file', `${text}\n  : [`],
  ['one without its users', text.replace(/^users.*$/m, '')],
  ['one whose context names an unknown user', text.replace('name: admin,', 'name: other,')],
  ['one with a file’s path for a key', text.replace(/client-key-data: \S+/, 'client-key: /key }]')],
])('%s is refused without quoting it', (_, broken) => {
  let message = '';
  try {
    parseKubeconfig(broken);
  } catch (error) {
    message = JSON.stringify(error) + String(error);
  }
  expect(message).toContain('KUBECONFIG_INVALID');
  expect(message).not.toContain('TOP-SECRET');
  expect(message).not.toContain(base64('TOP-SECRET'));
});
