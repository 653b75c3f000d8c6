import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { openKubectl } from '../../../lab/kubectl.ts';
import { votersBy } from '../etcdctl.ts';
import { note, seconds } from '../note.ts';
import { refused } from '../refusals.ts';
import { act, lab, onHost, succeeded } from '../seed-lab.ts';
import { standingTrio } from '../trio.ts';

const inputs = (survivor: string) => ({ cluster: join(lab.stateDir, 'trio.yaml'), confirm: 'trio', survivor });

beforeAll(standingTrio, 600_000);

/** Objects that no controller changes meanwhile, by their ids: with their content and their revision. */
async function objects(): Promise<Readonly<Record<string, unknown>>> {
  const kubectl = await openKubectl(lab);
  const text = await kubectl.must(['get', 'configmaps,secrets,serviceaccounts,namespaces', '-A', '-o', 'json']);
  const { items } = JSON.parse(text) as { items: readonly { readonly metadata: { readonly uid: string } }[] };
  return Object.fromEntries(items.map((item) => [item.metadata.uid, item]));
}

/** Revisions of etcd that are in a text of the API. */
const newestOf = (text: string) =>
  Math.max(...Array.from(text.matchAll(/resourceVersion: "(\d+)"/g), (each) => Number(each[1])));

test('two of three machines with etcd and a master are lost for good: one run brings the cluster back from the third', async () => {
  const healthy = await refused(lab, inputs('one'), 'restore');
  expect(healthy.codes).toEqual(['QUORUM_NOT_LOST']);
  const kubectl = await openKubectl(lab);
  await kubectl.must(['create', 'secret', 'generic', 'kept', '--from-literal=key=value']);
  const before = await objects();
  await lab.reimage('two');
  await lab.reimage('three');
  const deployed = await refused(lab, { cluster: inputs('one').cluster });
  expect(deployed.codes).toEqual(['ETCD_MEMBERS_UNKNOWN', 'ETCD_MEMBERS_UNKNOWN']);
  expect(deployed.errors[0]).toContain('run the action restore with survivor: one');
  expect((await refused(lab, inputs('two'), 'restore')).codes).toContain('SURVIVOR_UNFIT');
  const planned = succeeded(await act('restore', { ...inputs('one'), 'dry-run': 'true' }));
  expect(planned.lines.map(({ text }) => text).join('\n')).toContain('one: would begin etcd again');
  const restored = succeeded(await act('restore', inputs('one')));
  const serving = restored.lines.flatMap(({ text }) => /etcd serves again after [\d.]+ s/.exec(text)?.[0] ?? []);
  note(`two of three lost: ${seconds(restored.milliseconds)} until all three vote and serve; ${serving[0]}`);
  expect(Object.keys(await votersBy('one')).sort()).toEqual(['one', 'three', 'two']);
  expect(await objects()).toMatchObject(before);
  // A watcher of the time before lists again: newer revisions are far above all that it may have seen.
  await kubectl.must(['create', 'configmap', 'later']);
  const later = newestOf(await kubectl.must(['get', 'configmap', 'later', '-o', 'yaml']));
  expect(later).toBeGreaterThan(1_000_000_000);
  expect(await onHost('one', 'ls -d /var/lib/etcd/before-*/snap/db | wc -l')).toBe('1\n');
  const again = succeeded(await act('restore', inputs('one')));
  expect(again.outputs).toMatchObject({ changed: '0', restarted: '[]' });
}, 500_000);
