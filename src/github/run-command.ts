import { exec } from '@actions/exec';

/** Runs a user's program on the runner without a shell; what it prints is kept for errors, and none of its secrets are ours. */
export async function runCommand(
  argv: readonly string[],
  { timeoutMs }: { readonly timeoutMs: number },
): Promise<{ readonly status: number; readonly stderr: string }> {
  const [file = '', ...args] = argv;
  let stderr = '';
  const listeners = { stderr: (data: Buffer) => (stderr += data.toString()) };
  const running = exec(file, args, { ignoreReturnCode: true, silent: true, listeners });
  const { promise: late, resolve } = Promise.withResolvers<number>();
  const timer = setTimeout(() => resolve(124), timeoutMs);
  try {
    const status = await Promise.race([running, late]);
    return { status, stderr };
  } finally {
    clearTimeout(timer);
  }
}
