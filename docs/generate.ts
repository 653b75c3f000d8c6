// `npm run docs`: writes the pages that are made from the source. `--check` writes nothing and fails when one is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishedFiles } from '../src/cluster/publish.ts';
import { reportJsonSchema } from '../src/failover/report/schema.ts';
import { readActionManifests, root } from './action-manifests.ts';
import { actionPage, pageOf } from './action-page.ts';
import { figureManifests } from './figure-manifest.ts';
import { calledWorkflow, ownJobs, ownJobsWorkflow } from './own-jobs.ts';
import { withPorts } from './ports.ts';
import { namingTexts, pins, publishedName, withPins, withPublishedName } from './published-name.ts';
import { requirementsPage, withRequirements } from './requirements-tables.ts';

/** Generated pages, and all others that name the repository: path from the root → text. */
export function generatedPages(): ReadonlyMap<string, string> {
  const made = pagesOfTheSource();
  const name = publishedName();
  const known = pins();
  const texts = [...new Set([...made.keys(), ...namingTexts()])].map((path): [string, string] => {
    const text = withPublishedName(made.get(path) ?? presentText(path) ?? '', name);
    // The pins of the workflows themselves are moved by Dependabot, and those of tests and programs have a purpose of their own.
    return [path, /^(?!\.github\/workflows\/).*\.(md|ya?ml)$/.test(path) ? withPins(text, known) : text];
  });
  return new Map(texts);
}

function pagesOfTheSource(): ReadonlyMap<string, string> {
  const written = new Map(
    [...figureManifests].map(([path, withFigures]) => [path, withFigures(readFileSync(join(root, path), 'utf8'))]),
  );
  const pages = readActionManifests(written).map((manifest): [string, string] => [
    pageOf(manifest),
    actionPage(manifest, wordsOf(manifest.id)),
  ]);
  const schema = `${JSON.stringify(reportJsonSchema(), null, 2)}\n`;
  const requirements = withRequirements(readFileSync(join(root, requirementsPage), 'utf8'));
  const workflow = ownJobsWorkflow(readFileSync(join(root, calledWorkflow), 'utf8'));
  return new Map([
    ...written,
    ...pages,
    ...publishedFiles(),
    ['failover-report.schema.json', schema],
    [requirementsPage, requirements],
    [ownJobs, workflow],
  ]);
}

/** Pages that differ from the generated text. */
export function stalePages(): readonly string[] {
  return [...generatedPages()].filter(([path, text]) => presentText(path) !== text).map(([path]) => path);
}

function wordsOf(id: string): string {
  return withPorts(readFileSync(join(root, 'docs/actions', `${id}.md`), 'utf8'), id);
}

function presentText(path: string): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return undefined;
  }
}

if (import.meta.main) {
  const stale = stalePages();
  if (!process.argv.includes('--check')) {
    const pages = generatedPages();
    for (const path of stale) writeFileSync(join(root, path), pages.get(path) ?? '');
    console.log(stale.length === 0 ? 'every page is as the source makes it' : `written: ${stale.join(', ')}`);
  } else if (stale.length > 0) {
    console.error(`not what the source makes; run "npm run docs" and commit: ${stale.join(', ')}`);
    process.exitCode = 1;
  }
}
