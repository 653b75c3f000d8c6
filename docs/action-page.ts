// The page of one action, made from its action.yml and from the words in docs/actions/ID.md.
import type { Face } from './faces.ts';

const expression = (path: string): string => `\${{ ${path} }}`;

/** What a caller writes for an input in the example; inputs that are not here are left to their defaults. */
const samples: Readonly<Record<string, string>> = {
  cluster: 'cluster.yaml',
  'ssh-key': expression('secrets.SSH_KEY'),
  'known-hosts': expression('vars.KNOWN_HOSTS'),
  bundles: 'artifacts',
  'age-key': expression('secrets.AGE_KEY'),
  hosts: expression('matrix.hosts'),
  needs: expression('toJSON(needs)'),
  'power-command': 'ipmitool -H bmc-{host} -U admin -f /etc/bmc chassis power {action}',
};

/** The path of an action's page: in the folder of its action.yml, or in docs for the root action. */
export function pageOf(face: Face): string {
  return face.folder === '' ? 'docs/deploy.md' : `${face.folder}README.md`;
}

/** @param words the hand-written part, with headings of the second level. */
export function actionPage(face: Face, words: string): string {
  const title = face.folder === '' ? 'The root action' : face.id;
  return [
    `<!-- Made by npm run docs from ${face.folder}action.yml and docs/actions/${face.id}.md: change those. -->`,
    '',
    `# ${title}`,
    '',
    face.description,
    '',
    '```yaml',
    `- uses: org/k8s-ha-action${face.folder === '' ? '' : `/${face.id}`}@v1`,
    '  with:',
    ...Object.keys(face.inputs).flatMap((name) => (samples[name] ? [`    ${name}: ${samples[name]}`] : [])),
    '```',
    '',
    words.trim(),
    '',
    '## Inputs',
    '',
    '| input | default | what it is |',
    '|---|---|---|',
    ...Object.entries(face.inputs).map(
      ([name, input]) => `| \`${name}\` | ${defaultOf(input)} | ${cell(input.description)} |`,
    ),
    '',
    '## Outputs',
    '',
    '| output | what it is |',
    '|---|---|',
    ...Object.entries(face.outputs).map(([name, { description }]) => `| \`${name}\` | ${cell(description)} |`),
    '',
  ].join('\n');
}

function defaultOf(input: Face['inputs'][string]): string {
  if (input.default !== undefined) return `\`${input.default}\``;
  return input.required ? '**required**' : '–';
}

/** A bar would end the cell, and GitHub takes `<word>` for HTML. */
function cell(words: string): string {
  return words.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ').trim();
}
