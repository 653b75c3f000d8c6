// `npm run pictures -- REPORT.html`: the picture of a failover report in the README, taken from the report of a real check, such as the one
// that `npm run demo` names at its end.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './action-manifests.ts';
import { startBrowser } from './browser.ts';

const picture = join(root, 'docs/images/failover-report.png');

async function takePicture(report: string): Promise<number> {
  const browser = await startBrowser();
  try {
    const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, colorScheme: 'light' });
    const page = await context.newPage();
    await page.goto(pathToFileURL(report).href);
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    // Without the tables below the chart.
    const chart = await page.locator('#chart').boundingBox();
    const height = Math.ceil((chart?.y ?? 0) + (chart?.height ?? 0) + 16);
    const bytes = await page.screenshot({ fullPage: true, clip: { x: 0, y: 0, width: 1200, height } });
    mkdirSync(dirname(picture), { recursive: true });
    writeFileSync(picture, bytes);
    return bytes.length;
  } finally {
    await browser.close();
  }
}

const [report] = process.argv.slice(2);
if (report === undefined || !readFileSync(report, 'utf8').includes('id="chart"')) {
  console.error('usage: npm run pictures -- REPORT.html');
  process.exitCode = 1;
} else {
  console.log(`${picture}: ${Math.ceil((await takePicture(resolve(report))) / 1024)} KiB`);
}
