// The page of one action, made from its action.yml and from the words in docs/actions/ID.md.
import type { ActionManifest } from './action-manifests.ts';

const expression = (path: string): string => `\${{ ${path} }}`;

/** What a caller writes for an input in the example; inputs that are not here are left to their defaults. */
const samples: Readonly<Record<string, string>> = {
  cluster: 'cluster.yaml',
  confirm: expression('inputs.confirm'),
  'ssh-key': expression('secrets.SSH_KEY'),
  'known-hosts': expression('vars.KNOWN_HOSTS'),
  bundles: 'artifacts',
  'age-key': expression('secrets.AGE_KEY'),
  needs: expression('toJSON(needs)'),
  fault: 'stop-services',
  what: 'encryption-key',
};

/** Jobs of a matrix have bundles; other actions are for all hosts by default. */
function sampleOf({ inputs }: ActionManifest, name: string): string | undefined {
  return name === 'hosts' && inputs.bundles ? expression('matrix.hosts') : samples[name];
}

/** The path of an action's page: in the folder of its action.yml, or in docs for the root action. */
export function pageOf(manifest: ActionManifest): string {
  return manifest.folder === '' ? 'docs/deploy.md' : `${manifest.folder}README.md`;
}

/** @param words the hand-written part, with headings of the second level. */
export function actionPage(manifest: ActionManifest, words: string): string {
  const title = manifest.folder === '' ? 'The root action' : manifest.id;
  return [
    `<!-- Made by npm run docs from ${manifest.folder}action.yml and docs/actions/${manifest.id}.md: change those. -->`,
    '',
    `# ${title}`,
    '',
    manifest.description,
    '',
    '```yaml',
    `- uses: org/k8s-ha-action${manifest.folder === '' ? '' : `/${manifest.id}`}@v1`,
    '  with:',
    ...Object.keys(manifest.inputs).flatMap((name) =>
      sampleOf(manifest, name) ? [`    ${name}: ${sampleOf(manifest, name)}`] : [],
    ),
    '```',
    '',
    words.trim(),
    '',
    '## Inputs',
    '',
    '| input | default | what it is |',
    '|---|---|---|',
    ...Object.entries(manifest.inputs).map(
      ([name, input]) => `| \`${name}\` | ${defaultOf(input)} | ${cell(input.description)} |`,
    ),
    '',
    '## Outputs',
    '',
    '| output | what it is |',
    '|---|---|',
    ...Object.entries(manifest.outputs).map(([name, { description }]) => `| \`${name}\` | ${cell(description)} |`),
    '',
  ].join('\n');
}

function defaultOf(input: ActionManifest['inputs'][string]): string {
  if (input.default !== undefined) return `\`${input.default}\``;
  return input.required ? '**required**' : '–';
}

/** A bar would end the cell, and GitHub takes `<word>` for HTML. */
function cell(words: string): string {
  return words.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ').trim();
}
