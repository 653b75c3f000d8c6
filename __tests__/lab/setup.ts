import { prepareCache } from '../../lab/prepare.ts';

/** Fills the lab's cache once, before any test's own time limit starts: with an empty cache, that takes longer than all the tests. */
export default async function setup(): Promise<void> {
  await prepareCache((line) => console.log(line));
}
