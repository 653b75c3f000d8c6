import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../../docs/browser.ts';
import { makeReports } from '../../src/failover/report/index.ts';
import { defaultThresholds, judge } from '../../src/failover/verdict.ts';
import { failover, nightsBefore, probe } from '../failover/report/nights.ts';
import { openPage } from './pages.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const nights = nightsBefore(20)
  .map((night) => `${JSON.stringify(night)}\n`)
  .join('');
const htmlOf = (everyMs = 100) => {
  const result = failover({}, everyMs);
  return makeReports(result, judge(result, defaultThresholds), nights).html;
};
const desk = { viewport: { width: 1280, height: 900 } };
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };
const colour = (scheme: 'light' | 'dark') => ({ colorScheme: scheme });

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(async () => await browser?.close());

const shown = (page: Page) => page.textContent('#range');
const tip = (page: Page) => page.textContent('#tip');
async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}
/** Resolves when the requested view is drawn. */
const drawn = (page: Page) =>
  page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');

/** Pairs of texts of the chart that cover each other, and texts that are cut by its edge; clipped parts do not count. */
const collisions = `(() => {
  const chart = document.getElementById('chart').getBoundingClientRect();
  const boxes = [...document.querySelectorAll('#chart text')].map((element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    return { text: element.textContent, style: element.getAttribute('class'), left, right, top, bottom };
  }).filter(({ text, left, right }) => text !== '' && right > left);
  const cut = boxes.filter(({ left, right }) => left < chart.left - 1 || right > chart.right + 1);
  const pairs = boxes.flatMap((one, index) => boxes.slice(index + 1).filter((other) =>
    Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1 &&
    Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 5).map((other) => one.text + ' | ' + other.text));
  const plot = document.querySelector('#chart rect.lane').getBoundingClientRect().left;
  const names = boxes.filter(({ style, right }) => plot > chart.left + 1 && /title/.test(style) && right > plot);
  return { cut: cut.map(({ text }) => text), pairs, names: names.map(({ text }) => text) };
})()`;
const every = (host: string, slowMs: number) =>
  (['new', 'kept', 'write', 'watch', 'direct', 'service'] as const).map((kind) => probe({ host, kind, slowMs }));

test.each([
  ['usual names', 'node-1', 'master-1'],
  ['long names', 'worker-of-eu-central-1a-rack-17-slot-0042', 'control-plane-of-eu-central-1a-rack-17-slot-3'],
])('no text of the chart covers another one or runs into the axis at any width: %s', async (_, host, target) => {
  const result = failover({ target, probes: every(host, 640) });
  const { html } = makeReports(result, judge(result, defaultThresholds), nights);
  await using opened = await openPage(browser, html);
  const { page } = opened;
  for (const width of [1280, 700, 400, 320]) {
    await page.setViewportSize({ width, height: 900 });
    await drawn(page);
    expect(await page.locator('#chart .subtitle').count()).toBe(6);
    expect({ width, ...((await page.evaluate(collisions)) as object) }).toEqual({
      width,
      cut: [],
      pairs: [],
      names: [],
    });
  }
});

test('the page opens from disk, makes no request and logs no error', async () => {
  await using opened = await openPage(browser, htmlOf());
  await drawn(opened.page);
  expect({ requests: opened.requests, complaints: opened.complaints }).toEqual({ requests: [], complaints: [] });
  expect(await opened.page.locator('#chart rect.lane').count()).toBe(12);
  expect(await opened.page.locator('#chart path.cross').count()).toBeGreaterThan(0);
});

