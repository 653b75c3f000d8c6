import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LabHost } from './cluster-file.ts';
import type { Release } from './hosts/debian-source.ts';
import { LABS_DIR, type LabPaths } from './identity.ts';
import type { ProcessRecord } from './process.ts';

/** The arguments of `up`, recorded before it does anything. */
export interface LabRecord {
  readonly root: string;
  /** The given cluster file, before the lab's settings were merged in. */
  readonly source: string;
  readonly hosts: readonly LabHost[];
  /** The hosts' release of Debian. */
  readonly release?: Release;
  readonly startedAt: string;
}

/** A running host: its nspawn, and its PID 1 as seen from outside. */
export interface GuestRecord {
  readonly supervisor: ProcessRecord;
  readonly init?: ProcessRecord;
}

function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

function writeJson(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}

const labFile = (paths: LabPaths): string => join(paths.stateDir, 'lab.json');
const guestFile = (paths: LabPaths, host: string): string => join(hostDir(paths, host), 'guest.json');
const serviceFile = (paths: LabPaths, name: string): string => join(paths.stateDir, 'services', `${name}.json`);

/** The folder of one host: its disk, its console, its records. */
export function hostDir(paths: LabPaths, host: string): string {
  return join(paths.stateDir, 'hosts', host);
}

/** The arguments with which the lab was started; undefined if there is no lab. */
export const readLab = (paths: LabPaths): LabRecord | undefined => readJson(labFile(paths));
/** Records the arguments with which the lab is started. */
export const writeLab = (paths: LabPaths, record: LabRecord): void => writeJson(labFile(paths), record);

/** The host's processes as last recorded. One file per host, so that commands for different hosts never conflict. */
export const readGuest = (paths: LabPaths, host: string): GuestRecord | undefined => readJson(guestFile(paths, host));
/** Records the host's processes. */
export const writeGuest = (paths: LabPaths, host: string, record: GuestRecord): void =>
  writeJson(guestFile(paths, host), record);
/** Forgets the host's processes. */
export const removeGuest = (paths: LabPaths, host: string): void => rmSync(guestFile(paths, host), { force: true });

/** The process of one of the lab's servers as last recorded. */
export const readService = (paths: LabPaths, name: string): ProcessRecord | undefined =>
  readJson(serviceFile(paths, name));
/** Records the process of one of the lab's servers. */
export const writeService = (paths: LabPaths, name: string, record: ProcessRecord): void =>
  writeJson(serviceFile(paths, name), record);

/** Whether a lab other than this one has left its records on this machine. */
export function otherLabs(paths: LabPaths): boolean {
  if (!existsSync(LABS_DIR)) return false;
  return readdirSync(LABS_DIR).some((name) => name !== paths.id && existsSync(join(LABS_DIR, name, 'lab.json')));
}
