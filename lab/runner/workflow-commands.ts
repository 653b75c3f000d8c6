import { parseCommand, type RunnerCommand } from './command-line.ts';

/** The meaning of a line of an action's output for a program that shows it. */
export type Shown = {
  readonly kind: 'text' | 'group' | 'error' | 'warning';
  readonly text: string;
  /** An annotation's title, if it has one. */
  readonly title?: string;
};

/** The outputs of a job that later jobs get. */
export interface PassedOutputs {
  readonly outputs: Readonly<Record<string, string>>;
  /** By their names. */
  readonly dropped: readonly string[];
}

/** The runner's warning for an output that it drops (actions/runner, JobExtension.cs). */
export const droppedOutput = (name: string): string => `Skip output '${name}' since it may contain secret.`;

/** Whether the runner drops an output with this value: it contains one that is masked. */
export function isDropped(value: string, masks: Iterable<string>): boolean {
  return [...masks].some((mask) => value.includes(mask));
}

/** The commands that the runner knows, besides the token of a `stop-commands`. */
const known: ReadonlySet<string> = new Set([
  ...['add-mask', 'add-matcher', 'add-path', 'debug', 'echo', 'endgroup', 'error', 'group', 'notice', 'remove-matcher'],
  ...['save-state', 'set-env', 'set-output', 'stop-commands', 'warning'],
]);

/**
 * Reads an action's output like GitHub's runner (actions/runner, ActionCommandManager.TryProcessCommand): commands
 * in both spellings are executed and not shown, masked values become ***. One for each step.
 */
export class WorkflowCommands {
  readonly #masks = new Set<string>();
  readonly #state = new Map<string, string>();
  readonly #outputs = new Map<string, string>();
  readonly #obeyed: RunnerCommand[] = [];
  /** The command that re-enables commands; until then, the runner executes no other. */
  #stopToken: string | undefined;

  /** The values masked so far, for tests that look for them elsewhere. */
  get masks(): ReadonlySet<string> {
    return this.#masks;
  }

  /** What the step saved for its post step. */
  get state(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#state);
  }

  /** Outputs that were set by commands; those of the file are added after them. */
  get outputs(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#outputs);
  }

  /** Every executed command. */
  get obeyed(): readonly RunnerCommand[] {
    return this.#obeyed;
  }

  /** The text to show for a line; undefined for a command that shows nothing. */
  read(line: string): Shown | undefined {
    const command = parseCommand(line, (name) => known.has(name) || name === this.#stopToken);
    if (!command) return this.#text(line);
    const name = command.name.toLowerCase();
    if (this.#stopToken !== undefined) {
      if (name === this.#stopToken) this.#stopToken = undefined;
      return this.#text(line);
    }
    this.#obeyed.push(command);
    return name === 'stop-commands' ? this.#stop(command, line) : this.#obey(name, command);
  }

  /** A text with every masked value removed, the longest first. */
  masked(text: string): string {
    const values = [...this.#masks].sort((one, other) => other.length - one.length);
    return values.reduce((rest, value) => rest.replaceAll(value, '***'), text);
  }

  /** The outputs that the runner passes on to other jobs, and the names of those that it drops. */
  passedOn(outputs: Readonly<Record<string, string>>): PassedOutputs {
    const dropped = Object.keys(outputs).filter((name) => isDropped(outputs[name] ?? '', this.#masks));
    const kept = Object.entries(outputs).filter(([name]) => !dropped.includes(name));
    return { outputs: Object.fromEntries(kept), dropped };
  }

  #text(text: string): Shown {
    return { kind: 'text', text: this.masked(text) };
  }

  #stop({ data }: RunnerCommand, line: string): Shown {
    const token = data.toLowerCase();
    if (token === '' || token === 'pause-logging' || known.has(token)) return this.#failed('stop-commands');
    this.#stopToken = token;
    return this.#text(line);
  }

  #obey(name: string, { data, properties }: RunnerCommand): Shown | undefined {
    const title = properties.get('title');
    switch (name) {
      case 'add-mask':
        for (const part of [data, ...data.split(/\r?\n/)]) if (part.trim()) this.#masks.add(part);
        return undefined;
      case 'save-state':
        this.#state.set(properties.get('name') ?? '', data);
        return undefined;
      case 'set-output':
        this.#outputs.set(properties.get('name') ?? '', data);
        return undefined;
      case 'group':
      case 'error':
      case 'warning':
        return { kind: name, text: this.masked(data), ...(title ? { title: this.masked(title) } : {}) };
      case 'notice':
        return this.#text(data);
      case 'set-env':
      case 'add-path':
        return this.#failed(name);
      default:
        return undefined;
    }
  }

  /** The runner no longer accepts some commands from output, and fails the step. */
  #failed(name: string): Shown {
    return { kind: 'error', text: `Unable to process command '${name}' successfully.` };
  }
}

/** Reads GITHUB_OUTPUT: `name=value`, or `name<<END` with lines up to END. */
export function readOutputs(text: string): Readonly<Record<string, string>> {
  const outputs: Record<string, string> = {};
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const heredoc = /^([^=<]+)<<(.+)$/.exec(lines[at] ?? '');
    if (heredoc?.[1] && heredoc[2]) {
      const end = lines.indexOf(heredoc[2], at + 1);
      outputs[heredoc[1]] = lines.slice(at + 1, end).join('\n');
      at = end;
      continue;
    }
    const plain = /^([^=]+)=(.*)$/.exec(lines[at] ?? '');
    if (plain?.[1]) outputs[plain[1]] = plain[2] ?? '';
  }
  return outputs;
}
