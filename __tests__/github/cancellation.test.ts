import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';

/** In a process of its own: a signal here would end the tests. */
async function cancelled(signal: NodeJS.Signals) {
  const module = JSON.stringify(new URL('../../src/github/cancellation.ts', import.meta.url).href);
  const program = `
    import { cancellation } from ${module};
    const alive = setInterval(() => undefined, 1000);
    const signal = cancellation();
    signal.addEventListener('abort', () => {
      setTimeout(() => { clearInterval(alive); console.log(signal.reason.code); }, 50);
    });
    console.log('ready');`;
  const child = spawn(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    '--input-type=module',
    '-e',
    program,
  ]);
  let said = '';
  child.stdout.on('data', (data) => {
    said += String(data);
    if (String(data).includes('ready')) child.kill(signal);
  });
  const [status] = await once(child, 'close');
  return { status, said: said.trim().split('\n') };
}

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s leaves time to put things right, and tells that it came',
  async (signal) => {
    expect(await cancelled(signal)).toEqual({ status: 0, said: ['ready', 'RUN_CANCELLED'] });
  },
);
