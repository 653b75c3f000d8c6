import * as core from '@actions/core';
import type { Run } from '../phases/run.ts';
import { duration } from './log.ts';

/** GitHub refuses a step's summary above 1 MiB as a whole; cut a little before. */
const limit = 1_000_000;

/** Writes Markdown to the job summary, where there is one; cut with a word about it rather than lost. */
export async function writeSummary(markdown: string): Promise<void> {
  if (!process.env.GITHUB_STEP_SUMMARY) return;
  const whole = Buffer.byteLength(markdown) <= limit;
  const text = whole
    ? markdown
    : `${Buffer.from(markdown).subarray(0, limit).toString()}\n\n… cut: the log has the rest.\n`;
  await core.summary.addRaw(text, true).write();
}

/** What a run did, by host and by phase; pure. */
export function summaryOf(title: string, run: Run): string {
  const total = run.timings.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const changes = run.results.flatMap((result) => result.changes.map((change) => ({ host: result.host, ...change })));
  const verdict =
    changes.length + run.objects.length === 0
      ? 'nothing to change'
      : `${changes.length} changes on hosts, ${run.objects.length} objects`;
  const hosts = run.cluster.hosts.map((host) => {
    const own = run.results.filter((result) => result.host === host.name);
    const count = own.reduce((sum, result) => sum + result.changes.length, 0);
    const restarted = own.flatMap((result) => result.restarted).join(', ');
    const took = own.reduce((sum, result) => sum + result.milliseconds, 0);
    return `| ${host.name} | ${host.roles.join(', ')} | ${count} | ${restarted || '–'} | ${duration(took)} |`;
  });
  return [
    `## ${title} of ${run.cluster.name}: ${run.dryRun ? 'dry run, ' : ''}${verdict} in ${duration(total)}`,
    '',
    '| host | roles | changes | restarted | time |',
    '|---|---|--:|---|--:|',
    ...hosts,
    '',
    '| phase | time |',
    '|---|--:|',
    ...run.timings.map(({ phase, milliseconds }) => `| ${phase} | ${duration(milliseconds)} |`),
    '',
    ...(changes.length > 0
      ? ['<details><summary>Changes</summary>', '', '| host | what | why |', '|---|---|---|']
      : []),
    ...changes.map(({ host, kind, subject, reason }) => `| ${host} | ${kind} ${subject} | ${reason} |`),
    ...(changes.length > 0 ? ['', '</details>', ''] : []),
    '',
  ].join('\n');
}
