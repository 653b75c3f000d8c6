// Runs inside the lab's network: reads one JSON document of calls from stdin, makes them on a session, and answers with
// a line of JSON for each. Log lines are in between, as they occur.
import { text } from 'node:stream/consumers';
import { Problem } from '../../src/errors.ts';
import { type HostSession, openHost } from '../../src/host/index.ts';
import type { Call, Script } from './host-lab.ts';

const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
const tell = (level: string) => (message: string) => say({ log: `${level}${message}` });
const log = {
  info: tell(''),
  warning: tell('warning: '),
  debug: tell('debug: '),
  group: async <T>(_: string, work: () => Promise<T>) => await work(),
};

async function make(session: HostSession, call: Call): Promise<unknown> {
  switch (call[0]) {
    case 'inspect': {
      const found = await session.inspect(call[1] ?? {});
      return { ...found, files: Object.fromEntries(found.files) };
    }
    case 'difference':
      return await session.difference(call[1], call[2]);
    case 'apply':
      return await session.apply(call[1], call[2], log);
    case 'run':
      return await session.run(call[1], call[2]);
    case 'wait':
      return await new Promise((resolve) => setTimeout(resolve, call[1], null));
  }
}

const script = JSON.parse(await text(process.stdin)) as Script;
try {
  const session = await openHost(script.host, script.access, { dryRun: false, log, ...script.options });
  say({ opened: true });
  try {
    for (const call of script.calls) say({ result: await make(session, call) });
  } finally {
    await session.close();
  }
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  const { cause: _, ...fields } = error.fields;
  say({ problem: { message: error.message, ...fields } });
}
