import { execFileSync } from 'node:child_process';
import { beforeAll, expect, test } from '@jest/globals';
import type { Authorities } from '../../src/pki/authorities.ts';
import {
  findServiceAccount,
  signingWith,
  trustingOnlyCurrent,
  withNextKey,
} from '../../src/pki/find-service-account.ts';
import { authorityFiles, findAuthorities, makeAuthorities, paths, type SeenHost } from '../../src/pki/index.ts';
import { keyId, newSigningPair } from '../../src/pki/keys.ts';
import { trusted, trustOf } from '../../src/pki/trust.ts';
import { contents, now, problemOf } from './hosts.ts';

type ServiceAccount = Authorities['serviceAccount'];

let old: ServiceAccount;
let pair: ServiceAccount;
/** Trusts the new key; signs with it; trusts only it. */
let stages: readonly [ServiceAccount, ServiceAccount, ServiceAccount, ServiceAccount];

beforeAll(async () => {
  [old, pair] = await Promise.all([newSigningPair(), newSigningPair()]);
  const trusting = withNextKey(old, pair.pub);
  const signing = signingWith(trusting, pair);
  stages = [old, trusting, signing, trustingOnlyCurrent(signing)];
});

const master = (host: string, { key, pub }: ServiceAccount): SeenHost => ({
  host,
  files: new Map([
    [paths.serviceAccount.key, key],
    [paths.serviceAccount.pub, pub],
  ]),
});

const found = (...masters: readonly ServiceAccount[]) =>
  findServiceAccount(
    masters.map((each, index) => master(`master-${index + 1}`, each)),
    () => true,
  );

const idsOf = (pub: string) => trusted(trustOf(pub)).map(keyId);

test('the stages: the new key is trusted, then signs, then the old one is refused', () => {
  const [before, trusting, signing, after] = stages;
  const [one, two] = [keyId(old.pub), keyId(pair.pub)];
  expect([before, trusting, signing, after].map(({ key }) => keyId(key))).toEqual([one, one, two, two]);
  expect([before, trusting, signing, after].map(({ pub }) => idsOf(pub))).toEqual([
    [one],
    [one, two],
    [two, one],
    [two],
  ]);
  expect([trusting, signing].map(({ pub }) => pub.match(/^# \w+/gm))).toEqual([['# next'], ['# former']]);
});

test('a stage that all masters have is kept byte for byte', () => {
  for (const stage of stages) expect(found(stage, stage, stage)).toEqual(stage);
});

test('between two stages the later key signs, and every key that may have signed is trusted', () => {
  for (const [one, other, expected] of [
    [0, 1, 1],
    [1, 2, 2],
    [2, 3, 2],
  ] as const)
    for (const pairOf of [
      [stages[one], stages[other]],
      [stages[other], stages[one]],
    ] as const) {
      const agreed = found(...pairOf);
      expect(keyId(agreed?.key ?? '')).toBe(keyId(stages[expected].key));
      expect(new Set(idsOf(agreed?.pub ?? ''))).toEqual(new Set(idsOf(stages[expected].pub)));
    }
});

test('a master whose two files were written only in part is one of the rotation', () => {
  const [, trusting, signing] = stages;
  const half = { key: signing.key, pub: trusting.pub };
  const agreed = found(trusting, half, trusting);
  expect([keyId(agreed?.key ?? ''), agreed?.pub]).toEqual([keyId(pair.key), signing.pub]);
});

test('a key that never signed is dropped by the next rotation, one that has signed is not', async () => {
  const third = await newSigningPair();
  const [, trusting, signing] = stages;
  expect(idsOf(withNextKey(trusting, third.pub).pub)).toEqual([keyId(old.pub), keyId(third.pub)]);
  expect(idsOf(withNextKey(signing, third.pub).pub)).toEqual([keyId(pair.pub), keyId(third.pub), keyId(old.pub)]);
});

test('a key that was added by hand is kept, as one that may have signed', () => {
  const text = `${old.pub}\n${pair.pub}`;
  expect(trustOf(text)).toMatchObject({ next: [], former: [pair.pub.trim()] });
  expect(found({ key: old.key, pub: text })).toEqual({ key: old.key, pub: text });
});

test('masters that do not trust each other’s keys are refused', async () => {
  const other = await newSigningPair();
  const problem = await problemOf(() => found(stages[1], other));
  expect(problem.code).toBe('AUTHORITIES_DIFFER');
});

test('a master with a trusted key less gets a copy of the file', async () => {
  const authorities = await makeAuthorities(now);
  const more = withNextKey(authorities.serviceAccount, pair.pub);
  const files = (serviceAccount: ServiceAccount) => contents(authorityFiles({ ...authorities, serviceAccount }));
  const masters = [
    { host: 'one', files: files(authorities.serviceAccount) },
    { host: 'two', files: files(more) },
  ];
  expect(findAuthorities(masters, [])).toMatchObject({ authorities: { serviceAccount: more }, missingOn: ['one'] });
});

test('openssl reads the first key of the file, behind whose mark no key is hidden', () => {
  const out = execFileSync('openssl', ['pkey', '-pubin', '-pubout'], { input: stages[2].pub, encoding: 'utf8' });
  expect(keyId(out)).toBe(keyId(pair.pub));
});
