import * as core from '@actions/core';
import { redact } from '../host/redact.ts';
import { plainText } from '../plain-text.ts';
import { covered, hide } from './hidden-values.ts';
import { printable, printableValue } from './log-text.ts';

// The one way out: the log, annotations, outputs, saved state, variables and summaries go through here and nowhere else, so
// that no text of a host, an API server or a file is a command to the runner, and no secret value is shown.

/** Where an annotation is shown. */
export interface Place {
  readonly title?: string;
  /** Of the repository. */
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based. */
  readonly column?: number;
}

const shown = (text: string): string => printable(covered(redact(text)));

/** Lines for the log. */
export function info(text: string): void {
  core.info(shown(text));
}

export function debug(text: string): void {
  core.debug(shown(text));
}

/** An annotation, and lines in the log. */
export function warning(text: string, place: Place = {}): void {
  core.warning(shown(text), annotation(place));
}

/** The same for what has failed. */
export function error(text: string, place: Place = {}): void {
  core.error(shown(text), annotation(place));
}

function annotation({ title, file, line, column }: Place): core.AnnotationProperties {
  return {
    ...(title ? { title: property(title) } : {}),
    ...(file ? { file: property(file) } : {}),
    ...(line ? { startLine: line } : {}),
    ...(line && column ? { startColumn: column } : {}),
  };
}

const property = (text: string): string => printableValue(covered(redact(text)));

/** What `work` prints folds under this heading. Groups never nest. */
export async function group<T>(title: string, work: () => Promise<T>): Promise<T> {
  core.startGroup(property(title));
  try {
    return await work();
  } finally {
    core.endGroup();
  }
}

/** Has the runner mask a value from now on; it is hidden here as well. */
export function addMask(value: string): void {
  hide(value);
  core.setSecret(value);
}

/**
 * An output of the step. A list becomes JSON, each of its texts cleaned.
 * @throws Error for a name that is not fixed in the code.
 */
export function setOutput(name: string, value: string | readonly string[]): void {
  core.setOutput(fixed(name), typeof value === 'string' ? printableValue(value) : jsonOf(value));
}

const jsonOf = (texts: readonly string[]): string => JSON.stringify(texts.map(printableValue));

/** What the post step of this step reads by `readState`. */
export function saveState(name: string, value: string): void {
  core.saveState(fixed(name), printableValue(value));
}

/** Empty in the step itself, and where nothing was saved. */
export function readState(name: string): string {
  return core.getState(name);
}

/** A variable for this step and those that follow it. */
export function exportVariable(name: string, value: string): void {
  core.exportVariable(fixed(name), printableValue(value));
}

function fixed(name: string): string {
  if (/^[A-Za-z][\w-]{0,63}$/.test(name)) return name;
  throw new Error(`${JSON.stringify(name.slice(0, 80))} is no name of an output, a state or a variable`);
}

/** The value of an input, without blanks around it; empty when it is not given. */
export function getInput(name: string): string {
  return core.getInput(name);
}

/** Adds Markdown to the job summary. What is not ours in it has been escaped (src/markdown.ts). */
export async function addSummary(markdown: string): Promise<void> {
  await core.summary.addRaw(plainText(covered(markdown)), true).write();
}

/** Text for a file that others may read: an artifact, a report. */
export function published(text: string): string {
  return covered(text);
}

/** Ends the step as failed when the process ends. */
export function markFailed(): void {
  process.exitCode = core.ExitCode.Failure;
}
