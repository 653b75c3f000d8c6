import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { textOf } from '../../contract/tree.ts';
import { scratchFolder } from '../scratch.ts';

// The step of examples/lock.yml that opens the pull request, with a gh that answers like an API and records what changes something.

const { jobs } = parse(textOf('examples/lock.yml'));
const script: string = jobs['pull-request'].steps[0].run;

/** The requests of gh that change something, in order. */
async function requested({ changed = 'true', open = '', hasBranch = false, base = 'main' }) {
  await using folder = await scratchFolder();
  const at = (name: string) => join(folder.path, name);
  writeFileSync(
    at('gh'),
    `#!/bin/sh
case "$1 $2" in
'pr list') echo '${open}' ;;
*/commits/c0ffee) echo tree-before ;;
*/matching-refs/*) echo '${hasBranch ? `refs/heads/cluster-lock/${base}` : ''}' ;;
*) echo "$*" >>'${at('calls')}'; echo "sha-of-\${2##*/}" ;;
esac
`,
  );
  chmodSync(at('gh'), 0o755);
  writeFileSync(at('step.sh'), script);
  const { status, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-e', at('step.sh')], {
    encoding: 'utf8',
    env: {
      ...{ PATH: `${folder.path}:${process.env.PATH}`, GH_REPO: 'o/r', BASE: base, COMMIT: 'c0ffee' },
      ...{ CHANGED: changed, TEXT: 'bG9jawo=', RUN: 'https://run' },
    },
  });
  expect([stderr, status]).toEqual(['', 0]);
  return existsSync(at('calls')) ? readFileSync(at('calls'), 'utf8').split('\n').filter(Boolean) : [];
}

const commit = [
  'api repos/o/r/git/blobs -f encoding=base64 -f content=bG9jawo= --jq .sha',
  'api repos/o/r/git/trees -f base_tree=tree-before -f tree[][path]=cluster.lock.yaml -f tree[][mode]=100644 -f tree[][type]=blob -f tree[][sha]=sha-of-blobs --jq .sha',
  'api repos/o/r/git/commits -f message=Update cluster.lock.yaml -f tree=sha-of-trees -f parents[]=c0ffee --jq .sha',
];

test('a changed lock is one commit on a branch of its own, and a pull request', async () => {
  const calls = await requested({});
  expect(calls.slice(0, 4)).toEqual([
    ...commit,
    'api --silent repos/o/r/git/refs -f ref=refs/heads/cluster-lock/main -f sha=sha-of-commits',
  ]);
  expect(calls.slice(4)).toEqual([expect.stringMatching(/^pr create --head cluster-lock\/main --base main --title /)]);
});

test('a pull request that is open gets the new commit, and no other one is opened', async () => {
  expect(await requested({ open: '7', hasBranch: true })).toEqual([
    ...commit,
    'api --silent --method PATCH repos/o/r/git/refs/heads/cluster-lock/main -f sha=sha-of-commits -F force=true',
  ]);
});

test('in an address, the # and % of a branch are escaped', async () => {
  const calls = await requested({ base: '50%-of-#12', hasBranch: true });
  expect(calls[3]).toBe(
    'api --silent --method PATCH repos/o/r/git/refs/heads/cluster-lock/50%25-of-%2312 -f sha=sha-of-commits -F force=true',
  );
  expect(calls[4]).toMatch(/^pr create --head cluster-lock\/50%-of-#12 --base 50%-of-#12 /);
});

test('a lock that needs no change closes the pull request for it, and else changes nothing', async () => {
  expect(await requested({ changed: 'false', open: '7' })).toEqual([
    'pr close 7 --delete-branch --comment No longer needed: https://run',
  ]);
  expect(await requested({ changed: 'false' })).toEqual([]);
});

test('the job that may write has no key of the hosts, and the one with the key may not write', () => {
  expect(jobs.lock.permissions).toEqual({ contents: 'read' });
  expect(JSON.stringify(jobs['pull-request'])).not.toContain('secrets.');
});
