/** What a line of an action's output means to the one who shows it. */
export type Shown = {
  readonly kind: 'text' | 'group' | 'error' | 'warning';
  readonly text: string;
  /** An annotation's title, where it has one. */
  readonly title?: string;
};

/**
 * Reads an action's output as GitHub's runner does: workflow commands are obeyed and not shown, masked values become ***.
 * One for each run, since masks live as long as it.
 */
export class WorkflowCommands {
  readonly #masks = new Set<string>();
  readonly #state = new Map<string, string>();

  /** The values masked so far, for tests that look for them elsewhere. */
  get masks(): ReadonlySet<string> {
    return this.#masks;
  }

  /** What the step saved for its post step. */
  get state(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#state);
  }

  /** What to show of a line; nothing for a command that shows nothing. */
  read(line: string): Shown | undefined {
    const command = /^::([a-z-]+)(?: ([^:]*(?:::?[^:]+)*?))?::(.*)$/s.exec(line);
    if (!command) return { kind: 'text', text: this.masked(line) };
    const [, name = '', properties = '', value = ''] = command;
    const text = unescapeData(value);
    const title = /(?:^|,)title=([^,]*)/.exec(properties)?.[1];
    if (name === 'add-mask') {
      for (const part of [text, ...text.split(/\r?\n/)]) if (part.trim()) this.#masks.add(part);
      return undefined;
    }
    if (name === 'save-state') this.#state.set(properties.replace(/^name=/, ''), text);
    if (name === 'group' || name === 'error' || name === 'warning')
      return { kind: name, text: this.masked(text), ...(title ? { title: this.masked(unescapeData(title)) } : {}) };
    if (name === 'notice') return { kind: 'text', text: this.masked(text) };
    return undefined;
  }

  /** A text with every masked value taken out, the longest first. */
  masked(text: string): string {
    const values = [...this.#masks].sort((one, other) => other.length - one.length);
    return values.reduce((rest, value) => rest.replaceAll(value, '***'), text);
  }
}

/** The escapes of @actions/core for the data of a command. */
function unescapeData(value: string): string {
  return value.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
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
