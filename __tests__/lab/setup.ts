import { prepareCache } from '../../lab/prepare.ts';

/** Fills the lab's cache once, before any test's own limit runs: with nothing in it, that takes longer than all the tests. */
export default async function setup(): Promise<void> {
  await prepareCache((line) => console.log(line));
}
