import * as core from '@actions/core';
import { redact } from '../host/redact.ts';
import { plainText } from '../plain-text.ts';
import { covered, hide } from './hidden-values.ts';
import { printable, printableValue } from './log-text.ts';

// The only output: the log, annotations, outputs, saved state, variables and summaries all go through here, so
// that no text of a host, an API server or a file is interpreted as a command, and no secret value is printed.

/** The location of an annotation. */
export interface Place {
  readonly title?: string;
  /** A file of the repository. */
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

/** Lines that the log shows only if the secret or variable ACTIONS_STEP_DEBUG is true. */
export function debug(text: string): void {
  core.debug(shown(text));
}

/** An annotation, and lines in the log. */
export function warning(text: string, place: Place = {}): void {
  core.warning(shown(text), annotation(place));
}

/** The same for an error. */
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

/** Groups the output of `work` under this heading. Groups never nest. */
export async function group<T>(title: string, work: () => Promise<T>): Promise<T> {
  core.startGroup(property(title));
  try {
    return await work();
  } finally {
    core.endGroup();
  }
}

/** Makes the runner mask a value from now on; it is hidden here as well. */
export function addMask(value: string): void {
  hide(value);
  core.setSecret(value);
}

/**
 * Sets an output of the step. A list becomes JSON, with each text cleaned.
 * @throws Error for a name that is not a fixed identifier.
 */
export function setOutput(name: string, value: string | readonly string[]): void {
  core.setOutput(fixed(name), typeof value === 'string' ? printableValue(value) : jsonOf(value));
}

const jsonOf = (texts: readonly string[]): string => JSON.stringify(texts.map(printableValue));

/** Saves a value for the post step, which reads it with `readState`. */
export function saveState(name: string, value: string): void {
  core.saveState(fixed(name), printableValue(value));
}

/** Empty in the main step, and if nothing was saved. */
export function readState(name: string): string {
  return core.getState(name);
}

/** Sets a variable for this step and the later ones. */
export function exportVariable(name: string, value: string): void {
  core.exportVariable(fixed(name), printableValue(value));
}

function fixed(name: string): string {
  if (/^[A-Za-z][\w-]{0,63}$/.test(name)) return name;
  throw new Error(`${JSON.stringify(name.slice(0, 80))} is not a name of an output, a state or a variable`);
}

/** The value of an input, trimmed; empty if it is not set. */
export function getInput(name: string): string {
  return core.getInput(name);
}

/** Adds Markdown to the job summary. The caller must have escaped untrusted text (src/markdown.ts). */
export async function addSummary(markdown: string): Promise<void> {
  await core.summary.addRaw(plainText(covered(markdown)), true).write();
}

/** Cleans text for a file that others can read: an artifact, a report. */
export function published(text: string): string {
  return covered(text);
}

/** Marks the step as failed when the process ends. */
export function markFailed(): void {
  process.exitCode = core.ExitCode.Failure;
}
