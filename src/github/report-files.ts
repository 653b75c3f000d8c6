import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as core from '@actions/core';
import { describeProblem } from '../errors.ts';
import { uploadArtifact } from './artifact-client.ts';
import type { History } from './history.ts';
import { writeSummary } from './summary.ts';

/** What a check leaves, as texts. */
export interface ReportTexts {
  readonly summary: string;
  readonly html: string;
  readonly json: string;
  readonly history: string;
  readonly warnings: readonly string[];
  /** Of the artifacts, without their end. */
  readonly name: string;
}

export interface ReportPlaces {
  /** Empty: one in the runner's temporary folder. */
  readonly folder: string;
  readonly history: History;
}

/**
 * Makes the reports of a check and puts each where it belongs: summary, warnings, history, report.html and report.json, artifacts,
 * the output `report`. What can't be written is a warning, since it must not hide how the check went.
 * @param make is given the history's text, which is empty when there is none yet.
 */
export async function publishReports(
  { folder, history }: ReportPlaces,
  make: (history: string) => ReportTexts,
): Promise<void> {
  const nights = await orWarn('the history could not be read', () => history.read());
  const texts = make(nights ?? '');
  for (const warning of texts.warnings) core.warning(warning, { title: 'slower than usual' });
  await orWarn('the summary could not be written', () => writeSummary(texts.summary));
  // What could not be read is not overwritten.
  if (nights !== undefined) await orWarn('the history could not be written', () => history.write(texts.history));
  const place = resolve(folder || join(process.env.RUNNER_TEMP || tmpdir(), 'k8s-ha-failover'));
  await orWarn('the report could not be written', () => writeReport(place, texts));
  await orWarn('the report could not be uploaded', () => uploadReport(texts));
}

async function writeReport(place: string, { html, json }: ReportTexts): Promise<void> {
  await mkdir(place, { recursive: true });
  await writeFile(join(place, 'report.html'), html);
  await writeFile(join(place, 'report.json'), json);
  core.setOutput('report', join(place, 'report.html'));
  core.info(`report: ${join(place, 'report.html')}, and report.json beside it`);
}

/** Each file is an artifact of its own, since one that is not zipped opens in the browser by a click. */
async function uploadReport({ name, html, json }: ReportTexts): Promise<void> {
  if (!process.env.ACTIONS_RESULTS_URL || !process.env.ACTIONS_RUNTIME_TOKEN)
    return core.info('the report is not uploaded: there is no artifact service here');
  const lasting = { lasting: true };
  await uploadArtifact(`${name}.html`, Buffer.from(html), false, lasting);
  await uploadArtifact(`${name}.json`, Buffer.from(json), false, lasting);
  core.setOutput('report-artifact', `${name}.html`);
  core.info(`artifacts: ${name}.html and ${name}.json`);
}

async function orWarn<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    core.warning(`${what}: ${describeProblem(error)}`);
    return undefined;
  }
}
