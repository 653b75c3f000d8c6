import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { uploadArtifact } from './artifact-client.ts';
import { newestArtifact } from './earlier-artifacts.ts';
import { invalidInput, secretInput } from './inputs.ts';
import { getInput } from './runner.ts';

/** Where the figures of earlier checks are kept: JSON lines, one for each check. */
export interface History {
  /** The text; empty when there is none yet. */
  read(): Promise<string>;
  write(text: string): Promise<void>;
}

/**
 * What the inputs `history` and `token` name: nothing, `artifact`, or a file.
 * @throws Problem INPUT_INVALID for an artifact without a token.
 */
export function historyInput(cluster: string): History {
  const place = getInput('history');
  const token = secretInput('token');
  if (place === '') return noHistory;
  if (place !== 'artifact') return historyFile(place);
  if (token) return historyArtifact(`failover-history-${cluster}.jsonl`, token);
  throw invalidInput('history', place, 'give a token that may read the artifacts of earlier runs: the input token');
}

export const noHistory: History = { read: async () => '', write: async () => undefined };

/** A file that the job keeps by itself. */
export function historyFile(path: string): History {
  return {
    async read() {
      try {
        return await readFile(path, 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
        throw error;
      }
    },
    // Replaced as a whole, so that a run that is killed leaves the old one.
    async write(text) {
      await mkdir(dirname(resolve(path)), { recursive: true });
      await writeFile(`${path}.part`, text);
      await rename(`${path}.part`, path);
    },
  };
}

/** Each run reads what the last one has left and leaves its own. */
export function historyArtifact(name: string, token: string): History {
  return {
    read: async () => (await newestArtifact(name, token))?.toString() ?? '',
    write: async (text) => await uploadArtifact(name, Buffer.from(text), false, { lasting: true }),
  };
}
