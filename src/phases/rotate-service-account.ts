import type { Cluster } from '../cluster/cluster.ts';
import { whenFalse } from '../cluster/settings/values.ts';
import { flagValue } from '../components/flags.ts';
import { Problem } from '../errors.ts';
import { changeRecord, longestPodToken, readRecord, tokensOfOtherKeys } from '../kubernetes/index.ts';
import { paths } from '../layout/paths.ts';
import type { Authorities } from '../pki/authorities.ts';
import { signingWith, trustingOnlyCurrent, withNextKey } from '../pki/find-service-account.ts';
import { keyId, newSigningPair } from '../pki/keys.ts';
import { trustOf } from '../pki/trust.ts';
import { withApi } from './cluster-access.ts';
import { masterFile, settleMasters, withMasterFiles } from './master-files.ts';
import type { Phase } from './phase.ts';
import type { Prepared } from './stages.ts';

type ServiceAccount = Authorities['serviceAccount'];

/** The ConfigMap in kube-system that has since when all API servers sign with a key. Without it, that is counted from now on. */
const record = 'k8s-ha-action-rotation';
const sinceKey = 'service-account-key';
const hourMs = 3600 * 1000;

/**
 * Replaces the key that signs service-account tokens: every API server trusts the new key → all sign with it → in a later run, when no token of the old
 * key can be valid any more, the old key is refused.
 * @param tokenHours the longest life of a token that users have requested for themselves
 */
export function rotateServiceAccount(tokenHours: number): Phase<Prepared> {
  return {
    title: 'Rotate the service-account key',
    async run(run, signal) {
      await settleMasters(run, signal);
      const account = accountOf(run);
      if (trustOf(account.pub).former.length > 0) return await finish(run, account, tokenHours, signal);
      const pair = await newSigningPair();
      run.log.info('stage 1 of 3: all API servers trust the new key, and still sign with the old one');
      const trusting = withAccount(run, withNextKey(account, pair.pub));
      await settleMasters(trusting, signal);
      run.log.info('stage 2 of 3: all API servers sign with the new key');
      const signing = withAccount(trusting, signingWith(accountOf(trusting), pair));
      await settleMasters(signing, signal);
      await recordSince(signing, pair.pub);
      run.log.info('stage 3 of 3 is for a later run: the old key goes when none of its tokens can be valid');
    },
  };
}

function accountOf(run: Prepared): ServiceAccount {
  return { key: masterFile(run, paths.serviceAccount.key), pub: masterFile(run, paths.serviceAccount.pub) };
}

function withAccount(run: Prepared, { key, pub }: ServiceAccount): Prepared {
  return withMasterFiles(
    run,
    new Map([
      [paths.serviceAccount.key, key],
      [paths.serviceAccount.pub, pub],
    ]),
  );
}

/** @throws Problem ROTATION_UNPROVEN as long as a token of the old key may be in use */
async function finish(run: Prepared, account: ServiceAccount, tokenHours: number, signal: AbortSignal): Promise<void> {
  const { current } = trustOf(account.pub);
  const { since, podSeconds, secrets } = await withApi(run, async (api) => ({
    since: sinceOf(await readRecord(api, record), current),
    podSeconds: await longestPodToken(api, signal),
    secrets: await tokensOfOtherKeys(api, current, signal),
  }));
  if (since === undefined) await recordSince(run, current);
  const end = new Date((since ?? run.now).getTime() + longestTokenMs(run.cluster, tokenHours, podSeconds));
  const reasons = whyInUse({ now: run.now, end, secrets });
  if (reasons.length > 0) throw inUse(reasons);
  run.log.info('stage 3 of 3: no token of the old key can be valid, and it is refused from now on');
  await settleMasters(withAccount(run, trustingOnlyCurrent(account)), signal);
}

/**
 * How long a token may be valid after its key has stopped to sign, in milliseconds.
 * @param podSeconds the longest life that a pod asks for
 */
export function longestTokenMs({ apiServer }: Cluster, tokenHours: number, podSeconds: number): number {
  const { extraArgs } = apiServer;
  const extended = !whenFalse.include(flagValue('service-account-extend-token-expiration', 'false', extraArgs));
  // A kubelet's tokens are then valid for a year. Source: ExpirationExtensionSeconds in kubernetes/pkg/serviceaccount/claims.go
  return Math.max(tokenHours * hourMs, podSeconds * 1000, extended ? 365 * 24 * hourMs : 0);
}

/** Why a token of the old key may be in use, in words; empty if none can be. */
export function whyInUse({
  now,
  end,
  secrets,
}: {
  readonly now: Date;
  readonly end: Date;
  readonly secrets: readonly string[];
}): readonly string[] {
  const early = now < end ? [`tokens may be valid until ${end.toISOString()}`] : [];
  return [...early, ...secrets.map((name) => `Secret ${name} has a token of it that never ends`)];
}

function inUse(reasons: readonly string[]): Problem {
  const more = reasons.length > 3 ? ` and ${reasons.length - 3} more` : '';
  return new Problem(`the old service-account key may be in use: ${reasons.slice(0, 3).join('; ')}${more}`, {
    code: 'ROTATION_UNPROVEN',
    detail: reasons,
    hint: 'It stays trusted, and the new key signs. Replace the tokens of these Secrets (delete and create them), and run again after that time.',
  });
}

async function recordSince(run: Prepared, pub: string): Promise<void> {
  await withApi(run, (api) => changeRecord(api, record, { [sinceKey]: `${keyId(pub)} ${new Date().toISOString()}` }));
}

/** Of another key the record says nothing. */
function sinceOf(kept: ReadonlyMap<string, string>, pub: string): Date | undefined {
  const [id, text = ''] = (kept.get(sinceKey) ?? '').split(' ');
  const since = new Date(text);
  return id === keyId(pub) && !Number.isNaN(since.getTime()) ? since : undefined;
}
