/** The log interface for all rooms; GitHub's log, a terminal and the tests' recorder implement it. */
export interface Log {
  info(message: string): void;
  warning(message: string): void;
  debug(message: string): void;
  /** Runs `work` under a heading with its duration; GitHub does not nest groups, so callers use one level. */
  group<T>(title: string, work: () => Promise<T>): Promise<T>;
}

/**
 * A log that keeps its lines, for tests.
 * @internal
 */
export class RecordingLog implements Log {
  readonly lines: string[] = [];

  info(message: string): void {
    this.lines.push(message);
  }

  warning(message: string): void {
    this.lines.push(`warning: ${message}`);
  }

  debug(message: string): void {
    this.lines.push(`debug: ${message}`);
  }

  async group<T>(title: string, work: () => Promise<T>): Promise<T> {
    this.lines.push(`== ${title}`);
    return await work();
  }
}
