// The system's browser, for the pictures of the documentation and for the tests of pages.
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const browsers = ['/usr/bin/chromium', '/usr/bin/google-chrome'];

/** Starts it without a window: `apt-get install chromium`, which `npm test` runs. */
export async function startBrowser(): Promise<Browser> {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
  const executablePath = browsers.find((path) => existsSync(path)) ?? '/usr/bin/chromium';
  return await chromium.launch({ executablePath, headless: true, args });
}
