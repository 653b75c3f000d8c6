import { expect, test } from '@jest/globals';
import { withoutStopped } from '../../src/phases/stopped-servers.ts';

const straysOf = (addresses: readonly string[]) => addresses.filter((address) => address === '10.0.0.9');

/** A cluster whose list names a stray for so many looks. */
function look(answering: boolean, keeps: number) {
  const did = { asked: 0, paused: 0 };
  return {
    did,
    answers: async () => {
      did.asked += 1;
      return answering;
    },
    listed: async () => (did.paused < keeps ? undefined : ['10.0.0.1']),
    pause: async () => {
      did.paused += 1;
    },
  };
}

test('an API server that stopped a moment ago is waited for until the list drops it', async () => {
  const stopped = look(false, 12);
  expect(await withoutStopped(['10.0.0.1', '10.0.0.9'], straysOf, stopped)).toEqual(['10.0.0.1']);
  expect(stopped.did.paused).toBe(12);
});

test('one that answers is not waited for, and one that stays in the list is still in it after its lease', async () => {
  const serving = look(true, 100);
  expect(await withoutStopped(['10.0.0.9'], straysOf, serving)).toEqual(['10.0.0.9']);
  expect(serving.did).toEqual({ asked: 1, paused: 0 });
  const silent = look(false, 100);
  expect(await withoutStopped(['10.0.0.9'], straysOf, silent)).toEqual(['10.0.0.9']);
  expect(silent.did.paused).toBe(17);
});

test('nothing is asked when the file has all of them', async () => {
  const none = look(false, 0);
  expect(await withoutStopped(['10.0.0.1'], straysOf, none)).toEqual(['10.0.0.1']);
  expect(none.did).toEqual({ asked: 0, paused: 0 });
});
