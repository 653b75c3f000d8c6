import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import type { ActionResult } from '../../../lab/runner/run-action.ts';
import { WorkflowCommands } from '../../../lab/runner/workflow-commands.ts';
import { runWorkflow, type WorkflowRun } from '../../../lab/workflow/act.ts';
import { unseen } from '../../hostile-text.ts';
import { guideSteps } from '../getting-started/guide.ts';
import { event, type Lie, lyingHost, sectionLine } from '../hostile-host.ts';
import { foundIn, tracesOf } from '../secrets.ts';
import { act, bareHosts, lab, logOf, succeeded } from '../seed-lab.ts';
import { newIdentity } from '../trio.ts';
import { outcomeOf } from '../workflow-runs.ts';

// The cluster of docs/getting-started.md, which an earlier test may have left, with one host that tries to take over the runner.
const names = ['host-1', 'host-2', 'host-3'] as const;
const [, , liar] = names;
const place = mkdtempSync(join(tmpdir(), 'k8s-ha-hostile-'));
let traces: readonly string[];
let identity: string;

/** Characters that parsers take for a line's end or for blanks at a line's beginning. */
const ends = ['\n::', 'x\r::', '\n \u00a0\u3000::', 'x\u2028::'];
const inEachSpelling = (command: string): string => ends.map((end) => `${end}${command}\n`).join('');
/** Every harmful command, in both spellings, and other texts that a log or a summary must not contain. */
const evil = [
  'org/repo ##[set-output name=etcd]["evil"]',
  ...[`add-mask::${liar}`, 'set-output name=master::["evil"]', 'save-state name=folder::/'].map(inEachSpelling),
  'x\r::error::evil\n::set-env name=PATH::/evil\n::add-path::/evil\n##[endgroup]\n',
  `##[add-mask]${liar}\n##[set-output name=node]["evil"]\n##[save-state name=begun]true\n##[error]evil\n##[group]evil`,
  '\x1b[31m\x1b]0;evil\x07\x1b]8;;https://evil.example\x1b\\evil\x1b]8;;\x1b\\\u202e\u200b\u0085\x9b1m',
  'a \\| b | <img src=x onerror=alert(1)> [approve](https://evil.example) **evil** `x` @org/admins #1 </details>',
  // The last one, because the runner would execute no other after it: from then on it prints the commands that mask.
  inEachSpelling('stop-commands::k8sx'),
  'x ##[stop-commands]k8sx',
].join('');

const evilPath = `/tmp/${evil.replaceAll('\n', '')}`;

