import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describeProblem } from '../errors.ts';
import { hasArtifacts, uploadArtifact } from './artifact-client.ts';
import type { History } from './history.ts';
import { getInput, info, published, setOutput, warning } from './runner.ts';
import { writeSummary } from './summary.ts';

/** The reports of a check, as texts. */
export interface ReportTexts {
  readonly summary: string;
  readonly html: string;
  readonly json: string;
  readonly history: string;
  readonly warnings: readonly string[];
  /** The base name of the artifacts, without extension. */
  readonly name: string;
}

export interface ReportPlaces {
  /** Of report.html and report.json. */
  readonly folder: string;
  readonly history: History;
}

/** The folder that the input report-dir names, or one in the runner's temporary folder. */
export function reportFolder(): string {
  return resolve(getInput('report-dir') || join(process.env.RUNNER_TEMP || tmpdir(), 'k8s-ha-failover'));
}

/**
 * Renders the reports of a check and publishes them: summary, warnings, history, report.html and report.json, artifacts,
 * the output `report`. A write failure is only a warning, because it must not hide the result of the check.
 * @param make gets the history's text, which is empty if there is none yet.
 */
export async function publishReports(
  { folder, history }: ReportPlaces,
  make: (history: string) => ReportTexts,
): Promise<void> {
  const nights = await orWarn('the history could not be read', () => history.read());
  const texts = publishedTexts(make(nights ?? ''));
  for (const figure of texts.warnings) warning(figure, { title: 'slower than usual' });
  await orWarn('the summary could not be written', () => writeSummary(texts.summary));
  // An unreadable history is not overwritten.
  if (nights !== undefined) await orWarn('the history could not be written', () => history.write(texts.history));
  await orWarn('the report could not be written', () => writeReport(folder, texts));
  await orWarn('the report could not be uploaded', () => uploadReport(texts));
}

/** Everyone who can read the run can read the files, and the runner does not mask them. */
function publishedTexts(texts: ReportTexts): ReportTexts {
  const { html, json, history } = texts;
  return { ...texts, html: published(html), json: published(json), history: published(history) };
}

async function writeReport(place: string, { html, json }: ReportTexts): Promise<void> {
  await mkdir(place, { recursive: true });
  await writeFile(join(place, 'report.html'), html);
  await writeFile(join(place, 'report.json'), json);
  setOutput('report', join(place, 'report.html'));
  info(`report: ${join(place, 'report.html')}, and report.json in the same folder`);
}

/** Each file is a separate artifact that is not zipped, so it opens in the browser with a click. */
async function uploadReport({ name, html, json }: ReportTexts): Promise<void> {
  if (!hasArtifacts()) return info('the report is not uploaded: there is no artifact service here');
  const lasting = { lasting: true };
  await uploadArtifact(`${name}.html`, Buffer.from(html), false, lasting);
  await uploadArtifact(`${name}.json`, Buffer.from(json), false, lasting);
  setOutput('report-artifact', `${name}.html`);
  info(`artifacts: ${name}.html and ${name}.json`);
}

async function orWarn<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    warning(`${what}: ${describeProblem(error)}`);
    return undefined;
  }
}
