/** A mistake that a later change could make, and the tests that must notice it. */
export interface Mutant {
  /** The product's behaviour with this mistake. */
  readonly name: string;
  /** A text that the source has exactly once, in any file. */
  readonly find: string;
  readonly by: string;
  /** The tests to run: a pattern for their path, and one for their name. */
  readonly tests: string;
  readonly named?: string;
  /** They need hosts or binaries of the lab, and the bundles where `built` is set. */
  readonly lab?: boolean;
  readonly built?: boolean;
}

export const mutants: readonly Mutant[] = [
  {
    name: 'a unit is not restarted when a file changes that it reads',
    find: '[unitPath(unit.name), ...unit.reads].filter(',
    by: '[unitPath(unit.name)].filter(',
    tests: 'host/difference',
  },
  {
    name: 'a file that a unit names is missing among what it reads',
    find: 'reads: readsOf(each, placed)',
    by: 'reads: readsOf(each, placed).slice(0, -1)',
    tests: 'components/reads',
  },
  {
    name: 'authorities that were lost are made again',
    find: 'if (traces.length > 0) throw lost(kept, traces);',
    by: '',
    tests: 'pki/find-authorities',
  },
  {
    name: 'any key of a host is taken',
    find: 'checkHostKey(identity.known, to.address, to.port, key);',
    by: '',
    tests: 'host/connection',
    named: 'another key',
  },
  {
    name: 'any key of a jump host is taken',
    find: 'checkHostKey(identity.known, to.address, to.port, key);',
    by: "if (sock.constructor.name !== 'Socket') checkHostKey(identity.known, to.address, to.port, key);",
    tests: 'host/connection',
    named: 'goes through a jump host',
  },
  {
    name: 'the bundle of another host is taken',
    find: 'if (host !== expected.host) throw',
    by: 'if (host === undefined) throw',
    tests: 'pki/bundle',
  },
  {
    name: 'a version without an entry in the lock is fetched without a review',
    find: 'if (found === undefined) throw lacking(lock, name);',
    by: "if (found === undefined) return '';",
    tests: 'lockfile/make',
  },
  {
    name: 'checksums of a publisher that signs them are taken with any signature',
    find: 'return signature?.type === textType && keys.some((key) => verifies(data, signature, key));',
    by: 'return signature?.type === textType && keys.length > 0;',
    tests: 'lockfile/openpgp',
  },
  {
    name: 'the publisher is asked although there is a lock',
    find: 'sha256 ?? (await resolveSum(url, sumUrl))',
    by: 'await resolveSum(url, sumUrl)',
    tests: 'lab/host-downloads',
    named: 'other bytes than the lock',
    lab: true,
  },
  {
    name: 'a dry run changes hosts',
    find: 'if (!run.dryRun) {\n    const holds',
    by: 'if (run) {\n    const holds',
    tests: 'phases/apply-role',
  },
  {
    name: 'a dry run of verify-failover injects its fault',
    find: 'when: unlessDry,\n    async run(run, signal) {\n      const { scene, fault }',
    by: 'async run(run, signal) {\n      const { scene, fault }',
    tests: 'cluster/51-faults',
    named: 'a dry run',
    lab: true,
    built: true,
  },
  {
    name: 'a request for the name of another node is approved',
    find: 'if (name !== prefix + node)',
    by: 'if (name === prefix)',
    tests: 'kubernetes/judge-request',
  },
  {
    name: 'a lease may move more than once',
    find: 'if (transitions !== 1) return {',
    by: 'if (transitions < 1) return {',
    tests: 'failover/report/summary',
  },
  {
    name: 'a failed verdict does not fail the job',
    find: "if (failures.length > 0) throw new AggregateError(failures, 'the failover did not meet the thresholds');",
    by: '',
    tests: 'cluster/51-faults',
    named: 'a check whose limit is passed',
    lab: true,
    built: true,
  },
  {
    name: 'the limit of one input is taken from another',
    find: "input: 'max-kept-gap-seconds',",
    by: "input: 'max-watch-gap-seconds',",
    tests: 'github/threshold-inputs',
  },
  {
    name: 'a fault has no timer that heals it',
    find: '`${disarm}; ${arm} && {',
    by: '`${disarm}; true && {',
    tests: 'failover/faults/faults',
  },
  {
    name: 'two runs change a host at once',
    find: '[ "$LOCK_TOP" -eq 0 ] || ! lock_alive "$1/x.$LOCK_TOP" || return 1',
    by: ':',
    tests: 'host/lock',
  },
  {
    name: 'a run does not wait for another that has the host',
    find: 'claim_wait "$2"',
    by: ':',
    tests: 'host/claim',
  },
  {
    name: 'a run that is older than the last one brings back its file',
    find: '[ "$COMMIT" != "$CLAIM_COMMIT" ] || return 1',
    by: 'return 1',
    tests: 'host/claim',
  },
  {
    name: 'objects without our label are pruned',
    find: 'if (metadata.labels?.[setLabel] !== set) {',
    by: 'if (metadata.labels?.[setLabel] === null) {',
    tests: 'lab/api-client',
    named: 'never pruned',
    lab: true,
  },
  {
    name: 'a download with another sum is put in place',
    find: 'if [ "$fetch_got" = "$1" ]; then',
    by: 'if [ -n "$fetch_got" ]; then',
    tests: 'lab/host-downloads',
    named: 'wrong checksum',
    lab: true,
  },
  {
    name: 'secrets are not masked in base64',
    find: "addMask(Buffer.from(secret).toString('base64'));",
    by: '',
    tests: 'github/masks',
  },
  {
    name: 'a fault may break etcd’s quorum',
    find: 'if (left < quorumOf(size))',
    by: 'if (left < quorumOf(size) - 1)',
    tests: 'failover/check/preconditions',
  },
  {
    name: 'a member may be removed although the others are no quorum',
    find: 'if (healthy.length >= quorumOf(rest.length) && rest.length > 0) return undefined;',
    by: 'if (rest.length > 0) return undefined;',
    tests: 'plan/etcd-members',
  },
  {
    name: 'a member may be removed although the others are one too few',
    find: 'if (healthy.length >= quorumOf(rest.length) && rest.length > 0) return undefined;',
    by: 'if (healthy.length >= quorumOf(rest.length) - 1 && rest.length > 0) return undefined;',
    tests: 'plan/etcd-members',
  },
  {
    name: 'a learner is added beside another one',
    find: "if (learner)\n    return { do: 'wait'",
    by: "if (learner && list.members.length === 0)\n    return { do: 'wait'",
    tests: 'plan/etcd-members',
  },
  {
    name: 'a member is added before one that was begun is completed',
    find: "['start', 'promote', 'resume', 'remove', 'wait', 'add', 'remove later']",
    by: "['add', 'start', 'promote', 'resume', 'remove', 'wait', 'remove later']",
    tests: 'plan/etcd-members',
  },
  {
    name: 'a stopped member keeps another one from joining',
    find: "steps.some((step) => step.do === 'add') ? steps :",
    by: 'steps.length === 0 ? steps :',
    tests: 'plan/etcd-members',
  },
  {
    name: 'kubelets outside the skew are accepted',
    find: '...kubeletRefusals(wanted.kubernetes, observed),',
    by: '',
    tests: 'plan/versions',
  },
  {
    name: 'a downgrade is accepted',
    find: 'compareVersions(wanted, version) < 0);\n  const older = running',
    by: 'compareVersions(wanted, version) < -100);\n  const older = running',
    tests: 'plan/versions',
  },
  {
    name: 'a cluster whose data is lost begins again',
    find: 'if (facts.hadApiServer && kept.length === 0) return [lost()];',
    by: '',
    tests: 'plan/etcd-members',
  },
  {
    name: 'the data of a removed member is taken',
    find: 'if (data.member !== member?.id) return',
    by: 'if (member === undefined) return',
    tests: 'plan/etcd-members',
  },
  {
    name: 'a deleted node stays deleted',
    find: "if (joined) return node ? 'keep' : 'register';",
    by: "if (joined) return 'keep';",
    tests: 'plan/members',
  },
  {
    name: 'an empty host begins a new cluster although another one has data',
    find: 'if (said.data.history) return',
    by: 'if (said.list) return',
    tests: 'plan/etcd-members',
  },
  {
    name: 'the post step does not learn which host is off',
    find: "saveState(off, host ?? '');",
    by: '',
    tests: 'github/power-step',
  },
];