/** Lies that do not stop a run: every field that is logged or summarised in a successful run. */
const lies: readonly Lie[] = [
  {
    when: /^\{"t":"ready"/,
    before: [event('waiting', { holder: evil }), event('waiting', { holder: 'x ##[stop-commands]x' })],
  },
  { when: /^\{"t":"end"/, before: [event('log', { text: evil }), event('log', { text: '\n::stop-commands::x' })] },
  // Its name, a setting of its kernel, an owner and a file of its list: the reasons of changes.
  { when: /^\{"t":"line","s":"hostname".*/, becomes: sectionLine('hostname', evil) },
  {
    when: /^\{"t":"line","s":"sysctl","v":"net.ipv4.ip_forward.*/,
    becomes: sectionLine('sysctl', `net.ipv4.ip_forward\t${evil}`),
  },
  { when: /(?<=\\t)root:root(?=\\t)/, becomes: JSON.stringify(evil).slice(1, -1), times: 2 },
  {
    when: /^\{"t":"line","s":"ledger"/,
    before: [
      sectionLine('ledger', `file\t${evilPath}\t`),
      sectionLine('path', `${evilPath}\t81a4\troot:root\t1:1:1:1\t${'a'.repeat(64)}`),
    ],
    times: 2,
  },
];

const inputs = `cluster: cluster.yaml, ssh-key: "\${{ secrets.SSH_KEY }}", known-hosts: "\${{ vars.KNOWN_HOSTS }}"`;
const job = (id: string, needs: string, action: string, more = '') => `
  ${id}:
    runs-on: ubuntu-latest
    ${needs}
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
      - id: ${id}
        uses: org/k8s-ha-action${action}@v1
        with: { ${inputs}${more} }`;
const workflow = `on: workflow_dispatch
jobs:${job('plan', '', '/plan')}${job('pki', 'needs: plan', '/pki', ', bundles: artifacts, age-key: "${{ secrets.AGE_KEY }}"')}${job('all', 'needs: pki', '')}
`;

beforeAll(async () => {
  const cluster = join(place, 'cluster.yaml');
  writeFileSync(cluster, guideSteps().find((step) => step.kind === 'file')?.text ?? '');
  await lab.up({ cluster }).catch(async () => await bareHosts(cluster));
  succeeded(await act('deploy'));
  [traces, identity] = [(await Promise.all(names.map(tracesOf))).flat(), await newIdentity()];
  expect(traces.length).toBeGreaterThan(100);
}, 600_000);

afterAll(() => rmSync(place, { recursive: true, force: true }));

async function runJobs(): Promise<WorkflowRun> {
  const file = join(place, 'hostile.yml');
  writeFileSync(file, workflow);
  return await runWorkflow(lab, {
    workflow: file,
    secrets: { SSH_KEY: readFileSync(lab.sshKey, 'utf8'), AGE_KEY: identity },
    variables: { KNOWN_HOSTS: readFileSync(lab.knownHosts, 'utf8') },
  });
}

/** The commands that a runner would still find in act's shown lines. */
function commandsIn(lines: readonly string[]): readonly string[] {
  const commands = new WorkflowCommands();
  for (const line of lines) commands.read(line);
  return commands.obeyed.map(({ name, data }) => `${name} ${data}`);
}

describe('A host that answers with commands in every field', () => {
  let run: WorkflowRun;

  beforeAll(async () => {
    await using _ = await lyingHost(lab, liar, lies);
    run = await runJobs();
  }, 600_000);

  test('lies in fields that are read, and all three jobs succeed', () => {
    expect(outcomeOf(run)).toEqual([{ plan: 'success', pki: 'success', all: 'success' }, true]);
    for (const { lines, id } of run.jobs) {
      const text = lines.join('\n');
      expect([id, text.includes('waiting for org/repo'), /evil/.test(text)]).toEqual([id, true, true]);
    }
    expect(run.jobs.find(({ id }) => id === 'plan')?.lines.join('\n')).toMatch(
      /would set net\.ipv4\.ip_forward \(.*evil/s,
    );
  });

  test('gets no line of a private key printed, plain or in base64', async () => {
    expect(await foundIn(run.log, traces)).toEqual([]);
    expect(
      await foundIn(run.jobs.flatMap(({ summary, outputs }) => [summary, JSON.stringify(outputs)]).join('\n'), traces),
    ).toEqual([]);
  });

  test('gets no command to the runner, neither at the beginning of a line nor in its middle', () => {
    for (const { id, lines, annotations } of run.jobs) {
      // The openings of the lab's own settings are annotated as well.
      const others = annotations.filter(({ kind, message }) => kind !== 'warning' || !message.startsWith('opens: '));
      expect([id, commandsIn(lines), others]).toEqual([id, [], []]);
    }
    expect(run.jobs.flatMap(({ lines }) => lines).filter((line) => unseen.test(line))).toEqual([]);
  });

  test('changes no output, no matrix and no mask', () => {
    const outputs = Object.assign({}, ...run.jobs.map((each) => each.outputs));
    const all = JSON.stringify(names);
    expect(outputs).toMatchObject({ 'plan.name': 'first', 'plan.etcd': all, 'plan.master': all, 'plan.node': all });
    expect(Object.keys(outputs).sort()).toEqual([
      ...['all.changed', 'all.changed-hosts', 'all.endpoint', 'all.restarted', 'all.seconds'],
      ...['pki.changed', 'pki.changed-hosts', 'pki.issued', 'pki.restarted', 'pki.seconds'],
      ...[
        'plan.changed',
        'plan.changed-hosts',
        'plan.etcd',
        'plan.master',
        'plan.name',
        'plan.node',
        'plan.restarted',
        'plan.seconds',
      ],
    ]);
    expect(outputs['all.endpoint']).toBe('https://192.168.1.11:6443');
    expect([...run.masks].filter((mask) => names.some((name) => name.includes(mask) || mask.includes(name)))).toEqual(
      [],
    );
    // Each line of each key, as in its file.
    expect(run.masks.size).toBeGreaterThan(100);
  });

  test('writes no markup into a summary', () => {
    const summary = run.jobs.map((each) => each.summary).join('\n');
    expect(summary).toContain('evil');
    expect(summary).not.toMatch(unseen);
    expect(summary).not.toMatch(/<img|\]\(|https?:\/\/|\*\*evil|@org|`x`|#1\b/);
    // Three columns have four bars, for any text in them.
    const rows = summary.split('\n').filter((line) => line.startsWith(`| ${liar} | sysctl net.ipv4.ip&#95;forward |`));
    expect(rows.map((row) => row.match(/\|/g)?.length)).toEqual(rows.map(() => 4));
    expect(rows.length).toBeGreaterThan(0);
  });
});

/** An action's run on the lying host: the commands that its runner executed, and the shown text. */
async function lied(action: string, answers: readonly Lie[]): Promise<ActionResult & { readonly shown: string }> {
  await using _ = await lyingHost(lab, liar, answers);
  const result = await act(action);
  return { ...result, shown: `${logOf(result)}\n${result.lines.map(({ title = '' }) => title).join('\n')}` };
}

const meant = /^(add-mask|debug|endgroup|error|group|warning)$/;

test.each<[string, string, readonly Lie[], readonly RegExp[]]>([
  [
    'whose problems are commands',
    'plan',
    [
      {
        when: /^\{"t":"end"/,
        before: [
          event('problem', {
            code: 'UNIT_FAILED',
            message: evil,
            hint: evil,
            detail: evil,
            unit: 'etcd.service',
            file: evil,
            url: evil,
          }),
        ],
      },
    ],
    [/UNIT_FAILED/],
  ],
  [
    'whose facts are commands',
    'plan',
    [
      { when: /^\{"t":"line","s":"facts","v":"machine.*/, becomes: sectionLine('facts', `machine ${evil}`) },
      {
        when: /^\{"t":"line","s":"address".*/,
        becomes: sectionLine('address', `2: ${evil.replaceAll(/\s/g, '')} inet 10.255.0.1/24`),
      },
      { when: /^\{"t":"line","s":"disk","v":"\d+/, becomes: '{"t":"line","s":"disk","v":"1' },
      {
        when: /^\{"t":"end"/,
        before: [sectionLine('foreign', evil), sectionLine('listening', `0100007F:192B ${evil.replaceAll(/\s/g, '')}`)],
      },
    ],
    [/HOST_ARCHITECTURE/, /HOST_ADDRESS/, /HOST_DISK/, /HOST_FOREIGN/],
  ],
  [
    'that makes post steps remember what it likes',
    'kubeconfig',
    [{ when: /^\{"t":"ready"/, before: [event('waiting', { holder: evil })] }],
    [],
  ],
])(
  'A host %s makes the runner execute only our own commands',
  async (_, action, answers, codes) => {
    const { status, shown, obeyed, outputs, state, log, lines, masks } = await lied(action, answers);
    for (const code of codes) expect(shown).toMatch(code);
    expect(status).toBe(codes.length > 0 ? 1 : 0);
    expect(obeyed.map(({ name }) => name).filter((name) => !meant.test(name))).toEqual([]);
    expect(shown).toContain('evil');
    expect(shown).not.toMatch(unseen);
    expect(lines.filter(({ text }) => text.includes('##['))).toEqual([]);
    expect(JSON.stringify([outputs, state])).not.toContain('evil');
    expect(Object.keys(state)).toEqual(action === 'kubeconfig' ? ['folder'] : []);
    expect([...masks].filter((mask) => names.some((name) => name.includes(mask)))).toEqual([]);
    // The raw output, without the commands that mask: with those the runner gets a key.
    const written = log.split('\n').filter((line) => !line.startsWith('::add-mask::'));
    expect(await foundIn(`${written.join('\n')}\n${shown}`, traces)).toEqual([]);
    // Masking was on: if the runner executed no commands, they would be shown.
    expect(lines.filter(({ text }) => text.startsWith('::add-mask::'))).toEqual([]);
  },
  120_000,
);

test('A host that answers correctly again is accepted again', async () => {
  const { outputs, lines } = succeeded(await act('plan'));
  expect(outputs).toMatchObject({ changed: '0', restarted: '[]' });
  expect(stringify(lines)).not.toContain('evil');
}, 120_000);
