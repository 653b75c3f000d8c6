import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostState } from '../../src/host/state.ts';
import { pkiDir, places } from '../../src/layout/paths.ts';
import { fileOf } from './support.ts';

/**
 * The output of haproxy for the configuration of a host, with certificates in the places that it names.
 * @param program the command line of another haproxy
 */
export function checkedByHaproxy(
  given: HostState,
  path: string,
  program: readonly [string, ...string[]] = ['haproxy'],
): { status: number | null; stderr: string } {
  const folder = mkdtempSync(join(tmpdir(), 'haproxy-test-'));
  const at = (name: string) => join(folder, name);
  try {
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=test'];
    execFileSync('openssl', [...request, '-keyout', at('pair.key'), '-out', at('pair.crt')], { stdio: 'ignore' });
    const placed = (text: string) =>
      text
        .replaceAll(new RegExp(`${pkiDir}/\\S+\\.(crt|key)`, 'g'), `${at('pair')}.$1`)
        .replaceAll(places.etcdBalancerIdentity, at('identity.pem'))
        .replace(places.balancerScript, at('haproxy.lua'))
        .replace(/stats socket \S+/, `stats socket ${at('sock')}`);
    writeFileSync(at('haproxy.lua'), fileOf(given, places.balancerScript));
    writeFileSync(at('haproxy.cfg'), placed(fileOf(given, path)));
    const unit = given.units.find(({ content }) => content.includes(path))?.content ?? '';
    for (const [, before = ''] of unit.matchAll(/^ExecStartPre=\+\/bin\/sh -c '(.*)'$/gm))
      execFileSync('/bin/sh', ['-ec', placed(before)]);
    const [command, ...args] = program;
    const { status, stderr } = spawnSync(command, [...args, '-c', '-f', at('haproxy.cfg')], { encoding: 'utf8' });
    return { status, stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
