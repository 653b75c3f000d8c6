/** What a component says of a flag or of a configuration that it is about to drop, or no longer knows. */
const aboutFlags = /deprecated|will be removed|unknown (flag|field|shorthand)|unrecognized/i;
/** That the lab's machine may have cgroup v1 is no setting of the product's. */
const aboutMachine = /cgroup[ -]?v1/i;

/** The lines of a journal that warn about flags or configuration. */
export function flagWarnings(journal: string): readonly string[] {
  return journal.split('\n').filter((line) => aboutFlags.test(line) && !aboutMachine.test(line));
}
