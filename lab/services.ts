import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LAB_ADDRESS } from './cluster-file.ts';
import { type Argv, run } from './command.ts';
import { LabError } from './error.ts';
import { makeCgroups } from './hosts/cgroups.ts';
import type { LabPaths } from './identity.ts';
import { insideNetwork } from './network/netns.ts';
import { isAlive, startDetached } from './process.ts';
import { readService, writeService } from './state.ts';

/** The lab's cgroup member of its servers. */
const MEMBER = 'servers';

/** A server of the lab in its network. */
export interface Service {
  readonly name: string;
  readonly port: number;
  readonly argv: Argv;
}

/** The address of the official files for hosts. */
export const MIRROR_URL = `http://${LAB_ADDRESS}:8080`;
/** The address of the images for hosts. */
export const REGISTRY_URL = `http://${LAB_ADDRESS}:5000`;

/** The mirror of official files, which also serves the hosts' apt source. */
function mirror(paths: LabPaths, cache: string): Service {
  const root = join(cache, 'mirror');
  mkdirSync(root, { recursive: true });
  const program = join(import.meta.dirname, 'mirror/server.ts');
  const log = join(paths.stateDir, 'mirror-access.log');
  const faults = join(paths.stateDir, 'mirror-faults.json');
  const own = join(paths.stateDir, 'mirror-files');
  const args = ['--root', root, '--own', own, '--listen', `${LAB_ADDRESS}:8080`, '--log', log, '--faults', faults];
  return { name: 'mirror', port: 8080, argv: [process.execPath, program, ...args] };
}

/** The registry of the lab's images. */
function registry(cache: string): Service {
  const program = join(import.meta.dirname, 'images/registry-server.ts');
  const args = ['--cache', cache, '--listen', `${LAB_ADDRESS}:5000`];
  return { name: 'registry', port: 5000, argv: [process.execPath, program, ...args] };
}

/** The servers that the lab's hosts need. */
export const services = (paths: LabPaths, cache: string): Service[] => [mirror(paths, cache), registry(cache)];

/** The file with a server's output. */
const serviceLog = (paths: LabPaths, name: string): string => join(paths.stateDir, `${name}.log`);

/** Whether a server of the lab runs. */
export function serviceRuns(paths: LabPaths, name: string): boolean {
  const record = readService(paths, name);
  return record !== undefined && isAlive(record);
}

/** Long, because seven hosts may boot beside it; ends at once if the server ends. */
const listenLimitMs = 90_000;

async function waitForPort(paths: LabPaths, service: Service): Promise<void> {
  const ask = `exec 3<>/dev/tcp/${LAB_ADDRESS}/${service.port}`;
  const deadline = Date.now() + listenLimitMs;
  while (Date.now() < deadline && serviceRuns(paths, service.name)) {
    const result = await run(insideNetwork(paths, ['bash', '-c', ask]), { timeout: 10_000 });
    if (result.status === 0) return;
    await sleep(30);
  }
  const log = serviceLog(paths, service.name);
  const lastWords = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').slice(-6).join('\n') : '';
  throw new LabError(`the lab's ${service.name} does not listen on port ${service.port}: ${lastWords}`, {
    hint: `its output is in ${log}`,
  });
}

/** Starts a server of the lab and waits until it listens; false if it was running. */
export async function startService(paths: LabPaths, service: Service): Promise<boolean> {
  if (serviceRuns(paths, service.name)) return false;
  const log = serviceLog(paths, service.name);
  const procsFiles = makeCgroups(paths, MEMBER);
  const record = startDetached(insideNetwork(paths, service.argv), { log, procsFiles });
  if (!record) throw new LabError(`failed to start the lab's ${service.name}`, { hint: `its output is in ${log}` });
  writeService(paths, service.name, record);
  await waitForPort(paths, service);
  return true;
}