describe.each([
  ['desk, light', { ...desk, ...colour('light') }],
  ['desk, dark', { ...desk, ...colour('dark') }],
  ['phone, light', { ...phone, ...colour('light') }],
  ['phone, dark', { ...phone, ...colour('dark') }],
])('At a %s', (_, options) => {
  test('axe finds no problem, with every table open', async () => {
    await using opened = await openPage(browser, htmlOf(), { ...options, bypassCSP: true });
    const { page } = opened;
    await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
    await page.focus('#chart');
    await press(page, 'ArrowRight');
    await page.evaluate(axe);
    const results = (await page.evaluate('axe.run()')) as AxeResults;
    expect(results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
    expect(results.passes.map(({ id }) => id)).toContain('color-contrast');
  });

  test('nothing is wider than the screen', async () => {
    await using opened = await openPage(browser, htmlOf(), options);
    await drawn(opened.page);
    expect(await opened.page.evaluate('document.documentElement.scrollWidth')).toBe(options.viewport.width);
  });
});

test('the background is dark or light like the system', async () => {
  const grounds: number[] = [];
  for (const scheme of ['light', 'dark'] as const) {
    await using opened = await openPage(browser, htmlOf(), colour(scheme));
    const ground = await opened.page.evaluate('getComputedStyle(document.body).backgroundColor');
    grounds.push(Number(/\d+/.exec(String(ground))?.[0]));
  }
  expect(grounds[0]).toBeGreaterThan(200);
  expect(grounds[1]).toBeLessThan(40);
});

test('the keyboard reaches each failed request, and a screen reader reads its error', async () => {
  await using opened = await openPage(browser, htmlOf());
  const { page } = opened;
  // By Tab alone, as a user without a mouse reaches it: the link past the header, the controls, the chart.
  for (let presses = 0; presses < 12; presses += 1) {
    await press(page, 'Tab');
    if (await page.evaluate('document.activeElement.id === "chart"')) break;
  }
  const said = new Set<string>();
  for (let lane = 0; lane < 12; lane += 1) {
    await press(page, 'ArrowDown', 'Home');
    for (let mark = 0; mark < 6; mark += 1) {
      said.add((await tip(page)) ?? '');
      await press(page, 'ArrowRight');
    }
  }
  const failed = [...said].filter((text) => text.includes('failed after'));
  expect(failed.sort()).toEqual([
    'node-2, new connections · +0.000 s: failed after 180 ms: socket hang up',
    'node-2, new connections · +0.200 s: failed after 180 ms: connect ECONNREFUSED 10.1.2.11:6443',
  ]);
  expect(await page.getAttribute('#tip', 'role')).toBe('status');
  await press(page, 'Escape');
  expect(await page.isVisible('#tip')).toBe(false);
});

test('keys zoom and move, and show everything again', async () => {
  await using opened = await openPage(browser, htmlOf());
  const { page } = opened;
  const whole = await shown(page);
  await page.focus('#chart');
  await press(page, '+', '+');
  await drawn(page);
  const near = await shown(page);
  await press(page, 'Shift+ArrowRight');
  await drawn(page);
  const later = await shown(page);
  await press(page, '0');
  await drawn(page);
  expect(new Set([whole, near, later]).size).toBe(3);
  expect(await shown(page)).toBe(whole);
});

test('buttons have names and do what they say', async () => {
  await using opened = await openPage(browser, htmlOf());
  const { page } = opened;
  await page.getByRole('button', { name: 'Zoom to the fault' }).click();
  await drawn(page);
  expect(await shown(page)).toMatch(/^−[12]\.\d s to 19\.\d s$/);
  await page.getByRole('button', { name: 'Zoom in' }).press('Enter');
  await drawn(page);
  expect(await shown(page)).toMatch(/^[34]\.\d s to 1[34]\.\d s$/);
});

test('the wheel zooms with Ctrl alone, a drag moves, and hovering shows a request', async () => {
  await using opened = await openPage(browser, htmlOf(), { viewport: { width: 1280, height: 1600 } });
  const { page } = opened;
  const whole = await shown(page);
  const box = await page.locator('#chart').boundingBox();
  const [x, y] = [(box?.x ?? 0) + 700, (box?.y ?? 0) + 420];
  await page.mouse.move(x, y);
  expect(await tip(page)).toMatch(/^\d+\.\d{3} s: answered after \d+ ms$|^\+\d/);
  await page.mouse.wheel(0, -10);
  await drawn(page);
  expect(await shown(page)).toBe(whole);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -300);
  await page.keyboard.up('Control');
  await drawn(page);
  const near = await shown(page);
  await page.mouse.down();
  await page.mouse.move(x - 120, y, { steps: 4 });
  await page.mouse.up();
  await drawn(page);
  expect(new Set([whole, near, await shown(page)]).size).toBe(3);
});

test('a check of more than 50,000 requests is drawn within a second', async () => {
  await using opened = await openPage(browser, '<p>nothing yet</p>');
  const { page } = opened;
  const session = await page.context().newCDPSession(page);
  // The page's own time, without the time of other processes on a busy machine.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const spent = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    const parts = metrics.filter(({ name }) => name === 'TaskDuration');
    return parts.reduce((sum, { value }) => sum + value * 1000, 0);
  };
  writeFileSync(fileURLToPath(page.url()), htmlOf(5));
  await page.reload();
  await drawn(page);
  const whole = await spent();
  await page.click('[data-do=in]');
  await drawn(page);
  const again = (await spent()) - whole;
  expect(await page.locator('#chart path.stems').count()).toBe(6);
  expect(whole).toBeGreaterThan(10);
  expect(whole).toBeLessThan(1000);
  expect(again).toBeLessThan(300);
});

test('without JavaScript the tables still have all data', async () => {
  await using opened = await openPage(browser, htmlOf(), { javaScriptEnabled: false });
  expect(await opened.page.getByText('The chart needs JavaScript').isVisible()).toBe(true);
  const cell = opened.page.getByRole('cell', { name: 'connect ECONNREFUSED 10.1.2.11:6443', exact: true });
  expect(await cell.isVisible()).toBe(true);
});
