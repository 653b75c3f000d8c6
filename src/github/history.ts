import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseJson } from '../entry/json.ts';
import type { Problem } from '../errors.ts';
import { uploadArtifact } from './artifact-client.ts';
import { newestArtifact } from './earlier-artifacts.ts';
import { invalidInput, secretInput } from './inputs.ts';
import { getInput, warning } from './runner.ts';
import { readSmallFile } from './small-file.ts';

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

/** Three years of nights have a third of a MiB. */
const mostBytes = 4 * 1024 * 1024;

/** The text as it is; lines that no check has written, or not to their end, are reported, since they are passed over. */
function checked(text: string): string {
  const broken = text.split('\n').filter((line) => line.trim() !== '' && !isJson(line)).length;
  if (broken > 0) warning(`lines of the history that cannot be read: ${broken}; they are passed over`);
  return text;
}

function isJson(line: string): boolean {
  try {
    parseJson(line, Error);
    return true;
  } catch {
    return false;
  }
}

function tooLong(path: string, what: string): Problem {
  return invalidInput('history', path, `it has ${what}: name a file that only the failover check writes`);
}

export const noHistory: History = { read: async () => '', write: async () => undefined };

/** A file that the job keeps by itself. */
export function historyFile(path: string): History {
  return {
    async read() {
      try {
        return checked((await readSmallFile(path, mostBytes, (what) => tooLong(path, what))).toString());
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
    read: async () => checked((await newestArtifact(name, token, mostBytes))?.toString() ?? ''),
    write: async (text) => await uploadArtifact(name, Buffer.from(text), false, { lasting: true }),
  };
}
