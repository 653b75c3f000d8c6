import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { Problem } from '../../src/errors.ts';
import type { Limits } from '../../src/host/limits.ts';
import { answering, SpokenHost } from './spoken-host.ts';

/** The error that a session with this host ends with, and its duration. */
async function endOf(host: SpokenHost, limits: Partial<Limits> = {}) {
  const began = performance.now();
  const ended = await host
    .open(limits)
    .then(async (session) => {
      const inspection = await session.inspect({});
      await session.close();
      return inspection;
    })
    .catch((error: unknown) => error);
  return { ended, milliseconds: performance.now() - began };
}

/** A line with this many characters. */
const long = (characters: number, character: string) => `head -c ${characters} /dev/zero | tr '\\0' '${character}'`;
/** As fast as possible. */
const without = (text: string) => `yes '${text}' | tr -d '\\n'`;
const patience: Partial<Limits> = { startMs: 1000, silenceMs: 1500, snapshotMs: 1000, workMs: 1000 };
/** For answers that end by their size, also on a busy machine. */
const generous: Partial<Limits> = { startMs: 30_000, silenceMs: 30_000, snapshotMs: 30_000 };

test.each<[what: string, script: string, code: string, message: RegExp]>([
  ['text without a line end', without('y'), 'HOST_NONSENSE', /a line of more than 1 MiB/],
  ['text for ever', 'yes', 'HOST_NONSENSE', /lines that answer nothing/],
  ['a line of 10 MB', `${long(10_000_000, 'x')}; echo; sleep 30`, 'HOST_NONSENSE', /a line of more than 1 MiB/],
  ['a kind that is a number', `echo '{"t":1}'; sleep 30`, 'HOST_NONSENSE', /unknown kind/],
  ['an event that breaks off', `echo '{"t":oops'; sleep 30`, 'HOST_NONSENSE', /no JSON/],
  ['an event within an event', `echo '{"t":"ready","t":{"t":"ready"}}'; sleep 30`, 'HOST_NONSENSE', /levels deep/],
  ['a holder that is a number', `echo '{"t":"waiting","holder":5}'; sleep 30`, 'HOST_NONSENSE', /unknown field/],
  ['an unknown event', `echo '{"t":"hello"}'; sleep 30`, 'HOST_NONSENSE', /unknown kind/],
  ['a field of every object', `echo '{"t":"ready","__proto__":"x"}'; sleep 30`, 'HOST_NONSENSE', /unknown field/],
  ['the name of a method as a kind', `echo '{"t":"constructor"}'; sleep 30`, 'HOST_NONSENSE', /unknown kind/],
  ['errors for ever', 'yes >&2', 'HOST_NONSENSE', /more than 16 MiB/],
  ['nothing', 'sleep 30', 'HOST_SILENT', /sent nothing for 1 s/],
  ['signs of life for ever', 'while echo \'{"t":"tick"}\'; do sleep 0.05; done', 'HOST_OVERDUE', /within 1 s/],
  [
    'that it waits, and then signs of life for ever',
    `echo '{"t":"waiting","holder":"x"}'; while echo '{"t":"tick"}'; do sleep 0.05; done`,
    'HOST_OVERDUE',
    /within 1 s/,
  ],
])('a host that greets with %s is a problem that names it', async (_, script, code, message) => {
  using host = new SpokenHost(script);
  const { ended, milliseconds } = await endOf(host, code === 'HOST_NONSENSE' ? { ...patience, ...generous } : patience);
  expect(ended).toBeInstanceOf(Problem);
  expect(ended).toMatchObject({ code, message: expect.stringMatching(message), fields: { host: 'local' } });
  expect(host.closed).toBe(true);
  expect(milliseconds).toBeLessThan(8000);
});

