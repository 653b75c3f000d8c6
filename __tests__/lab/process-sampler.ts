import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cmdlineOf, familyOf, initOf } from './networks.ts';
import { seedHosts } from './seed-hosts.ts';

const pauseMs = 100;
const bootstrapKubeconfig = '/etc/kubernetes/bootstrap-kubelet.conf';

/** The observations of processes and of short-lived files, each different text once. */
export interface Sampled {
  /** Arguments and environment of every process on every host. */
  readonly hosts: ReadonlySet<string>;
  /** The arguments of the runner's processes, and the content of its temporary folder. */
  readonly runner: ReadonlySet<string>;
  /** The kubeconfig with which a node joins, which is deleted when the run ends. */
  readonly bootstrap: ReadonlySet<string>;
  readonly passes: number;
}

/** Reads, from outside the hosts, all their processes and the runner's, repeatedly until it is stopped. */
export function sampleProcesses(runner: () => ChildProcess | undefined): () => Promise<Sampled> {
  const inits = seedHosts.map(({ name }) => initOf(name));
  const [hosts, mine, bootstrap] = [new Set<string>(), new Set<string>(), new Set<string>()];
  let passes = 0;
  const look = () => {
    for (const pid of inits.flatMap(familyOf)) hosts.add(cmdlineOf(pid)).add(readOf(`/proc/${pid}/environ`));
    for (const init of inits) bootstrap.add(readOf(`/proc/${init}/root${bootstrapKubeconfig}`));
    const pid = runner()?.pid;
    if (pid !== undefined) {
      for (const each of familyOf(pid)) mine.add(cmdlineOf(each));
      for (const text of temporaryFilesOf(pid)) mine.add(text);
    }
    passes += 1;
  };
  const over = new AbortController();
  const looking = (async () => {
    while (!over.signal.aborted) {
      look();
      await sleep(pauseMs);
    }
  })();
  return async () => {
    over.abort();
    await looking;
    bootstrap.delete('');
    return { hosts, runner: mine, bootstrap, passes };
  };
}

function readOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

function temporaryFilesOf(runner: number): readonly string[] {
  const folder = /(?:^|\0)RUNNER_TEMP=([^\0]+)/.exec(readOf(`/proc/${runner}/environ`))?.[1];
  if (!folder) return [];
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => readOf(join(entry.parentPath, entry.name)));
  } catch {
    return [];
  }
}
