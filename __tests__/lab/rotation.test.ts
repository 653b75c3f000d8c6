import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { rewriteObjects, tokensOfOtherKeys, waitForApiServer } from '../../src/kubernetes/index.ts';
import { RecordingLog } from '../../src/log.ts';
import { type Encryption, encryptionConfig, newKey } from '../../src/pki/encryption.ts';
import { afterStep } from '../../src/pki/encryption-rotation.ts';
import { signingWith, trustingOnlyCurrent, withNextKey } from '../../src/pki/find-service-account.ts';
import { newSigningPair } from '../../src/pki/keys.ts';
import { type ControlPlane, startControlPlane } from './local-control-plane.ts';

// A real API server with the files of each stage, and what it accepts and stores.

const secrets = '/api/v1/namespaces/default/secrets';
const first: Encryption = { resources: ['secrets'], keys: [newKey('key1')] };
const signal = new AbortController().signal;
let plane: ControlPlane;

beforeAll(async () => {
  plane = await startControlPlane({ encryption: encryptionConfig(first) });
  await plane.api.create('/api/v1/namespaces/default/serviceaccounts', {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'robot' },
  });
}, 300_000);

afterAll(async () => {
  await plane?.[Symbol.asyncDispose]();
}, 60_000);

/** Restarts the API server with other contents of files. */
async function restartWith(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(plane.dir, name), text);
  for (const master of plane.masters) {
    await master.end('SIGKILL');
    master.start();
    await waitForApiServer(master.api, { timeoutMs: 120_000 });
  }
}

interface Answered {
  readonly metadata: { readonly name: string };
  readonly status: { readonly token: string; readonly authenticated?: boolean };
}

async function newToken(): Promise<string> {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', metadata: { name: 'robot' }, spec: {} };
  const path = '/api/v1/namespaces/default/serviceaccounts/robot/token';
  return (await plane.api.create<Answered>(path, body)).status.token;
}

async function isAccepted(token: string): Promise<boolean> {
  const kind = 'TokenReview';
  const body = { apiVersion: 'authentication.k8s.io/v1', kind, metadata: { name: 'any' }, spec: { token } };
  const { status } = await plane.api.create<Answered>('/apis/authentication.k8s.io/v1/tokenreviews', body);
  return status.authenticated === true;
}

test('tokens: the API server reads every stage’s keys, and names the one that signed as the rotation does', async () => {
  const read = (name: string) => readFileSync(join(plane.dir, name), 'utf8');
  const old = { key: read('sa.key'), pub: read('sa.pub') };
  const pair = await newSigningPair();
  const filesOf = ({ key, pub }: typeof old) => ({ 'sa.key': key, 'sa.pub': pub });
  const before = await newToken();
  const kept = { 'kubernetes.io/service-account.name': 'robot' };
  await plane.api.create(secrets, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'kept', annotations: kept },
    type: 'kubernetes.io/service-account-token',
    data: { token: Buffer.from(before).toString('base64') },
  });
  expect(await tokensOfOtherKeys(plane.api, old.pub, signal)).toEqual([]);

  const trusting = withNextKey(old, pair.pub);
  await restartWith(filesOf(trusting));
  const between = await newToken();
  const signing = signingWith(trusting, pair);
  await restartWith(filesOf(signing));
  const after = await newToken();
  expect(await Promise.all([before, between, after].map(isAccepted))).toEqual([true, true, true]);
  expect(await tokensOfOtherKeys(plane.api, pair.pub, signal)).toEqual(['default/kept']);
  await plane.api.patch(`${secrets}/kept`, { data: { token: Buffer.from(after).toString('base64') } });
  expect(await tokensOfOtherKeys(plane.api, pair.pub, signal)).toEqual([]);

  // A master that has got the second stage while this one has the first.
  await restartWith(filesOf(trusting));
  expect(await Promise.all([before, after].map(isAccepted))).toEqual([true, true]);
  await restartWith(filesOf(trustingOnlyCurrent(signing)));
  expect(await Promise.all([before, between, after].map(isAccepted))).toEqual([false, false, true]);
}, 300_000);

/** How often each key's prefix is in front of a Secret in etcd. */
function prefixes(): Readonly<Record<string, number>> {
  const words = ['get', '--prefix', '/registry/secrets/', '--print-value-only', `--endpoints=${plane.etcd}`];
  const values = execFileSync(join(plane.dir, 'etcdctl'), words, { encoding: 'latin1' });
  const found = values.match(/^k8s:enc:secretbox:v1:key\d+:/gm) ?? [];
  return Object.fromEntries([...new Set(found)].map((each) => [each, found.filter((one) => one === each).length]));
}

test('objects: an empty patch stores each of them under the new key, and the old one can go', async () => {
  const names = Array.from({ length: 60 }, (_, index) => `secret-${index}`);
  for (const name of names)
    await plane.api.create(secrets, { apiVersion: 'v1', kind: 'Secret', metadata: { name }, immutable: true });
  const count = names.length + 1;
  expect(prefixes()).toEqual({ 'k8s:enc:secretbox:v1:key1:': count });
  const added = afterStep(first, 'add');
  const promoted = afterStep(added, 'promote');
  await restartWith({ 'encryption.yaml': encryptionConfig(promoted) });
  const rewriting = { resource: 'secrets', log: new RecordingLog(), signal };
  expect(await rewriteObjects(plane.api, rewriting)).toBe(count);
  expect(prefixes()).toEqual({ 'k8s:enc:secretbox:v1:key2:': count });
  await restartWith({ 'encryption.yaml': encryptionConfig(afterStep(promoted, 'retire')) });
  expect((await plane.api.list(secrets)).items).toHaveLength(count);
}, 300_000);
