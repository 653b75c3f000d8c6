import { type Host, hostsWith } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import type { Role } from '../layout/roles.ts';
import { secretValues } from '../pki/index.ts';
import { applyMasters, waitForMasters } from './apply-masters.ts';
import { roleState } from './apply-role.ts';
import { changeInWords } from './change-words.ts';
import { onHosts } from './on-hosts.ts';
import { type Prepared, secretsOf, sessionOf } from './stages.ts';

/** The same run with other contents of some files on each master, by their paths. Their secrets are masked. */
export function withMasterFiles<Stage extends Prepared>(run: Stage, contents: ReadonlyMap<string, string>): Stage {
  const secrets = new Map(run.secrets);
  for (const { name } of hostsWith(run.cluster, 'master')) {
    const own = secrets.get(name);
    if (!own) continue;
    const files = own.files.map((file) => ({ ...file, content: contents.get(file.path) ?? file.content }));
    run.mask(secretValues({ ...own, files }));
    secrets.set(name, { ...own, files });
  }
  return { ...run, secrets };
}

/** The content of a file that all masters have. @throws Error for a path without one, a defect of this project */
export function masterFile(run: Prepared, path: string): string {
  const content = masterFileIfAny(run, path);
  if (content === undefined) throw new Error(`no secrets at ${path}`);
  return content;
}

/** The same of a file that masters have only at times. */
export function masterFileIfAny(run: Prepared, path: string): string | undefined {
  const [first] = hostsWith(run.cluster, 'master');
  return first && secretsOf(run, first).files.find((each) => each.path === path)?.content;
}

/**
 * Brings every master to the run's state, one API server after the other, and proves it: on each, the files are the run's, each unit was
 * started with them, and its API server is ready.
 * @throws Problems of the hosts; Problem ROTATION_UNPROVEN
 */
export async function settleMasters(run: Prepared, signal: AbortSignal): Promise<void> {
  await applyMasters.run(run, signal);
  await waitForMasters.run(run, signal);
  await onHosts(hostsWith(run.cluster, 'master'), (host) => proveSettled(run, host, 'master'), signal);
}

/** Proves that a host has the run's files for a role, and that each of its units was started with them. @throws Problem ROTATION_UNPROVEN */
export async function proveSettled(
  run: Prepared,
  host: Host,
  role: Role,
  state = roleState(run, host, role),
): Promise<void> {
  const changes = await sessionOf(run, host).difference(role, { ...state, owner: run.cluster.name });
  if (changes.length === 0) return;
  throw new Problem(
    `the ${role} still differs: ${changes
      .slice(0, 3)
      .map((each) => changeInWords(each, true))
      .join('; ')}`,
    {
      code: 'ROTATION_UNPROVEN',
      host: host.name,
      hint: 'Run again: the rotation continues where it stopped.',
    },
  );
}
