// The name and the version by which users call these actions, in every text of the repository: `npm run docs` writes them from
// package.json (`repository` and `version`), and the pins of other actions from .github/workflows, where Dependabot moves them.
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './action-manifests.ts';

/** Where the actions are published. */
export interface PublishedName {
  /** The user or organization on GitHub. */
  readonly owner: string;
  /** The tag that users name: `v` and the major version. */
  readonly tag: string;
}

/** As package.json has it. @throws Error when `repository` is not like `github:OWNER/k8s-ha-action` */
export function publishedName(): PublishedName {
  const { repository, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const [, owner] = /^github:([\w-]+)\/k8s-ha-action$/.exec(repository) ?? [];
  if (owner === undefined) throw new Error(`package.json: repository is ${repository}, not github:OWNER/k8s-ha-action`);
  return { owner, tag: `v${Number.parseInt(version, 10)}` };
}

// After what precedes a repository's name, so that paths such as /var/lib/k8s-ha-action are left alone.
const mention =
  /(?<=uses: |github(?:usercontent)?\.com\/|\/v\/release\/|--repo |--signer-workflow |github>|["'`(]|^\s+)(?!run\/|lib\/)[\w-]+(?=\/k8s-ha-action(?![\w-]))|(?<=@)[\w-]+(?=\/maintainers\b)/gm;
const ref =
  /(?<=[\w-]\/k8s-ha-action(?:\/[^\s@'"`]*|\$\{[^}]*\}[^\s@'"`]*)?@|\.com\/[\w-]+\/k8s-ha-action\/|[\w-]\/k8s-ha-action\/\/[\w/]+#)v\d+\b(?!\.)/g;

/** The text with this owner and this tag wherever it names the repository. */
export function withPublishedName(text: string, { owner, tag }: PublishedName): string {
  return text.replace(mention, owner).replace(ref, tag);
}

/** `actions/checkout` → `actions/checkout@<sha> # v7.0.1`, of each action of others that the project's workflows use. */
export function pins(): ReadonlyMap<string, string> {
  const folder = join(root, '.github/workflows');
  const texts = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
  const uses = texts.flatMap((text) => [...text.matchAll(/uses: ((actions\/[\w-]+)@[0-9a-f]{40} # v\S+)/g)]);
  return new Map(uses.map(([, pin = '', name = '']) => [name, pin]));
}

/** The text with the pin of each action of others that it uses. */
export function withPins(text: string, known: ReadonlyMap<string, string>): string {
  return text.replace(/(?<=uses: )(actions\/[\w-]+)@\S+(?: # v\S+)?/g, (use, name: string) => known.get(name) ?? use);
}

/** The texts that name the repository, without those of the bundles. */
export function namingTexts(): readonly string[] {
  const ignored = /^(node_modules|dist|\.git)$/;
  const found = globSync(['*', '*/**', '.github/**'], { cwd: root, exclude: (name) => ignored.test(name) });
  return found
    .filter((path) => /\.(md|ya?ml|ts)$|CODEOWNERS$/.test(path) && !path.startsWith('__tests__/docs/'))
    .filter((path) =>
      /[\w-]\/k8s-ha-action|@[\w-]+\/maintainers|uses: actions\//.test(readFileSync(join(root, path), 'utf8')),
    )
    .sort();
}
