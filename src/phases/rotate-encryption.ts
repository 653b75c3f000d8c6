import { hostsWith } from '../cluster/cluster.ts';
import { Problem } from '../errors.ts';
import { registryPrefix } from '../etcd/snapshot.ts';
import { type CountedValues, type StoredUnder, valuesUnderKey } from '../etcd/values-under-key.ts';
import { migrateStorage, rewriteObjects } from '../kubernetes/index.ts';
import { paths } from '../layout/paths.ts';
import { type Encryption, encryptionConfig, readEncryption } from '../pki/encryption.ts';
import { afterStep, type EncryptionStep, nextStep } from '../pki/encryption-rotation.ts';
import { withApi } from './cluster-access.ts';
import { masterFile, settleMasters, withMasterFiles } from './master-files.ts';
import type { Phase } from './phase.ts';
import { type Prepared, sessionOf } from './stages.ts';

/** The resources whose objects are rewritten and counted: namespaced ones of the core group. */
const rotatable = ['secrets', 'configmaps'];

/**
 * Replaces the key of encryption at rest. The stage is read from the masters' configuration, so a run continues what another one began:
 * every API server reads the new key → the new key encrypts → every object is written again → no value in etcd is under the old key, which goes.
 */
export const rotateEncryption: Phase<Prepared> = {
  title: 'Rotate the encryption key',
  async run(run, signal) {
    refuseOtherStores(run);
    let stage = run;
    let step: EncryptionStep | undefined;
    while (step !== 'retire') {
      const encryption = supportedEncryption(masterFile(stage, paths.encryptionConfig));
      await settleMasters(stage, signal);
      step = stepOf(encryption);
      if (step === 'retire') await rewriteAll(stage, encryption, signal);
      const next = afterStep(encryption, step);
      run.log.info(inWords(step, next));
      stage = withMasterFiles(stage, new Map([[paths.encryptionConfig, encryptionConfig(next)]]));
    }
    await settleMasters(stage, signal);
  },
};

function inWords(step: EncryptionStep, { keys }: Encryption): string {
  const [first, second] = keys.map(({ name }) => name);
  if (step === 'add') return `stage 1 of 3: all API servers get ${second}, and still encrypt with ${first}`;
  if (step === 'promote') return `stage 2 of 3: all API servers encrypt with ${first}`;
  return `stage 3 of 3: nothing in etcd is under another key than ${first}, and the old key goes`;
}

function supportedEncryption(text: string): Encryption {
  const encryption = readEncryption(text);
  const other = encryption?.resources.find((resource) => !rotatable.includes(resource));
  if (encryption && other === undefined && nextStep(encryption) !== undefined) return encryption;
  const what = other === undefined ? 'it has not the form that this action writes' : `it encrypts ${other}`;
  throw unsupported(what);
}

/** What is in another etcd is not counted, so nothing would prove that the old key may go. */
function refuseOtherStores({ cluster }: Prepared): void {
  if (cluster.apiServer.extraArgs.some(({ name }) => name === 'etcd-servers-overrides'))
    throw unsupported('with etcd-servers-overrides, objects are in stores that are not asked');
}

function stepOf(encryption: Encryption): EncryptionStep {
  const step = nextStep(encryption);
  if (step === undefined) throw unsupported('its keys are not those of one rotation');
  return step;
}

function unsupported(what: string): Problem {
  return new Problem(`${paths.encryptionConfig} can’t be rotated: ${what}`, {
    code: 'ROTATION_UNSUPPORTED',
    hint: `Supported are keys of secretbox, at most two of them (key1, key2 …), for ${rotatable.join(' and ')}. Rotate this configuration by hand, on all masters.`,
  });
}

/** Until no value is under a key that encrypts nothing any more. @throws Problem ROTATION_UNPROVEN, REWRITE_REFUSED; ApiProblem */
async function rewriteAll(run: Prepared, { resources, keys }: Encryption, signal: AbortSignal): Promise<void> {
  const [current, old] = keys.map(({ name }) => name);
  for (const resource of resources) {
    const counted = async () => await countOf(run, resource, old ?? '');
    const left = async () => (await counted()).under;
    const before = await counted();
    run.log.info(`${resource}: ${before.under} of ${before.all} values in etcd are under ${old}`);
    if (before.all === 0) await proveNone(run, resource, signal);
    if (before.under === 0) continue;
    const rewriting = { resource, log: run.log, signal };
    // The name has the key: an earlier migration is not taken for this one.
    const name = `k8s-ha-action-${resource}-${current}`;
    if ((await withApi(run, (api) => migrateStorage(api, name, rewriting))) && (await left()) === 0) continue;
    await withApi(run, (api) => rewriteObjects(api, rewriting));
    const still = await left();
    if (still > 0) throw unproven(resource, still, old ?? '');
  }
}

/** That etcd has no object counts only if the API has none: else they are elsewhere. @throws Problem ROTATION_UNPROVEN; ApiProblem */
async function proveNone(run: Prepared, resource: string, signal: AbortSignal): Promise<void> {
  const { items } = await withApi(run, (api) => api.list(`/api/v1/${resource}`, { metadataOnly: true, signal }));
  if (items.length === 0) return;
  throw new Problem(`the API has ${items.length} ${resource}, and none was found in etcd`, {
    code: 'ROTATION_UNPROVEN',
    hint: 'API servers store them in another place than cluster.yaml says. The old key stays until that is found.',
  });
}

async function countOf(run: Prepared, resource: string, key: string): Promise<CountedValues> {
  const [master] = hostsWith(run.cluster, 'master');
  if (!master) throw new Error('a cluster without a master');
  const folder = `${registryPrefix(run.cluster)}/${resource}/`;
  const stored: StoredUnder = { folder, prefix: `k8s:enc:secretbox:v1:${key}:` };
  return await valuesUnderKey(sessionOf(run, master), run.cluster, stored);
}

function unproven(resource: string, left: number, old: string): Problem {
  return new Problem(`${left} values of ${resource} in etcd are still under ${old}`, {
    code: 'ROTATION_UNPROVEN',
    hint: 'Something else than the API servers of cluster.yaml writes to etcd. The old key stays until it is gone; then run again.',
  });
}
