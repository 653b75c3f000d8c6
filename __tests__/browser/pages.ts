// Opens pages like a user: from disk, in a real browser.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** A page, and its requests, messages and errors. */
export interface Opened {
  readonly page: Page;
  /** Addresses that it requested, besides its own. */
  readonly requests: readonly string[];
  /** Its console messages and uncaught errors. */
  readonly complaints: readonly string[];
}

/** Puts HTML into a file and opens it; disposing of the returned object closes the page and deletes the file. */
export async function openPage(
  browser: Browser,
  html: string,
  options: BrowserContextOptions = {},
): Promise<Opened & AsyncDisposable> {
  const folder = mkdtempSync(join(tmpdir(), 'k8s-ha-page-'));
  const file = join(folder, 'report.html');
  writeFileSync(file, html);
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const address = pathToFileURL(file).href;
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => void (request.url() === address || requests.push(request.url())));
  page.on('console', (message) => void complaints.push(message.text()));
  page.on('pageerror', (error) => void complaints.push(error.message));
  await page.goto(address);
  return {
    page,
    requests,
    complaints,
    async [Symbol.asyncDispose]() {
      await context.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
