import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { textOf } from '../../contract/tree.ts';
import { scratchFolder } from '../scratch.ts';

// The step of examples/restore-drill.yml that downloads the newest backup, with a gh that answers from files and applies --jq with jq.

const steps: readonly { name?: string; run?: string }[] = parse(textOf('examples/restore-drill.yml')).jobs.drill.steps;
const script = steps.find(({ name }) => name === 'Download the newest backup')?.run ?? '';

const gh = `#!/bin/sh
echo "$*" >>calls
while [ $# -gt 0 ]; do
  case $1 in
  */workflows/backup.yml/runs) file=runs.json ;;
  */runs/*/artifacts) file=artifacts.json ;;
  */zip) file=backup ;;
  --jq) jq=$2 ;;
  esac
  shift
done
if [ -n "$jq" ]; then jq -r "$jq" "$file"; else cat "$file"; fi
`;

async function ran(runs: readonly object[], artifacts: readonly object[]) {
  await using folder = await scratchFolder();
  const at = (name: string) => join(folder.path, name);
  writeFileSync(at('runs.json'), JSON.stringify({ workflow_runs: runs }));
  writeFileSync(at('artifacts.json'), JSON.stringify({ artifacts }));
  writeFileSync(at('backup'), 'age-encryption.org/v1\n');
  writeFileSync(at('gh'), gh);
  chmodSync(at('gh'), 0o755);
  writeFileSync(at('step.sh'), script);
  // As GitHub's runner runs it.
  const { status, stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-e', at('step.sh')], {
    cwd: folder.path,
    encoding: 'utf8',
    env: { PATH: `${folder.path}:${process.env.PATH}`, GH_REPO: 'me/home', BRANCH: 'main' },
  });
  const read = (name: string) => (existsSync(at(name)) ? readFileSync(at(name), 'utf8') : '');
  return { status, said: stdout + stderr, calls: read('calls'), file: read('newest.age') };
}

const backup = { id: 8, name: 'k8s-ha-backup-home_20261128T021700Z.age', expired: false };

const own = { id: 5, event: 'schedule', head_repository: { full_name: 'me/home' } };

test('it is the artifact of the newest successful run of backup.yml on the branch, in this repository', async () => {
  const others = [
    { ...own, id: 3, head_repository: { full_name: 'you/home' } },
    { ...own, id: 4, event: 'pull_request' },
  ];
  const { status, calls, file } = await ran(
    [...others, own, { ...own, id: 2 }],
    [{ id: 7, name: 'other', expired: false }, backup],
  );
  expect([status, file]).toEqual([0, 'age-encryption.org/v1\n']);
  expect(calls).toContain('-f status=success -f branch=main');
  expect(calls).toContain('repos/me/home/actions/runs/5/artifacts');
  expect(calls).toContain('repos/me/home/actions/artifacts/8/zip');
});

test('without a run, or with an artifact that has expired, it fails and says why', async () => {
  expect(await ran([], [])).toMatchObject({ status: 1, said: expect.stringContaining('no successful run'), file: '' });
  const expired = await ran([own], [{ ...backup, expired: true }]);
  expect(expired).toMatchObject({ status: 1, said: expect.stringContaining('expired'), file: '' });
});
