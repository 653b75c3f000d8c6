// Plain words: texts that readers of English as a second language understand. CONTRIBUTING.md has the rule, this file the list.
import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { filesMatching, root, textOf } from './tree.ts';

const self = '__tests__/contract/words.test.ts';
const subjectLength = 72;

/** Words that are not used here, and what to write instead. */
const instead: Readonly<Record<string, string>> = {
  whoever: 'name the actor: the user, another run, any caller',
  // Not the label of a timeline, which is in quotes, and not the user of that name.
  '(?<![\'".>]|chown |user )nobody(?![\'"])': 'name the actor, or write: no host, no process …',
  whatever: 'any, in every case; or leave it out',
  told: 'reported, logged, set; of a default: "by default"',
  'tells? of': 'reports, lists, shows',
  stands: 'is, is in, represents',
  lives: 'is in, runs, exists',
  anew: 'again, re-created, restarted',
  'once more': 'again',
  'mend(s|ed|ing)?': 'fix, correct',
  'make whole': 'repair',
  'under way': 'in flight, pending',
  'inside of': 'in, inside',
  'strikes?|struck': 'inject the fault',
  '(can|could|was not to|to) be had': 'is available',
  'is told no': 'is refused',
  '(has|have|had) to be': 'must be',
  'goes on': 'continues',
  'somebody|anybody': 'the user, another run, any caller',
  'in silence': 'without a message',
  'all the same': 'nevertheless',
  'nothing but': 'only',
  'at hand': 'available',
  afresh: 'again, new',
  '(come|came|become|became)s? of': 'the result of, what happened to',
  '(take|took|taken|takes|taking) away': 'remove, delete',
  'hand(s|ed|ing)? (over|out)': 'pass, transfer, return',
  '(stand|stood)s? (in|for)': 'is in, represents',
  'tried again': 'retried',
  'without a word': 'without a message, without quoting it',
  'had better': 'should',
  'makes? do': 'is enough, uses',
};

/** `path:line: word → what to write`, of each use in the files that match. */
function usesIn(files: readonly string[]): readonly string[] {
  return files.flatMap((path) =>
    textOf(path)
      .split('\n')
      .flatMap((line, index) =>
        patterns.flatMap(([pattern, better]) =>
          Array.from(line.matchAll(pattern), ([word]) => `${path}:${index + 1}: "${word}" → ${better}`),
        ),
      ),
  );
}

const patterns = Object.entries(instead).map(
  ([words, better]) => [new RegExp(`(?<![\\w-])(${words})(?![\\w-])`, 'gi'), better] as const,
);

const written = filesMatching(/^(?!dist\/).*\.(ts|js|css|sh|go|md|ya?ml)$/).filter((path) => path !== self);

/** Files and folders that still have such words, and how many at most: lower a number when there are fewer, and never raise one. */
const left: Readonly<Record<string, number>> = {
  'CHANGELOG.md': 1,
  'SECURITY.md': 4,
  '__tests__/components/etcd.test.ts': 7,
  'src/components/etcd-': 7,
  '__tests__/failover/report/summary.test.ts': 1,
  'src/failover/report/': 4,
};

test.each(['', ...Object.keys(left)])('Texts are written in plain words: %s', (folder) => {
  const files = written.filter((path) =>
    folder === '' ? !Object.keys(left).some((other) => path.startsWith(other)) : path.startsWith(folder),
  );
  expect(files).not.toEqual([]);
  const uses = usesIn(files);
  expect(uses.length > (left[folder] ?? 0) ? uses : []).toEqual([]);
});

test(`The subject of a commit has ${subjectLength} characters at most`, () => {
  const [added] = git('log', '--diff-filter=A', '--format=%H', '--', self).slice(-1);
  // A shallow clone has only one commit.
  const commits = added ? git('log', '--ancestry-path', '--no-merges', '--format=%h %an\t%s', `${added}..HEAD`) : [];
  const long = commits.filter((line) => {
    const [author = '', subject = ''] = line.split('\t');
    return !author.includes('[bot]') && subject.length > subjectLength;
  });
  expect(long).toEqual([]);
});

function git(...argv: readonly string[]): readonly string[] {
  return spawnSync('git', argv, { cwd: root, encoding: 'utf8' }).stdout.split('\n').filter(Boolean);
}
