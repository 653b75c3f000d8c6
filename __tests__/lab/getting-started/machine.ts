import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../../../lab/binaries/cache.ts';
import { provideTool } from '../../../lab/binaries/tools.ts';
import { type CommandResult, must } from '../../../lab/command.ts';
import type { Lab } from '../../../lab/lab.ts';
import { parseCluster } from '../../../src/cluster/load.ts';

// Stubs of services that the lab can't have. Everything else that the guide names is real.
//
// | in the guide | here |
// |---|---|
// | github.com, by `gh` | ./gh.ts: a repository on disk, secrets and variables as files, workflows run by act |
// | raw.githubusercontent.com/org/k8s-ha-action/v1 | the checkout, by a curl that knows no other difference |
// | the reader's existing access to the hosts | the lab's key, in an ssh-agent |
// | kubectl of the runner | that of the lab's mirror |
// | the reader's home | a folder; ssh takes its known_hosts from there |

/** The machine of the guide's reader. */
export interface Machine extends AsyncDisposable {
  /** The folder in which `gh` stores GitHub's data. */
  readonly github: string;
  /** Runs commands in the folder in which the earlier ones ended, like a shell that stops at the first failure. */
  run(commands: string): Promise<CommandResult>;
  /** Puts a file into the reader's working directory. */
  place(path: string, text: string): void;
}

/** A fresh machine in the lab's network, with everything in `folder`. */
export async function gettingStartedMachine(lab: Lab, folder: string): Promise<Machine> {
  const [home, bin, runner, github, where] = ['home', 'bin', 'runner', 'github', 'where'].map((name) =>
    join(folder, name),
  ) as [...[string, string, string, string, string]];
  for (const path of [join(home, '.ssh'), bin, runner, github]) mkdirSync(path, { recursive: true, mode: 0o700 });
  writeFileSync(join(home, '.gitconfig'), '[user]\nname = User\nemail = user@localhost\n');
  writeFileSync(where, home);
  const tool = { cache: cacheFolder(), log: console.log };
  symlinkSync(await provideTool('age-keygen', tool), join(bin, 'age-keygen'));
  await provideTool('act', tool);
  symlinkSync(kubectlOf(lab), join(runner, 'kubectl'));
  command(bin, 'gh', `exec '${process.execPath}' '${join(import.meta.dirname, 'gh.ts')}' "$@"`);
  command(bin, 'curl', curl(lab.root));
  command(bin, 'ssh', `exec /usr/bin/ssh -F '${sshConfig(home)}' "$@"`);
  const socket = join(folder, 'agent');
  const agent = await startAgent(socket, lab.sshKey);
  const env = {
    ...{ HOME: home, PATH: `${bin}:${process.env.PATH}`, SSH_AUTH_SOCK: socket },
    ...{
      LAB: lab.id,
      GITHUB_FOLDER: github,
      K8S_HA_LAB_CACHE: cacheFolder(),
      RUNNER_PATH: `${runner}:${process.env.PATH}`,
    },
  };
  return {
    github,
    async run(commands) {
      const script = `set -euo pipefail\ntrap 'pwd >${where}' EXIT\n${commands}`;
      const cwd = readFileSync(where, 'utf8').trim();
      return await lab.run(['bash', '-c', script], { env, cwd, timeout: 600_000 });
    },
    place(path, text) {
      const file = join(readFileSync(where, 'utf8').trim(), path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    },
    async [Symbol.asyncDispose]() {
      agent.kill();
    },
  };
}

function kubectlOf(lab: Lab): string {
  const { kubernetesVersion } = parseCluster(readFileSync(lab.clusterFile, 'utf8'), lab.clusterFile);
  return join(cacheFolder(), 'mirror/dl.k8s.io', `v${kubernetesVersion}`, 'bin/linux/amd64/kubectl');
}

function command(bin: string, name: string, script: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
}

function curl(root: string): string {
  const published = 'https://raw.githubusercontent.com/org/k8s-ha-action/v1/';
  return [
    'for argument do',
    '  shift',
    `  case $argument in ${published}*) argument="file://${root}/\${argument#${published}}" ;; esac`,
    '  set -- "$@" "$argument"',
    'done',
    'exec /usr/bin/curl "$@"',
  ].join('\n');
}

/** ssh asks the system, not the environment, for the home it takes its files from. */
function sshConfig(home: string): string {
  const file = join(home, '.ssh/config');
  const settings = [`UserKnownHostsFile ${home}/.ssh/known_hosts`, 'GlobalKnownHostsFile /dev/null', 'BatchMode yes'];
  writeFileSync(file, settings.map((line) => `${line}\n`).join(''), { mode: 0o600 });
  return file;
}

async function startAgent(socket: string, key: string): Promise<ChildProcess> {
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  for (let left = 100; left > 0 && !existsSync(socket); left -= 1) await new Promise((done) => setTimeout(done, 50));
  await must(['ssh-add', '-q', key], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
  return agent;
}
