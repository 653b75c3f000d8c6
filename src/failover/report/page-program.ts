import { pageBundle } from '../../../bundling/page.ts';

let program: string | undefined;

/** The page's script, built from page/. In the actions' bundles it is text: the build replaces this file (bundling/page.ts). */
export function pageProgram(): string {
  program ??= pageBundle();
  return program;
}
