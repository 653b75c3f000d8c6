import { type ApiClient, readPublishedAuthorities, writePublishedAuthorities } from '../kubernetes/index.ts';
import { type AuthorityName, authorityRecords } from '../layout/authorities.ts';
import { keyId } from '../pki/keys.ts';
import { trusted, trustOf } from '../pki/trust.ts';
import { readCertificate, subjectOf } from '../pki/x509-read.ts';
import { authorityIn } from './rotate-authority.ts';
import type { Prepared } from './stages.ts';

// What the ConfigMap kube-system/extension-apiserver-authentication says of a CA. Each API server adds its own CAs to it at its start, and removes none.

/** The CAs in that ConfigMap. */
export type Published = 'kubernetes' | 'front-proxy';

const place = 'kube-system/extension-apiserver-authentication';

/** Why a CA that the run's files trust is not published, in words; undefined if each one is. @throws ApiProblem */
export async function whyNotPublished(run: Prepared, api: ApiClient, name: Published): Promise<string | undefined> {
  const published = await readPublishedAuthorities(api, name);
  return hasAll(published, idsOf(run, name)) ? undefined : `${place} lacks a ${name} CA of the API servers`;
}

/** Removes CAs that the run's files do not trust. Returns why one may be there, in words; undefined if none is. @throws ApiProblem */
export async function dropFormer(run: Prepared, api: ApiClient, name: Published): Promise<string | undefined> {
  const wanted = idsOf(run, name);
  const published = await readPublishedAuthorities(api, name);
  if (!hasAll(published, wanted)) return `the API servers publish another ${name} CA than their file has`;
  const kept = published.filter((pem) => wanted.includes(keyId(pem)) || !isOurs(pem, name));
  if (kept.length === published.length) return undefined;
  run.log.info(`${place}: removes a former ${name} CA`);
  await writePublishedAuthorities(api, name, kept);
  return `an API server publishes a former ${name} CA`;
}

/** The keys of the CAs that the run's files trust. */
export function idsOf(run: Prepared, name: AuthorityName): readonly (string | undefined)[] {
  return trusted(trustOf(authorityIn(run, name).crt)).map(keyId);
}

/** Whether the certificates include each of these keys. */
export function hasAll(pems: readonly string[], ids: readonly (string | undefined)[]): boolean {
  return ids.every((id) => pems.some((pem) => keyId(pem) === id));
}

/** A CA with another name is an administrator's own, for another client or proxy. */
function isOurs(pem: string, name: AuthorityName): boolean {
  const certificate = readCertificate(pem);
  return certificate !== undefined && subjectOf(certificate).includes(`CN=${authorityRecords[name].commonName}`);
}
