import { heading } from './terminal.ts';

interface Part {
  readonly title: string;
  readonly milliseconds: number;
  readonly details: readonly string[];
}

/** The parts of a demo, each under its heading, with its time. */
export class Parts {
  readonly #parts: Part[] = [];

  /**
   * Does a part.
   * @param details of its time, for the table at the end.
   */
  async run<T>(
    title: string,
    work: () => Promise<T>,
    details: (result: T) => readonly string[] = () => [],
  ): Promise<T> {
    heading(title);
    const begin = performance.now();
    const result = await work();
    this.#parts.push({ title, milliseconds: performance.now() - begin, details: details(result) });
    return result;
  }

  /** The table: each part with its seconds, and its details below it. */
  get lines(): readonly string[] {
    return this.#parts.flatMap(({ title, milliseconds, details }) => [
      `${title.padEnd(32)} ${secondsOf(milliseconds)} s`,
      ...details.map((line) => `    ${line}`),
    ]);
  }
}

/** Seconds with a tenth, right-aligned. */
export function secondsOf(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(1).padStart(7);
}
