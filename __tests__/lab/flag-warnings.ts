/** Messages of components about flags or configurations that are deprecated or unknown. */
const aboutFlags = /deprecated|will be removed|unknown (flag|field|shorthand)|unrecognized/i;
/** Excludes the warning about cgroup v1, which comes from the lab's machine. */
const aboutMachine = /cgroup[ -]?v1/i;

/** The lines of a journal that warn about flags or configuration. */
export function flagWarnings(journal: string): readonly string[] {
  return journal.split('\n').filter((line) => aboutFlags.test(line) && !aboutMachine.test(line));
}
