import { Problem } from '../errors.ts';
import { mask } from './masks.ts';
import { getInput } from './runner.ts';

// Apart from the other inputs, which need the schema of cluster.yaml: every action takes its secrets first, also the gate.

/** The secret inputs of all actions. */
const secretNames = [
  'age-key',
  'power-command',
  'restore-command',
  's3-access-key-id',
  's3-secret-access-key',
  'ssh-key',
  'token',
] as const;
type SecretName = (typeof secretNames)[number];
/** Commands are masked word by word, after cluster.yaml is read: host names in them are not masked (src/failover/faults/power-secrets.ts). */
const commands: readonly string[] = ['power-command', 'restore-command'] satisfies readonly SecretName[];
const taken = new Map<SecretName, string>();

/** Masks every secret input and removes it from the environment. Must run before anything is printed and before any child process. */
export function takeSecretInputs(): void {
  for (const name of secretNames) taken.set(name, secretInput(name));
}

/** Reads a secret input: masks it and removes it from the environment. */
export function secretInput(name: SecretName): string {
  const value = getInput(name) || (taken.get(name) ?? '');
  for (const variable of Object.keys(process.env)) if (isOf(name, variable)) delete process.env[variable];
  if (value && !commands.includes(name)) mask([value]);
  return value;
}

/** GitHub sets INPUT_SSH-KEY; a manual start or a container may set INPUT_SSH_KEY. */
function isOf(name: SecretName, variable: string): boolean {
  return variable.toUpperCase().replaceAll('-', '_') === `INPUT_${name.toUpperCase().replaceAll('-', '_')}`;
}

/** A required secret input. @throws Problem INPUT_MISSING */
export function requiredSecret(name: SecretName): string {
  const value = secretInput(name);
  if (value) return value;
  throw new Problem(`the input ${name} is missing`, {
    code: 'INPUT_MISSING',
    hint: `Set it from a secret, as ${name}: \${{ secrets.… }}.`,
  });
}
