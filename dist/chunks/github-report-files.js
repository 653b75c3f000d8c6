import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  hasArtifacts,
  uploadArtifact
} from "./github-artifact-client.js";
import {
  writeSummary
} from "./github-summary.js";
import {
  describeProblem
} from "./errors.js";
import {
  getInput,
  info,
  published,
  setOutput,
  warning
} from "./github-hidden-values.js";

// src/github/report-files.ts
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
function reportFolder() {
  return resolve(getInput("report-dir") || join(process.env.RUNNER_TEMP || tmpdir(), "k8s-ha-failover"));
}
async function publishReports({ folder, history }, make) {
  const nights = await orWarn("the history could not be read", () => history.read());
  const texts = publishedTexts(make(nights ?? ""));
  for (const figure of texts.warnings) warning(figure, { title: "slower than usual" });
  await orWarn("the summary could not be written", () => writeSummary(texts.summary));
  if (nights !== void 0) await orWarn("the history could not be written", () => history.write(texts.history));
  await orWarn("the report could not be written", () => writeReport(folder, texts));
  await orWarn("the report could not be uploaded", () => uploadReport(texts));
}
function publishedTexts(texts) {
  const { html, json, history } = texts;
  return { ...texts, html: published(html), json: published(json), history: published(history) };
}
async function writeReport(place, { html, json }) {
  await mkdir(place, { recursive: true });
  await writeFile(join(place, "report.html"), html);
  await writeFile(join(place, "report.json"), json);
  setOutput("report", join(place, "report.html"));
  info(`report: ${join(place, "report.html")}, and report.json in the same folder`);
}
async function uploadReport({ name, html, json }) {
  if (!hasArtifacts()) return info("the report is not uploaded: there is no artifact service here");
  const lasting = { lasting: true };
  await uploadArtifact(`${name}.html`, Buffer.from(html), false, lasting);
  await uploadArtifact(`${name}.json`, Buffer.from(json), false, lasting);
  setOutput("report-artifact", `${name}.html`);
  info(`artifacts: ${name}.html and ${name}.json`);
}
async function orWarn(what, work) {
  try {
    return await work();
  } catch (error) {
    warning(`${what}: ${describeProblem(error)}`);
    return void 0;
  }
}

export {
  reportFolder,
  publishReports
};
