import { expect, test } from '@jest/globals';
import { parseEvent, vocabulary } from '../../src/host/event.ts';
import { remoteProgram, resetProgram } from '../../src/host/remote/program.ts';

/** `event KIND NAME …` and `die CODE MESSAGE NAME …` in the program's text, as kind and names of fields. */
function spoken(): readonly (readonly [kind: string, fields: readonly string[]])[] {
  const code = `${remoteProgram}\n${resetProgram}`.replaceAll(/^ *#.*\n/gm, '').replaceAll('\\\n', ' ');
  const word = String.raw`(?:"(?:[^"\\]|\\.|\$\([^)]*\))*"|'[^']*'|[^\s;&|)}]+)`;
  const calls = [...code.matchAll(new RegExp(String.raw`\b(event|die)((?: +${word})+)`, 'g'))];
  return calls.flatMap(([, name, rest = '']) => {
    const words = rest.trim().match(new RegExp(word, 'g')) ?? [];
    if (name === 'die') return [['problem', words.slice(2).filter((_, index) => index % 2 === 0)] as const];
    const [kind = '', ...fields] = words;
    return /^[a-z]+$/.test(kind) ? [[kind, fields.filter((_, index) => index % 2 === 0)] as const] : [];
  });
}

test('the remote program sends only the known kinds of events, and each of them', () => {
  const said = spoken();
  const unknown = said.flatMap(([kind, fields]) =>
    fields.filter((field) => /^[a-z]+$/.test(field) && !Object.hasOwn(vocabulary[kind] ?? {}, field)),
  );
  expect(unknown).toEqual([]);
  const kinds = new Set([...said.map(([kind]) => kind), 'line']);
  expect([...kinds].toSorted()).toEqual(Object.keys(vocabulary).toSorted());
});

test('each field is validated', () => {
  const problem = {
    t: 'problem',
    code: 'DISK_FULL',
    message: 'a\u0007b\u001b[31m\nc',
    unit: 'etcd.service',
    file: '/a\rb',
  };
  expect(parseEvent(JSON.stringify(problem))).toEqual({
    ...problem,
    message: 'ab[31m\nc',
    file: '/ab',
  });
  const detail = `${'first\n'.repeat(10_000)}last`;
  expect(parseEvent(JSON.stringify({ t: 'problem', code: 'rm -rf', detail }))).toEqual({
    t: 'problem',
    code: 'REQUEST_FAILED',
    detail: detail.slice(-16_384),
  });
  expect(parseEvent('{"t":"line","s":"content","v":"\\u0001#=="}').v).toBe('\u0001#==');
});

test.each([
  '{"t":"unit","name":"a b.service","did":"started"}',
  '{"t":"unit","name":"a.service","did":"exploded"}',
  '{"t":"problem","unit":"::set-output name=x::"}',
  '{"t":"end","status":"-1"}',
  '{"t":"end","status":0}',
  '{"t":"end","status":null}',
  '{"t":"clock","now":"NaN"}',
  '{"t":"clock","now":"-1.5"}',
  '{"t":"line","s":"a\\nb","v":""}',
  '{"t":"line","v":{"toString":"x"}}',
  '{"t":"line","v":["x"]}',
  '{"t":"toString"}',
  '{"t":"__proto__"}',
  '{"t":"tick","toString":"x"}',
  '{"t":"tick"}{"t":"tick"}',
  '{"t":',
  `{"t":${'['.repeat(100_000)}`,
])('%.60s is nonsense', (line) => {
  expect(() => parseEvent(line)).toThrow(expect.objectContaining({ code: 'HOST_NONSENSE' }));
});
