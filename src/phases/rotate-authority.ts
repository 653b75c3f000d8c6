import { hostsWith } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import { type AuthorityName, authorityRecords, nextKeyPath } from '../layout/authorities.ts';
import { type Authorities, makeAuthority } from '../pki/authorities.ts';
import type { Authority } from '../pki/authority.ts';
import { paths } from '../pki/index.ts';
import { keyId } from '../pki/keys.ts';
import { isAsWritten, promoted, trustOf, trustText } from '../pki/trust.ts';
import { masterFile, masterFileIfAny } from './master-files.ts';
import type { Phase } from './phase.ts';
import { issueFrom, placeAuthorities } from './prepare-secrets.ts';
import type { Prepared } from './stages.ts';

/** What reads a CA, and has to move to the new one. */
export interface Consumers {
  /** Brings all of it to the run's files, and proves that it runs with them. */
  readonly settle: (run: Prepared, signal: AbortSignal) => Promise<void>;
  /** Proves that what this project does not restart accepts certificates of the next CA, those of `next`. */
  readonly proveTrust?: (run: Prepared, next: Prepared, signal: AbortSignal) => Promise<void>;
  /** Proves that everything works with the certificates of the new CA, before the old one goes, as in `alone`. */
  readonly proveMoved?: (run: Prepared, alone: Prepared, signal: AbortSignal) => Promise<void>;
  /** Takes the old CA from what this project does not restart. */
  readonly refuseOld?: (run: Prepared, signal: AbortSignal) => Promise<void>;
}

/**
 * Replaces a CA: everything trusts the old and the new one → all certificates are of the new one → the old one is refused. The stage is what the
 * masters' file of the CA says, so a deployment keeps it, and a run continues what another one began.
 */
export function rotateAuthority(name: AuthorityName, consumers: Consumers): Phase<Prepared> {
  return {
    title: `Rotate the ${name} CA`,
    async run(run, signal) {
      refuseOthers(run, name);
      await consumers.settle(run, signal);
      await consumers.refuseOld?.(run, signal);
      const signing =
        trustOf(authorityIn(run, name).crt).former.length > 0 ? run : await replace(run, name, consumers, signal);
      const { key, crt } = authorityIn(signing, name);
      const alone = await withAuthority(signing, name, {
        key,
        crt: trustText({ ...trustOf(crt), next: [], former: [] }),
      });
      await consumers.proveMoved?.(signing, alone, signal);
      run.log.info('stage 3 of 3: nothing uses the old CA, and it is refused from now on');
      await consumers.settle(alone, signal);
      await consumers.refuseOld?.(alone, signal);
    },
  };
}

/** Stages 1 and 2. A new CA that an earlier run has left in stage 1 has signed nothing: without its key, it is dropped. */
async function replace(
  run: Prepared,
  name: AuthorityName,
  consumers: Consumers,
  signal: AbortSignal,
): Promise<Prepared> {
  const old = authorityIn(run, name);
  const made = keptNext(old) ?? (await makeAuthority(name, run.now));
  run.log.info('stage 1 of 3: everything trusts the new CA too, and keeps its certificates of the old one');
  const kept = nextKeyPath(name) === undefined ? {} : { nextKey: made.key };
  const both = { ...kept, key: old.key, crt: trustText({ ...trustOf(old.crt), next: [made.crt] }) };
  const trusting = await withAuthority(run, name, both);
  await consumers.settle(trusting, signal);
  const crt = trustText(promoted(trustOf(both.crt), made.crt));
  const signing = await withAuthority(trusting, name, { key: made.key, crt });
  await consumers.proveTrust?.(trusting, signing, signal);
  run.log.info('stage 2 of 3: everything gets certificates of the new CA, and still trusts the old one');
  // Its key is on all masters before any host has a certificate of it.
  await placeAuthorities(signing, hostsWith(run.cluster, 'master'), authoritiesIn(signing), signal);
  await consumers.settle(signing, signal);
  return signing;
}

/** The CA that an earlier run has begun to trust everywhere, if its key is there. */
function keptNext({ crt, nextKey }: Authority): Authority | undefined {
  const found = nextKey === undefined ? undefined : trustOf(crt).next.find((pem) => keyId(pem) === keyId(nextKey));
  return nextKey === undefined || found === undefined ? undefined : { key: nextKey, crt: found };
}

/** The same run with another CA, and certificates of it instead of those that it has not signed. */
async function withAuthority(run: Prepared, name: AuthorityName, authority: Authority): Promise<Prepared> {
  const texts = [...run.secrets].map(
    ([host, { files }]) => [host, new Map(files.map(({ path, content }) => [path, content]))] as const,
  );
  const secrets = await issueFrom(run, { ...authoritiesIn(run), [name]: authority }, new Map(texts));
  return { ...run, secrets };
}

function authoritiesIn(run: Prepared): Authorities {
  return {
    kubernetes: authorityIn(run, 'kubernetes'),
    etcd: authorityIn(run, 'etcd'),
    'front-proxy': authorityIn(run, 'front-proxy'),
    serviceAccount: { key: masterFile(run, paths.serviceAccount.key), pub: masterFile(run, paths.serviceAccount.pub) },
    encryptionConfig: masterFile(run, paths.encryptionConfig),
  };
}

/** The CA that signs, and the certificates that the cluster trusts as it, the current one first. */
export function authorityIn(run: Prepared, name: AuthorityName): Authority {
  const { key, crt } = authorityRecords[name];
  const next = nextKeyPath(name);
  const nextKey = next === undefined ? undefined : masterFileIfAny(run, next);
  return { key: masterFile(run, key), crt: masterFile(run, crt), ...(nextKey !== undefined && { nextKey }) };
}

/** Certificates that someone has added by hand have a purpose that is unknown here. @throws Problem ROTATION_UNSUPPORTED */
function refuseOthers(run: Prepared, name: AuthorityName): void {
  const { crt } = authorityIn(run, name);
  if (isAsWritten(crt)) return;
  throw new Problem(`${authorityRecords[name].crt} has more certificates than a rotation writes`, {
    code: 'ROTATION_UNSUPPORTED',
    hint: 'Remove those that you have added from this file on all masters, run a deployment, and then the rotation.',
  });
}
