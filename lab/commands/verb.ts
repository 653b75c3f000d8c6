import type { LabPaths } from '../identity.ts';
import type { Lab } from '../lab.ts';

/** The work of a verb: takes the arguments after the verb and returns the exit status. */
export type Verb = (lab: Lab, paths: LabPaths, args: string[]) => Promise<number>;
