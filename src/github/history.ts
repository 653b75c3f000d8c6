import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseJson } from '../entry/json.ts';
import type { Problem } from '../errors.ts';
import { uploadArtifact } from './artifact-client.ts';
import { newestArtifact } from './earlier-artifacts.ts';
import { invalidInput } from './inputs.ts';
import { getInput, warning } from './runner.ts';
import { secretInput } from './secret-inputs.ts';
import { isEnterpriseServer } from './server.ts';
import { readSmallFile } from './small-file.ts';

/** The storage of earlier checks' figures: JSON Lines, one line per check. */
export interface History {
  /** The text; empty if there is none yet. */
  read(): Promise<string>;
  write(text: string): Promise<void>;
}

/**
 * The history that the inputs `history` and `token` select: none, `artifact`, or a file.
 * @param name of the artifact
 * @throws Problem INPUT_INVALID for an artifact without a token, or on an Enterprise Server.
 */
export function historyInput(name: string): History {
  const place = getInput('history');
  const token = secretInput('token');
  if (place === '') return noHistory;
  if (place !== 'artifact') return historyFile(place);
  if (isEnterpriseServer())
    throw invalidInput('history', place, 'GitHub Enterprise Server has no such artifacts: name a file, and store it.');
  if (token) return historyArtifact(name, token);
  throw invalidInput('history', place, 'Set the input token to a token that can read the artifacts of earlier runs.');
}

/** Three years of nightly checks take a third of a MiB. */
const mostBytes = 4 * 1024 * 1024;

/** Returns the text unchanged. Invalid and incomplete lines are reported, because they are skipped. */
function checked(text: string): string {
  const broken = text.split('\n').filter((line) => line.trim() !== '' && !isJson(line)).length;
  if (broken > 0) warning(`${broken} invalid lines of the history are skipped`);
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
  return invalidInput('history', path, `It has ${what}: use a file that only this action writes.`);
}

export const noHistory: History = { read: async () => '', write: async () => undefined };

/** A file that the user's job stores. */
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
    // Replaced atomically, so a killed run leaves the old file.
    async write(text) {
      await mkdir(dirname(resolve(path)), { recursive: true });
      await writeFile(`${path}.part`, text);
      await rename(`${path}.part`, path);
    },
  };
}

/** Each run reads the artifact of the last run and uploads its own. */
export function historyArtifact(name: string, token: string): History {
  return {
    read: async () => checked((await newestArtifact(name, token, mostBytes))?.toString() ?? ''),
    write: async (text) => await uploadArtifact(name, Buffer.from(text), false, { lasting: true }),
  };
}
