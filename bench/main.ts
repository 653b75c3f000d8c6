// `npm run bench -- NAME [options]`: the source of the figures in the docs. Each benchmark compares values of one run.
import { LabError, messageOf } from '../lab/error.ts';

const usage = `npm run bench -- cold-start   how long each action takes to start
npm run bench -- runner-work  what a runner computes by itself, for 10 and for 100 nodes
npm run bench -- failover     hard power-offs of the leading master, beside the usual balancers of others
    --faults poweroff,cut-network,freeze   one or more of these, or kill, stop-services
    --election default,fast                one or both
    --trials 10                            of each fault with each election
    --hold 60                              seconds for which a fault lasts at least; 45 is what clients of others take to notice
    --peers yes                            no: only our own balancer is probed
    --results bench-failover.jsonl         a line for each trial; trials that are in it are not done again
npm run bench -- idle         leases that go over though nothing happened
    --minutes 10  --election fast  --burners 2 (loops on masters)  --per-second 20 (of each kind of request)
npm run bench -- planned      leaders that are stopped as planned, by systemctl stop of both and systemctl poweroff of their host
    --election default,fast  --trials 10 (of each)
npm run bench -- instruments  what the instruments of verify-failover cost the hosts
    --seconds 60 (for each of three rounds)
npm run bench -- leader-moves what clients see of moves of etcd's leadership, as a roll makes them
    --moves 20  --hold yes (no: without masters that hold what they ask etcd for)
npm run bench -- deployments  bare hosts to Ready and the no-change run, by turns with the bundles of a git revision
    --against HEAD  --rounds 3
The last six take their lab down at the end, but for --keep.
`;

/** Loaded on demand: a cold start needs no lab. */
const benches: Readonly<Record<string, (args: string[]) => Promise<void>>> = {
  'cold-start': async () => (await import('./cold-start.ts')).coldStarts(),
  'runner-work': async () => await (await import('./runner-work.ts')).runnerWork(),
  deployments: async (args) => await (await import('./deployments.ts')).deployments(args),
  failover: async (args) => await (await import('./failover/series.ts')).failoverSeries(args),
  idle: async (args) => await (await import('./idle/series.ts')).idleElection(args),
  planned: async (args) => await (await import('./planned/series.ts')).plannedStops(args),
  'leader-moves': async (args) => await (await import('./leader-moves.ts')).leaderMoves(args),
  instruments: async (args) => await (await import('./instruments/series.ts')).instrumentsLoad(args),
};

const [name = '', ...args] = process.argv.slice(2);
const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
if (!bench || args.includes('--help')) {
  process.stdout.write(usage);
  process.exitCode = bench ? 0 : 2;
} else {
  await bench(args).catch((error: unknown) => {
    for (const each of error instanceof AggregateError ? error.errors : [error]) {
      console.error(each instanceof LabError ? `error: ${messageOf(each)}` : each);
    }
    process.exitCode = 1;
  });
}
