import { expect, test } from '@jest/globals';
import { guideSteps } from '../lab/getting-started/guide.ts';

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
  expect(steps).toEqual([
    { line: 2, heading: 'One', text: 'true\n', kind: 'commands' },
    { line: 8, heading: 'One', text: 'hostname\n', kind: 'commands on each host' },
    { line: 14, heading: 'One', text: 'a: 1\nb: 2\n', kind: 'file', path: 'a/b.yml' },
  ]);
});

test.each([
  ['a file without a name', 'Write this:', 'yaml'],
  ['a language that no reader runs', 'In `x.yaml`:', 'console'],
  ['no language', 'Run:', ''],
])('%s is refused', (_, said, language) => {
  expect(() => guideSteps(`${said}\n\n${fenced(language, 'x')}`)).toThrow('line 3');
});
