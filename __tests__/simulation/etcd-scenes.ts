import fc from 'fast-check';
import { type Edit, type Harm, order, type Scene } from './events.ts';

/** What may be wrong with a host of etcd. A run that does not reach a host ends at once, so all are reached. */
const harms = ['stop etcd', 'lose data', 'mute', 'foreign data', 'old data'] as const;
/** The hosts of etcd: one master is before them. */
const hosts = [1, 2, 3, 4, 5] as const;

const harmed = fc.option(fc.constantFrom(...harms), { nil: undefined, freq: 2 });
const learner = ['leave learner', 'start learner'] as const;

/**
 * An etcd of 0 to 5 members on hosts of its own, each in any condition, of which the file wants the first 1, 3 or 5. etcd
 * refuses nothing: only the plan protects it.
 */
export const etcdScenes: fc.Arbitrary<Scene> = fc
  .record({
    members: fc.constantFrom(0, 1, 2, 3, 4, 5),
    wanted: fc.constantFrom(1, 3, 5),
    edit: fc.constantFrom('remove' as const, 'delete' as const),
    harms: fc.tuple(...hosts.map(() => harmed)),
    /** A learner that a killed run has left: none, not started, or running. */
    learner: fc.constantFrom(0, 0, 1, 2),
    forget: fc.boolean(),
    last: order(fc.constant(undefined)),
  })
  .map(({ members, wanted, harms: found, learner: left, edit, ...scene }) => {
    const harm = (what: Harm['harm'] | undefined, at: number): readonly Harm[] => (what ? [{ harm: what, at }] : []);
    // Without the check of each line: only the last file must be possible.
    const leave = hosts.slice(wanted).toReversed();
    return {
      ...{
        begun: members > 0,
        etcd: 5,
        masters: 1,
        nodes: 1,
        stacked: false,
        versions: [4, 4],
        strict: false,
        ...scene,
      },
      events: [
        ...hosts.slice(members).flatMap((at) => harm('drop member', at)),
        ...learner.slice(0, left).flatMap((what) => harm(what, members + 1)),
        ...found.flatMap((what, index) => harm(index < members ? what : undefined, index + 1)),
        ...leave.map((at): Edit => ({ edit, at, other: 0 })),
      ],
    };
  });
