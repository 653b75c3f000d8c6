// What a host prints of a snapshot: the words of etcd 3.7, of a cluster with two kinds of objects.
import type { RunningCommand } from '../../src/host/engine.ts';

const header = { cluster_id: 14_841_639, member_id: 10, revision: 12, raft_term: 2 };
const members = { header: { cluster_id: 'cdf818194e3a8c32' }, members: [{ ID: '8e9e', name: 'etcd-1' }] };

const hash = (value: number, compacted: number) =>
  JSON.stringify([
    { Endpoint: 'https://127.0.0.1:2379', HashKV: { header, hash: value, compact_revision: compacted } },
  ]);
const counts = (...values: readonly number[]) =>
  JSON.stringify({
    header,
    succeeded: true,
    // etcd leaves out a number that is 0.
    responses: values.map((count) => ({ Response: { response_range: { header, ...(count > 0 && { count }) } } })),
  });

/** The lines of a report; the parts are what a test changes. */
export function reportLines(
  parts: {
    readonly scratchHash?: number;
    readonly compacted?: number;
    readonly pods?: number;
    readonly namespace?: string;
  } = {},
): readonly string[] {
  const { scratchHash = 2460, compacted = 5, pods = 2, namespace = '1' } = parts;
  return [
    'status {"hash":2826817286,"revision":12,"totalKey":11,"totalSize":20480,"version":"3.7.0"}',
    `member-hash ${hash(2460, compacted)}`,
    `members ${JSON.stringify(members)}`,
    'bytes 20512',
    `sha256 ${'a'.repeat(64)}`,
    'kind /registry/',
    `scratch-hash ${hash(scratchHash, 5)}`,
    'kind /registry/pods/',
    'kind /registry/leases/',
    `scratch-counts ${counts(pods, pods, 0)}`,
    `namespace ${namespace}`,
    'encrypted k8s:enc:',
    `member-counts ${counts(2, 2, 0)}`,
  ];
}

/** A command that prints these pieces and ends with a status. */
export function commandOf(pieces: readonly string[], status = 0, stderr = '') {
  const sent: string[] = [];
  const calls = { ended: 0, sent };
  const command: RunningCommand = {
    output: (async function* () {
      for (const piece of pieces) yield Buffer.from(piece);
    })(),
    send: (text) => void sent.push(text),
    finish: async () => ({ status, stderr }),
    end: () => {
      calls.ended += 1;
    },
  };
  return { command, calls };
}
