import { droppedOutput, isDropped } from '../runner/workflow-commands.ts';

/** An annotation, as GitHub would show it on the file or the run. */
export interface Annotation {
  readonly kind: 'error' | 'warning' | 'notice';
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
}

/** The result of a job, or of one leg of its matrix. */
export interface JobResult {
  /** Its id in the workflow file. */
  readonly id: string;
  readonly matrix: Readonly<Record<string, string>>;
  /** `cancelled`: it reached its time limit. */
  readonly status: 'success' | 'failure' | 'cancelled' | 'skipped' | 'unfinished';
  /** From its first line to its last. */
  readonly milliseconds: number;
  /** When it began and ended, in milliseconds since the workflow began. */
  readonly began: number;
  readonly ended: number;
  /** The output of its steps, masked. */
  readonly lines: readonly string[];
  /** The outputs of its steps, by step id and name: `plan.etcd`. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly annotations: readonly Annotation[];
}

/** The fields of act's JSON lines that are read here. */
interface ActLine {
  readonly job?: string;
  readonly jobID?: string;
  readonly matrix?: Readonly<Record<string, unknown>>;
  readonly msg?: string;
  readonly raw_output?: boolean;
  readonly stage?: string;
  readonly stepID?: readonly string[];
  readonly stepResult?: string;
  readonly jobResult?: string;
  /** Of the lab's own line in act: the job has reached its time limit. */
  readonly jobLimit?: boolean;
  readonly command?: string;
  readonly name?: string;
  readonly arg?: string;
  readonly content?: string;
  readonly kvPairs?: Readonly<Record<string, string>>;
}

type Growing = { -readonly [Key in keyof JobResult]: JobResult[Key] } & {
  lines: string[];
  outputs: Record<string, string>;
  annotations: Annotation[];
};

/** Reads act's `--json` output line by line into the result of each job. */
export class ActLog {
  readonly #jobs = new Map<string, Growing>();
  readonly #masks = new Set<string>();
  readonly #secrets: readonly string[];
  readonly #begin = performance.now();

  /** @param secrets values of the run's secrets, each line of which the runner masks. */
  constructor(secrets: readonly string[] = []) {
    this.#secrets = secrets.flatMap((secret) => [secret, ...secret.split(/\r?\n/)]).filter((line) => line.trim());
  }

  /** Every job that wrote a line, in the order of their first ones. */
  get jobs(): readonly JobResult[] {
    return [...this.#jobs.values()];
  }

  /** The values that the steps asked to mask. */
  get masks(): ReadonlySet<string> {
    return this.#masks;
  }

  /** Reads a line; returns the text that a user should see, with its job. */
  read(text: string): { readonly job: string; readonly text: string } | undefined {
    const line = parsed(text);
    if (!line) return text.trim() ? { job: '', text } : undefined;
    if (!line.jobID || !line.job) return undefined;
    const job = this.#jobOf(line);
    job.ended = performance.now() - this.#begin;
    job.milliseconds = job.ended - job.began;
    this.#take(job, line);
    return shown(line);
  }

  #jobOf(line: ActLine): Growing {
    const key = line.job ?? '';
    const known = this.#jobs.get(key);
    if (known) return known;
    const matrix = Object.fromEntries(Object.entries(line.matrix ?? {}).map(([name, value]) => [name, String(value)]));
    const now = performance.now() - this.#begin;
    const job: Growing = {
      ...{ id: line.jobID ?? '', matrix, status: 'unfinished', milliseconds: 0, began: now, ended: now },
      ...{ lines: [], outputs: {}, summary: '', annotations: [] },
    };
    this.#jobs.set(key, job);
    return job;
  }

  #take(job: Growing, line: ActLine): void {
    if (line.raw_output) job.lines.push(withoutEnd(line.msg));
    if (line.command === 'add-mask') this.#masks.add(unescapeData(line.arg ?? ''));
    if (line.command === 'set-output') this.#takeOutput(job, line);
    if (line.command === 'summary') job.summary += line.content ?? '';
    if (line.command === 'error' || line.command === 'warning' || line.command === 'notice')
      job.annotations.push(annotation(line.command, line));
    // A leg's own result: act's `jobResult` is also a failure for legs that end after a failed one.
    if (line.stepResult === 'failure') job.status = 'failure';
    if (line.jobLimit) this.#endAtLimit(job, line);
    if (line.jobResult && job.status === 'unfinished') job.status = 'success';
  }

  /** As GitHub shows it. */
  #endAtLimit(job: Growing, { msg = '' }: ActLine): void {
    job.status = 'cancelled';
    job.annotations.push({ kind: 'error', message: msg });
  }

  /** act passes on an output with a masked value; here it is missing, as on GitHub. */
  #takeOutput(job: Growing, { stepID, name = '', arg = '' }: ActLine): void {
    if (isDropped(arg, [...this.#masks, ...this.#secrets]))
      job.annotations.push({ kind: 'warning', message: droppedOutput(name) });
    else job.outputs[`${stepID?.join('.')}.${name}`] = arg;
  }
}

function annotation(kind: Annotation['kind'], { arg = '', kvPairs = {} }: ActLine): Annotation {
  const { file, line } = kvPairs;
  return { kind, message: unescapeData(arg), ...(file ? { file } : {}), ...(line ? { line: Number(line) } : {}) };
}

function shown(line: ActLine): { readonly job: string; readonly text: string } | undefined {
  const job = [line.jobID, ...Object.values(line.matrix ?? {})].join(' ');
  if (line.raw_output) return { job, text: withoutEnd(line.msg) };
  if (line.command === 'error' || line.command === 'warning')
    return { job, text: `${line.command}: ${unescapeData(line.arg ?? '')}` };
  if (line.jobResult) return { job, text: `job: ${line.jobResult}` };
  return undefined;
}

function parsed(text: string): ActLine | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

const withoutEnd = (text = ''): string => text.replace(/\r?\n$/, '');

/** The escapes of @actions/core for the data of a command. */
function unescapeData(value: string): string {
  return value.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}
