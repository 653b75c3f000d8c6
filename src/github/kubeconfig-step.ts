import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AskedKubeconfig, MadeKubeconfig } from '../phases/issue-kubeconfig.ts';
import { choiceInput, parsedInput } from './inputs.ts';
import { exportVariable, info, readState, saveState, setOutput } from './runner.ts';
import { serverOf } from './token-inputs.ts';

const state = 'folder';

/** Whether the later steps use a certificate or the job's own tokens. @throws Problem INPUT_INVALID */
export function askedMode(): 'certificate' | 'oidc' {
  return choiceInput('mode', ['certificate', 'oidc']);
}

/** The requested certificate. @throws Problem INPUT_INVALID */
export function askedKubeconfig(defaultGroup: string): AskedKubeconfig {
  const user = parsedInput(
    'user',
    userOf,
    'Write up to 64 letters, digits and . _ : @ / + - [ ], not beginning with “system:”.',
  );
  const groups = parsedInput(
    'groups',
    groupsOf,
    'Write names separated by commas or spaces; system:masters is not available.',
  );
  const hours = parsedInput('hours', hoursOf, 'Write a number of hours from 0.2 to 24.');
  const server = parsedInput('server', serverOf, 'Write it as https://api.example.com:6443.');
  return {
    user: user ?? `k8s-ha-action:${process.env.GITHUB_ACTOR || 'ci'}`,
    groups: groups ?? [defaultGroup],
    seconds: Math.round((hours ?? 1) * 3600),
    ...(server === undefined ? {} : { server }),
  };
}

const name = /^[\w.:@/+[\]-]{1,64}$/;

function userOf(text: string): string | undefined {
  return name.test(text) && !text.startsWith('system:') ? text : undefined;
}

/** The admission plugin CertificateSubjectRestriction refuses system:masters: reported before any request. */
function groupsOf(text: string): readonly string[] | undefined {
  const groups = text.split(/[\s,]+/).filter(Boolean);
  const fit = groups.length > 0 && groups.every((group) => name.test(group) && group !== 'system:masters');
  return fit ? groups : undefined;
}

function hoursOf(text: string): number | undefined {
  const hours = Number(text);
  return hours >= 0.2 && hours <= 24 ? hours : undefined;
}

/** The folder that the main step saved for this post step; empty in the main step. */
export function folderToRemove(): string | undefined {
  return readState(state) || undefined;
}

/** Chooses the kubeconfig's folder and saves it for the post step, before any file is written. */
export function announceFolder(): string {
  const folder = join(process.env.RUNNER_TEMP || tmpdir(), `k8s-ha-action-${randomUUID()}`);
  saveState(state, folder);
  return folder;
}

/** Writes a kubeconfig for the later steps; its secrets are masked before. */
export function kubeconfigWriter(folder: string): (made: MadeKubeconfig) => Promise<void> {
  const exported = choiceInput('export', ['true', 'false']) === 'true';
  return async ({ text, expires }) => {
    const path = join(folder, 'kubeconfig');
    await mkdir(folder, { mode: 0o700, recursive: true });
    await writeFile(path, text, { mode: 0o600, flag: 'wx' });
    setOutput('kubeconfig', path);
    setOutput('expires', expires.toISOString());
    if (exported) exportVariable('KUBECONFIG', path);
    info(`${path}, until ${expires.toISOString()}`);
  };
}

/** Deletes a kubeconfig, if it exists. */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  info(`removed ${folder}`);
}
