import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ValidationConfig } from '@actions/languageservice';
import { build } from 'esbuild';
import type { TextDocument } from 'vscode-languageserver-textdocument';

/** What the tests use of GitHub's language service. */
interface LanguageService {
  validate(
    document: TextDocument,
    config: ValidationConfig,
  ): Promise<readonly { readonly message: string; readonly range: TextDocumentRange }[]>;
  readonly TextDocument: { create(uri: string, language: string, version: number, text: string): TextDocument };
}

interface TextDocumentRange {
  readonly start: { readonly line: number };
}

const source = `
  export { validate } from '@actions/languageservice';
  export { TextDocument } from 'vscode-languageserver-textdocument';
`;

/**
 * Loads GitHub's validator of workflows and actions. Bundled into `folder` first: its imports of JSON lack the attribute that Node requires.
 * As for a browser, where its packages are modules that load nothing else.
 */
export async function loadValidator(folder: string): Promise<LanguageService> {
  const outfile = join(folder, 'validator.mjs');
  const stdin = { contents: source, resolveDir: import.meta.dirname };
  await build({ stdin, outfile, bundle: true, format: 'esm', platform: 'browser' });
  return await import(pathToFileURL(outfile).href);
}
