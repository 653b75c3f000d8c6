import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { remoteProgram } from '../../src/host/remote/program.ts';
import { inspectScript } from '../../src/host/snapshot-script.ts';
import { issue, makeAuthorities, type SecretFile, secretValues } from '../../src/pki/index.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { now } from '../pki/hosts.ts';
import { withheldOf } from '../pki/withheld.ts';
import { LocalHost, shells } from './local-host.ts';

jest.setTimeout(60_000);

let secrets: readonly SecretFile[];
let values: readonly string[];

beforeAll(async () => {
  const made = (await issue(seedCluster(), await makeAuthorities(now), new Map(), now)).secrets.get('master-1');
  if (!made) throw new Error('no master-1');
  secrets = made.files.filter(({ secret }) => secret);
  values = secretValues(made);
});

/** Writes all secrets of a master under the host's root, and invalid ones; returns path → text. */
function filesOn(host: LocalHost): ReadonlyMap<string, string> {
  mkdirSync(host.path('/pki'));
  const files = new Map(secrets.map(({ path, content }) => [host.path(`/pki/${path.replaceAll('/', '_')}`), content]));
  const ec = execFileSync('openssl', ['ecparam', '-name', 'prime256v1', '-genkey', '-noout']).toString();
  files.set(
    host.path('/pki/pkcs8.key'),
    execFileSync('openssl', ['pkcs8', '-topk8', '-nocrypt'], { input: ec }).toString(),
  );
  files.set(host.path('/pki/damaged.key'), ec.slice(0, 60));
  files.set(host.path('/pki/empty.key'), '');
  files.set(host.path('/pki/text before.key'), `text before\n${ec}\n\n`);
  files.set(host.path('/pki/mark before.key'), `\uFEFF${ec}`);
  files.set(host.path('/pki/blanks around.key'), `\n  \n${ec}\n \n`);
  files.set(host.path('/pki/twice.key'), ec + ec);
  files.set(host.path('/pki/line ends.key'), ec.replaceAll('\n', '\r\n'));
  for (const [path, content] of files) writeFileSync(path, content);
  return files;
}

describe.each(shells)('a host whose shell is %s', (_, shell) => {
  test('reports the facts about secrets that a dry run compares, and none of their text', async () => {
    using host = new LocalHost(shell);
    const files = filesOn(host);
    const session = await host.open({ dryRun: true });
    const { withheld } = await session.inspect({ withhold: [...files.keys(), host.path('/pki/none.key')] });
    await session.close();
    expect(withheld).toEqual(new Map([...files].map(([path, text]) => [path, withheldOf(text)])));
  });

  test('reports that it has no openssl', () => {
    using host = new LocalHost(shell);
    const files = filesOn(host);
    for (const name of ['awk', 'sed', 'grep', 'base64', 'sha256sum', 'tr', 'cat'])
      symlinkSync(
        execFileSync('sh', ['-c', `command -v ${name}`])
          .toString()
          .trim(),
        host.path(`/bin/${name}`),
      );
    const call = `PATH=${host.path('/bin')}\ninspect_withheld "$@"\n`;
    const [program = '', ...args] = shell.split(' ');
    const out = execFileSync(program, [...args, '-s', ...files.keys()], {
      input: `${remoteProgram}\n${call}`,
    }).toString();
    const halves = out
      .split('\n')
      .filter((line) => line.startsWith('/'))
      .map((line) => line.split('\t'));
    expect(halves.map(([path = '', , , half]) => [basename(path), half])).toEqual(
      [...files].map(([path, text]) => [basename(path), text === '' ? '!' : '?']),
    );
  });

  test('returns the certificates of a file, without the key in it', async () => {
    using host = new LocalHost(shell);
    mkdirSync(host.path('/pki'));
    const crt = ['-----BEGIN CERTIFICATE-----', 'AAAA', '-----END CERTIFICATE-----', ''].join('\n');
    const key = ['-----BEGIN EC PRIVATE KEY-----', 'SECRET', '-----END EC PRIVATE KEY-----', ''].join('\n');
    const cases = {
      both: crt + key,
      first: key + crt,
      open: `-----BEGIN CERTIFICATE-----\nAAAA\n${key}`,
      two: crt + crt,
      none: '',
    };
    for (const [name, text] of Object.entries(cases)) writeFileSync(host.path(`/pki/${name}`), text);
    const session = await host.open({ dryRun: true });
    const { files } = await session.inspect({
      certificates: [...Object.keys(cases), 'absent'].map((name) => host.path(`/pki/${name}`)),
    });
    await session.close();
    expect(Object.fromEntries([...files].map(([path, text]) => [basename(path), text]))).toEqual({
      both: crt,
      first: '',
      open: '-----BEGIN CERTIFICATE-----\nAAAA\n',
      two: crt + crt,
      none: '',
    });
  });
});

test('no answer of a host to a dry run contains a secret', () => {
  using host = new LocalHost();
  const files = filesOn(host);
  const script = inspectScript({ withhold: [...files.keys()], certificates: [...files.keys()] });
  // The session's frame around a request is left out: what is printed is what goes over the wire.
  const env = { ...process.env, K8S_HA_TEST_ROOT: host.root };
  const { stdout, status } = spawnSync('sh', { input: `${remoteProgram}\n${script}`, env, encoding: 'utf8' });
  expect(status).toBe(0);
  expect(stdout.match(/"s":"withheld"/g)).toHaveLength(files.size);
  expect(values.length).toBeGreaterThan(50);
  expect(values.filter((value) => stdout.includes(value))).toEqual([]);
  expect(stdout).not.toContain('PRIVATE');
});
