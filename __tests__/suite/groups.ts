// The parts of `npm test` that run in parallel. Lab tests of one group share a lab and build on each other's cluster, in the order
// of their names; groups share nothing, so that several run at once, each in a lab of its own.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A part of `npm test` that runs by itself. */
export interface Group {
  readonly name: string;
  readonly kind: 'static' | 'unit' | 'lab';
  /** Test files from the root, for those of the lab. */
  readonly files: readonly string[];
  /** It asserts times that may fail on a busy machine: such groups run one after another. */
  readonly timed: boolean;
  /** The processor share of its hosts, as a multiple of another group's. */
  readonly weight: number;
}

interface Rule {
  readonly group: string;
  readonly files: RegExp;
  readonly timed?: boolean;
  readonly weight?: number;
}

const timed = { timed: true, weight: 10 };
/** It contains a failover check that must pass, with wide limits. */
const judged = { weight: 3 };

/** In the order in which groups begin: the longest first. The first rule that matches a file applies. */
const rules: readonly Rule[] = [
  { group: 'timed-failover', files: /cluster\/(50-failover|51-faults)/, ...timed },
  { group: 'timed-etcd', files: /cluster\/(40-change|56-etcd-loss|57-etcd-roll)/, ...timed },
  { group: 'timed-rotate', files: /cluster\/45-rotate/, ...timed },
  { group: 'timed-small', files: /cluster\/90-small/, ...timed },
  { group: 'killed-losses', files: /cluster\/52-killed-checks-losses/, ...timed },
  { group: 'own-network', files: /cluster\/91-own-network/ },
  { group: 'reset', files: /cluster\/92-reset/ },
  { group: 'timed-hosts', files: /lab\/host-changes\.test/, ...timed },
  { group: 'seed', files: /cluster\/[1-4]\d-/ },
  { group: 'etcd-members', files: /cluster\/61-etcd-members/ },
  { group: 'workflow-seven', files: /cluster\/71-workflow-seven/, ...timed },
  { group: 'trio', files: /cluster\/(72-|74-)/ },
  { group: 'careful-restarts', files: /cluster\/58-careful-restarts/, ...judged },
  { group: 'careful-refusals', files: /cluster\/59-careful-refusals/, ...judged },
  { group: 'guide', files: /cluster\/(75-getting-started|76-callers|77-hostile-host)/, ...judged },
  { group: 'killed-stops', files: /cluster\/52-killed-checks-stops/ },
  { group: 'killed-runs', files: /cluster\/60-killed-runs/ },
  { group: 'killed-freezes', files: /cluster\/52-killed-checks-freezes/ },
  { group: 'roles', files: /cluster\/70-workflow/ },
  { group: 'lost-hosts', files: /cluster\/(78-changes|79-lost-hosts)/ },
  { group: 'quorum', files: /cluster\/55-quorum/ },
  { group: 'bad', files: /cluster\/(80-bad-hosts|70-bad-access)/ },
  { group: 'bundles', files: /cluster\/73-damaged-bundles/ },
  // Those without a cluster on lab hosts.
  {
    group: 'loopback',
    files:
      /lab\/(api-client|upgrade-gate|failover|age-command|release|authentication|audit|settings-of-binaries|job-limit|rotation)\.test/,
  },
  { group: 'hosts', files: /lab\/[^/]+\.test/ },
];

/** The group of a file without a rule: by the cluster that it needs. */
function groupFor(root: string, file: string): Rule {
  const known = rules.find((rule) => rule.files.test(file));
  if (known) return known;
  const usesTrio = /from '(\.\.\/)+trio\.ts'/.test(readFileSync(join(root, file), 'utf8'));
  return { group: usesTrio ? 'trio' : 'seed', files: /./ };
}

function labTests(root: string): readonly string[] {
  const folder = join(root, '__tests__/lab');
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

/** All groups, in the order in which they begin. */
export function groupsOf(root: string): readonly Group[] {
  const byName = new Map<string, { rule: Rule; files: string[] }>();
  for (const file of labTests(root)) {
    const rule = groupFor(root, file);
    const entry = byName.get(rule.group) ?? { rule, files: [] };
    entry.files.push(file);
    byName.set(rule.group, entry);
  }
  const order = rules.map(({ group }) => group);
  const lab = [...byName].map(
    ([name, { rule, files }]): Group => ({
      name,
      kind: 'lab',
      files,
      timed: rule.timed ?? false,
      weight: rule.weight ?? 1,
    }),
  );
  return [
    { name: 'static', kind: 'static', files: [], timed: false, weight: 1 },
    { name: 'unit', kind: 'unit', files: [], timed: false, weight: 1 },
    ...lab.sort((one, other) => order.indexOf(one.name) - order.indexOf(other.name)),
  ];
}
