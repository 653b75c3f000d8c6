import { expect, test } from '@jest/globals';
import { guideSteps, stepsBehindJumpHost } from '../lab/getting-started/guide.ts';

const fenced = (language: string, text: string) => `\`\`\`${language}\n${text}\n\`\`\``;

test('the words before a block determine its kind: commands, commands on the hosts, or a file', () => {
  const steps = guideSteps(
    [
      '## One',
      fenced('sh', 'true'),
      '',
      "On each host's own console:",
      '',
      fenced('sh', 'hostname'),
      '',
      'Either `not-this.yaml` or, in `a/b.yml`:',
      '',
      fenced('yaml', 'a: 1\nb: 2'),
    ].join('\n'),
  );
  expect(steps).toMatchObject([
    { line: 2, heading: 'One', text: 'true\n', kind: 'commands' },
    { line: 8, heading: 'One', text: 'hostname\n', kind: 'commands on each host' },
    { line: 14, heading: 'One', text: 'a: 1\nb: 2\n', kind: 'file', path: 'a/b.yml' },
  ]);
});

test('the blocks of the variant are in the place of the steps that they name, and nowhere else', () => {
  const markdown = [
    ...['## 1. One', fenced('sh', 'one'), '## 2. Two', fenced('sh', 'two'), fenced('sh', 'two more'), '## 3. Three'],
    ...[
      fenced('sh', 'three'),
      '## Five hosts behind a jump host',
      '',
      'In place of step 2:',
      '',
      fenced('sh', 'other'),
    ],
    ...['', 'Then:', '', fenced('sh', 'another'), '## End', fenced('sh', 'end')],
  ].join('\n');
  const texts = (steps: readonly { text: string }[]) => steps.map(({ text }) => text.trim());
  expect(texts(guideSteps(markdown))).toEqual(['one', 'two', 'two more', 'three', 'end']);
  expect(texts(stepsBehindJumpHost(markdown))).toEqual(['one', 'other', 'another', 'three', 'end']);
  expect(texts(stepsBehindJumpHost())).not.toEqual(texts(guideSteps()));
});

test.each([
  ['a file without a name', 'Write this:', 'yaml'],
  ['a language that no reader runs', 'In `x.yaml`:', 'console'],
  ['no language', 'Run:', ''],
])('%s is refused', (_, said, language) => {
  expect(() => guideSteps(`${said}\n\n${fenced(language, 'x')}`)).toThrow('line 3');
});
