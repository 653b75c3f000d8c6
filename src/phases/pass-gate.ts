import type { Host } from '../cluster/cluster.ts';
import type { Role } from '../cluster/schema.ts';
import { Problem } from '../errors.ts';
import { redactLines } from '../host/redact.ts';
import { gateKey } from '../plan/upgrade-record.ts';
import type { GateCommand } from './run.ts';
import type { Connected, PerhapsSecrets } from './stages.ts';
import { readUpgrades, recordUpgrade } from './upgrade-record.ts';

type Stage = Connected & PerhapsSecrets;

/** The number of lines of the command's output in an error. */
const mostLines = 10;

/** Records that the next host must wait for the gate after this one, also if this run is killed. @throws ApiProblem */
export async function beginGated(run: Stage, host: Host, role: Role): Promise<void> {
  if (gateOf(run)) await recordUpgrade(run, { [gateKey(host)]: role }, host);
}

/**
 * Runs `upgrade.gate` after the upgrade of a host.
 * @throws Problem UPGRADE_HELD; the signal's reason
 */
export async function passGate(run: Stage, host: Host, role: Role, signal: AbortSignal): Promise<void> {
  const gate = gateOf(run);
  if (!gate) return;
  signal.throwIfAborted();
  const begin = performance.now();
  run.log.info(`${host.name}: upgraded; upgrade.gate runs on the runner`);
  const { status, output } = await gate(run.cluster, host, role, signal);
  signal.throwIfAborted();
  if (status !== 0) throw held(host, status, output);
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  run.log.info(`${host.name}: upgrade.gate lets the upgrade continue after ${seconds} s`);
  await recordUpgrade(run, { [gateKey(host)]: null });
}

/**
 * Before a host begins with a role: runs the gate again for what an earlier run, or another job, has upgraded and it did not let pass. That may
 * be another role of the same host.
 * @param busy names of nodes that are in their own turn now
 * @throws Problem UPGRADE_HELD; ApiProblem; the signal's reason
 */
export async function passOpenGates(
  run: Stage,
  next: Host,
  nextRole: Role,
  signal: AbortSignal,
  busy: ReadonlySet<string> = new Set(),
): Promise<void> {
  if (!gateOf(run)) return;
  const { ungated } = await readUpgrades(run, next);
  const isNext = (host: Host, role: Role) => host === next && role === nextRole;
  for (const { host, role } of ungated)
    if (!isNext(host, role) && !busy.has(host.nodeName)) await passGate(run, host, role, signal);
}

function gateOf({ cluster, gate }: Stage): GateCommand | undefined {
  if (cluster.upgrade.gate !== undefined && !gate) throw new Error('an upgrade without the gate of cluster.yaml');
  return gate;
}

function held({ name }: Host, status: number, output: string): Problem {
  return new Problem(
    `upgrade.gate ended with the exit status ${status} after the upgrade of ${name}: no other host is upgraded`,
    {
      code: 'UPGRADE_HELD',
      host: name,
      detail: redactLines(output).slice(-mostLines),
      hint: `${name} has its new version and serves. Fix what the command reports, then run again: the command runs again first, and with exit status 0 the upgrade continues with the next host.`,
    },
  );
}
