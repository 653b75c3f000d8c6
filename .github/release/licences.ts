// The licences of the packages in the bundles, from their own files: `node .github/release/licences.ts >LICENCES.txt`.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from '../../bundling/options.ts';

const root = join(import.meta.dirname, '../..');

/** A package of which a bundle holds at least one file. */
export interface BundledPackage {
  /** Its folder below the root: two versions of a package are two folders. */
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly text: string;
}

/** Asks the bundler itself, so that nothing is listed that is not there and nothing is there that is not listed. */
export async function bundledPackages(): Promise<readonly BundledPackage[]> {
  const { metafile } = await build({ ...bundleOptions(root), metafile: true, write: false });
  const used = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
  const folders = new Set(used.flatMap((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []));
  return [...folders].sort().map(readPackage);
}

function readPackage(folder: string): BundledPackage {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const file = readdirSync(join(root, folder)).find((each) => /^(licen[cs]e|copying)(\.|$)/i.test(each));
  const text = file && existsSync(join(root, folder, file)) ? readFileSync(join(root, folder, file), 'utf8') : '';
  return { folder, name, version, licence: typeof license === 'string' ? license : '', text: text.trim() };
}

if (import.meta.main) {
  for (const { name, version, licence, text } of await bundledPackages()) {
    console.log(`${'='.repeat(80)}\n${name} ${version}: ${licence}\n${'='.repeat(80)}\n\n${text}\n`);
  }
}