test.each<[what: string, script: string, code: string, message: RegExp]>([
  ['a line without an end', `begin; ${without('y')}`, 'HOST_NONSENSE', /a line of more than/],
  ['signs of life for ever', `begin; while echo '{"t":"tick"}'; do sleep 0.05; done`, 'HOST_OVERDUE', /within 1 s/],
  [
    'log lines for ever',
    `begin; while echo '{"t":"log","text":"x"}'; do sleep 0.05; done`,
    'HOST_OVERDUE',
    /within 1 s/,
  ],
  ['nothing more', 'begin; sleep 30', 'HOST_OVERDUE', /within 1 s/],
  ['the mark of another request', `echo '{"t":"begin","id":"x"}'; sleep 30`, 'HOST_NONSENSE', /mark of a request/],
  ['no time', 'begin; end', 'HOST_NONSENSE', /lacks the time/],
  [
    'a status that is none',
    `begin; echo '{"t":"end","status":"1e999"}'; sleep 9`,
    'HOST_NONSENSE',
    /status of a request/,
  ],
  ['a time that is none', `begin; echo '{"t":"clock","now":"1e999"}'; sleep 9`, 'HOST_NONSENSE', /a time that/],
])('a host that answers a request with %s is a problem that names it', async (_, script, code, message) => {
  using host = new SpokenHost(answering(script));
  const { ended, milliseconds } = await endOf(host, patience);
  expect(ended).toMatchObject({ code, message: expect.stringMatching(message), fields: { host: 'local' } });
  expect(host.closed).toBe(true);
  expect(milliseconds).toBeLessThan(8000);
});

test.each<[what: string, script: string, message: RegExp]>([
  ['events for ever', `begin; yes '{"t":"line","s":"a","v":"x"}'`, /more than 100000 events/],
  ['signs of life as fast as it can', `begin; yes '{"t":"tick"}'`, /more than 100000 events/],
  [
    '1 GB of lines',
    `begin; yes '{"t":"line","s":"a","v":"${'x'.repeat(1000)}"}' | head -c 1000000000`,
    /more than 16 MiB/,
  ],
  ['log lines as fast as it can', `begin; yes '{"t":"log","text":"x"}'`, /more than 1000 lines for the log/],
  ['ends without a beginning', `yes '{"t":"end","status":"0"}'`, /lines that answer nothing/],
])('a host that answers a request with %s is cut off by its size', async (_, script, message) => {
  using host = new SpokenHost(answering(script));
  const { ended } = await endOf(host, generous);
  expect(ended).toMatchObject({
    code: 'HOST_NONSENSE',
    message: expect.stringMatching(message),
    fields: { host: 'local' },
  });
  expect(host.closed).toBe(true);
});

test('a stalled answer ends at the silence limit, before its deadline', async () => {
  using host = new SpokenHost(answering('begin; sleep 30'));
  const { ended } = await endOf(host, { silenceMs: 500 });
  expect(ended).toMatchObject({ code: 'HOST_SILENT', fields: { host: 'local' } });
});

test('a banner before the greeting, and lines of commands within an answer, are ignored', async () => {
  const banner = `seq 500; echo '{"motd"'; printf 'unfinished '; echo; echo '{"t":"ready"}'`;
  using host = new SpokenHost(answering('begin; clock; seq 500; end', banner));
  const { ended } = await endOf(host);
  expect(ended).toMatchObject({ scopes: [] });
});

test('output before a request is not an answer to it', async () => {
  const forged = `echo '{"t":"line","s":"scope","v":"forged"}'; end`;
  // After each end there is already an answer to the next request.
  using host = new SpokenHost(
    answering(
      `begin; clock; echo '{"t":"line","s":"scope","v":"request-'$number'"}'; end; ${forged}; begin; ${forged}`,
    ),
  );
  const session = await host.open();
  for (const request of ['request-1', 'request-2', 'request-3']) {
    const { scopes } = await session.inspect({});
    expect(scopes).toEqual([request]);
  }
  await session.close();
});

test('a host that keeps sending between two requests is cut off', async () => {
  using host = new SpokenHost(answering('begin; clock; end; while end; do :; done'));
  const session = await host.open();
  await session.inspect({});
  for (let tries = 0; tries < 100 && !host.closed; tries += 1) await delay(50);
  expect(host.closed).toBe(true);
  await expect(session.inspect({})).rejects.toMatchObject({ code: 'HOST_NONSENSE', fields: { host: 'local' } });
});

test('text of a host is cut and cleaned before it is shown', async () => {
  const equals = `printf '{"t":"problem","code":"NO_SUCH_CODE","message":"'; ${long(900_000, '=')}; echo '"}'`;
  const waiting = String.raw`{"t":"waiting","holder":"run ##[stop-commands]\r\n::x"}`;
  using host = new SpokenHost(`printf '%s\\n' '${waiting}'; ${equals}; sleep 30`);
  const { ended, milliseconds } = await endOf(host, { workMs: 1000 });
  expect(host.log.lines).toEqual(['local: waiting for run ???stop-commands???::x to leave the host']);
  expect(ended).toMatchObject({ code: 'REQUEST_FAILED' });
  expect((ended as Problem).message.length).toBeLessThanOrEqual(4096);
  expect(milliseconds).toBeLessThan(8000);
});
