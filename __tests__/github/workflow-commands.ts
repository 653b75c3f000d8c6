// The runner's side: the lines that @actions/core writes, and the inputs as the runner sets them.
import { jest } from '@jest/globals';

/** Lines written to stdout while `work` runs. */
export async function linesOf(work: () => unknown): Promise<readonly string[]> {
  let written = '';
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    written += String(chunk);
    return true;
  });
  try {
    await work();
  } finally {
    spy.mockRestore();
  }
  return written.split(/\r?\n/).filter(Boolean);
}

/** Sets inputs only for `work`, like `with:`. */
export async function withInputs<T>(inputs: Readonly<Record<string, string>>, work: () => T | Promise<T>): Promise<T> {
  const names = Object.keys(inputs).map((name) => `INPUT_${name.toUpperCase()}`);
  for (const [name, value] of Object.entries(inputs)) process.env[`INPUT_${name.toUpperCase()}`] = value;
  try {
    return await work();
  } finally {
    for (const name of names) delete process.env[name];
  }
}
