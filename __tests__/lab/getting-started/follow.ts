import { onHost } from '../seed-lab.ts';
import type { Step } from './guide.ts';
import type { Machine } from './machine.ts';

/** Follows a step of the guide on the reader's machine, or on each of these hosts; returns what it prints. @throws Error if a command fails */
export async function follow(step: Step, machine: Machine, hosts: readonly string[]): Promise<string> {
  if (step.kind === 'file') {
    machine.place(step.path, step.text);
    return '';
  }
  if (step.kind === 'commands on each host')
    return (await Promise.all(hosts.map((host) => onHost(host, step.text)))).join('');
  const { status, stdout, stderr } = await machine.run(step.text);
  if (status === 0) return stdout;
  throw new Error(`line ${step.line}: status ${status}:\n${stdout}${stderr}`);
}
