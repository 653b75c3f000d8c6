import type { Change } from '../host/engine.ts';

/** The verb of each kind of change: in a plan, and after the change. */
const verbs: Readonly<Record<Change['kind'], readonly [plan: string, done: string]>> = {
  hostname: ['name the host', 'named the host'],
  hosts: ['write', 'wrote'],
  swap: ['turn off', 'turned off'],
  module: ['load the module', 'loaded the module'],
  sysctl: ['set', 'set'],
  package: ['install', 'installed'],
  user: ['add the user', 'added the user'],
  directory: ['make', 'made'],
  file: ['write', 'wrote'],
  // The download of the file is logged when it happens.
  download: ['download', 'placed'],
  unit: ['set up', 'set up'],
  start: ['start', 'started'],
  restart: ['restart', 'restarted'],
  reload: ['reload', 'reloaded'],
  remove: ['remove', 'removed'],
  stop: ['stop', 'stopped'],
  unmount: ['unmount', 'unmounted'],
  restore: ['restore', 'restored'],
};

/** A change as a line of a log: `wrote /etc/hosts (missing)`, or `would write …` in a plan. */
export function changeInWords({ kind, subject, reason }: Change, planned: boolean): string {
  const [plan, done] = verbs[kind];
  return `${planned ? `would ${plan}` : done} ${subject} (${reason})`;
}
