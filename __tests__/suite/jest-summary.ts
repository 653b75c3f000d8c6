import { relative } from 'node:path';

/** The counts of `npm test`. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** The part of jest's `--json` output that is read here. */
export interface JestSummary {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    /** Milliseconds since 1970. */
    readonly startTime: number;
    readonly endTime: number;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/**
 * Counts a run of jest. A test that was skipped, or is still to be written, counts as failed and is reported: it says
 * nothing about the product. So does a file that did not load.
 *
 * @param ok whether jest's exit status was 0.
 */
export function countsOf(summary: JestSummary, ok: boolean, report: (line: string) => void): Counts {
  const ran = new Set(['passed', 'failed']);
  const skipped = summary.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.flatMap(({ fullName, status }) => (ran.has(status) ? [] : [`${name}: ${fullName} (${status})`])),
  );
  for (const each of skipped) report(`not run, which counts as failed: ${each}`);
  const failed = summary.numFailedTests + summary.numRuntimeErrorTestSuites + skipped.length;
  return { passed: summary.numPassedTests, failed: ok ? failed : Math.max(1, failed) };
}

/** The tests that failed and the files that did not load, as lines for a reader: the end of a log is what is kept of it. */
export function failedTests(summaries: readonly JestSummary[], root: string): readonly string[] {
  const failed = summaries.flatMap(({ testResults }) =>
    testResults.flatMap(({ name, status, assertionResults }) => {
      const tests = assertionResults.filter((each) => each.status === 'failed').map(({ fullName }) => fullName);
      const names = tests.length === 0 && status === 'failed' ? ['the file itself'] : tests;
      return names.map((each) => `  ${relative(root, name)}: ${each}`);
    }),
  );
  return failed.length === 0 ? [] : ['\nfailed:', ...failed];
}

/** The files that took longest, as lines for a reader; none if nothing ran. */
export function slowestFiles(summaries: readonly JestSummary[], root: string, count = 10): readonly string[] {
  const files = summaries.flatMap(({ testResults }) =>
    testResults.map(({ name, startTime, endTime }) => ({ name: relative(root, name), ms: endTime - startTime })),
  );
  if (files.length === 0) return [];
  const slowest = files.sort((one, other) => other.ms - one.ms).slice(0, count);
  return ['\nslowest files:', ...slowest.map(({ name, ms }) => `${(ms / 1000).toFixed(1).padStart(8)} s  ${name}`)];
}
