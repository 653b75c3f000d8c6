import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { makeReports } from '../../../src/failover/report/index.ts';
import type { FailoverResult } from '../../../src/failover/result.ts';
import { defaultThresholds, judge } from '../../../src/failover/verdict.ts';
import { hostileText, unseen } from '../../hostile-text.ts';
import { failover, nightsBefore } from './nights.ts';

const nights = nightsBefore(20)
  .map((night) => `${JSON.stringify(night)}\n`)
  .join('');
const reportsOf = (result: FailoverResult, history = nights) =>
  makeReports(result, judge(result, defaultThresholds), history);
const pageOf = (result: FailoverResult) => reportsOf(result).html;
const dataIn = (page: string) => JSON.parse(/id="data">(.*?)<\/script>/s.exec(page)?.[1] ?? '');

test('the page has the verdict at its top, and the figures with their trend', () => {
  const page = pageOf(failover());
  expect(page).toContain('<h1>master-1 lost by poweroff</h1>');
  expect(page).toContain(
    '1 of 1380 new connections failed (limit 0), besides 1 that may have been accepted by master-1',
  );
  expect(page).toContain('<td>connect ECONNREFUSED 10.1.2.11:6443</td>');
  expect(page).toMatch(/Slower than usual: the median is 14\.\d s/);
  expect(page.match(/class="spark"/g)).toHaveLength(5);
});

test('no observed text becomes markup or script', () => {
  const evil = '</script><img src=x onerror=alert(1)>\u2028"\'&';
  const timeline = [{ ms: 1, track: 'rejoin' as const, what: evil }];
  const page = pageOf(failover({ cluster: evil, target: evil, fault: evil, timeline, troubles: [evil] }));
  expect(page).not.toContain('<img');
  expect(page).not.toContain('\u2028"');
  expect(page.match(/<script/g)).toHaveLength(2);
  expect(dataIn(page).lanes[0].title).toBe(evil.replace('\u2028', ' '));
});

test('page, data and summary contain only visible characters for any observed text, and the data can be parsed', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const timeline = [{ ms: 1, track: 'rejoin' as const, what: text }];
      const [night] = nightsBefore(1, { target: text, fault: text });
      const seen = failover({ fault: text, timeline, troubles: [text] });
      const { html, json, summary } = reportsOf(seen, `${JSON.stringify(night)}\n`);
      for (const made of [html, json, summary]) expect(made).not.toMatch(unseen);
      // If it were only escaped in JSON, its reader would decode it again.
      const texts: unknown[] = [];
      JSON.parse(json, (_, value) => (typeof value === 'string' ? texts.push(value) : value));
      expect(texts.join('')).not.toMatch(unseen);
      expect(html.match(/<script|<img|<a /g)).toEqual(['<a ', '<script', '<script']);
      expect(summary.split('\n').filter((line) => line.startsWith('```'))).toHaveLength(2);
      expect(dataIn(html).lanes.length).toBeGreaterThan(2);
    }),
    { numRuns: 50 },
  );
});

test('its policy allows its own style and script, and no requests', () => {
  const page = pageOf(failover());
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.replaceAll('&#39;', "'");
  const hash = (tag: string) => {
    const text = new RegExp(`<${tag}>(.*?)</${tag}>`, 's').exec(page)?.[1] ?? '';
    return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  };
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain(`style-src ${hash('style')};`);
  expect(policy).toContain(`script-src ${hash('script')};`);
  expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:\/\/|@import|\ssrc=/);
});

test('a page with very many requests stays small, and has every failed one', () => {
  const page = pageOf(failover({}, 5));
  const lanes: readonly {
    readonly marks: readonly { readonly shape: string }[];
    readonly samples?: readonly unknown[];
  }[] = dataIn(page).lanes;
  const all = failover({}, 5).probes.reduce((sum, { requests }) => sum + requests, 0);
  expect(all).toBeGreaterThan(50_000);
  expect(lanes.reduce((sum, { samples = [] }) => sum + samples.length, 0)).toBeLessThanOrEqual(20_000);
  expect(lanes.flatMap(({ marks }) => marks).filter(({ shape }) => shape === 'cross')).toHaveLength(2);
  expect(page.length).toBeLessThan(500_000);
  expect(page).toContain(`Of ${all} requests`);
});

test('an instrument that the page does not know gets a lane with its own name', () => {
  const timeline = [{ ms: 4000, track: 'etcd' as never, what: 'etcd-2 leads' }];
  const lanes: readonly { readonly title: string }[] = dataIn(pageOf(failover({ timeline }))).lanes;
  expect(lanes.map(({ title }) => title)).toContain('etcd');
});

test('a check without probes, leases and rejoin has a page too', () => {
  const page = pageOf(failover({ probes: [], holdings: [], transfers: [], timeline: [], rejoinMs: undefined }));
  expect(page).toContain('No node’s balancer was probed');
  expect(page).toContain('never');
});

test('all reports of a check come from one place: summary with the trend, page, JSON, history, warnings', () => {
  const { summary, json, history, warnings, name } = reportsOf(failover());
  expect(summary).toContain('| figure | nights | this one |');
  expect(JSON.parse(json).history).toHaveLength(20);
  expect(history.trim().split('\n')).toHaveLength(21);
  expect(warnings).toEqual([expect.stringContaining('back in step: 21.9 s')]);
  expect(name).toBe('failover-report-seed_master-1_poweroff');
  expect(reportsOf(failover(), '').warnings).toEqual([]);
});
