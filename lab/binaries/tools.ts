import { access, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { withLock } from '../lock.ts';
import { inWords, withTicks } from '../progress.ts';
import { downloadModule, goBuild, layModule, requireGo } from './go.ts';
import { parseGoMod } from './go-module.ts';
import { stopwatch } from './stopwatch.ts';
import { versions } from './versions.ts';

interface Tool {
  readonly module: string;
  readonly version: string;
  readonly command: string;
  readonly usualSeconds: number;
  readonly variables?: Readonly<Record<string, string>>;
}

const metricsServerVersion = 'k8s.io/client-go/pkg/version.gitVersion';

/** Programs that no host downloads: parts of the lab's images, and tools of its tests on this machine. */
export const tools = {
  coredns: {
    module: 'github.com/coredns/coredns',
    version: versions.coredns,
    command: 'github.com/coredns/coredns',
    usualSeconds: 240,
  },
  'metrics-server': {
    module: 'sigs.k8s.io/metrics-server',
    version: versions.metricsServer,
    command: 'sigs.k8s.io/metrics-server/cmd/metrics-server',
    usualSeconds: 180,
    variables: { [metricsServerVersion]: versions.metricsServer },
  },
  age: {
    module: 'filippo.io/age',
    version: versions.age,
    command: 'filippo.io/age/cmd/age',
    usualSeconds: 10,
    variables: { 'main.Version': versions.age },
  },
  'age-keygen': {
    module: 'filippo.io/age',
    version: versions.age,
    command: 'filippo.io/age/cmd/age-keygen',
    usualSeconds: 5,
    variables: { 'main.Version': versions.age },
  },
  act: {
    module: 'github.com/nektos/act',
    version: versions.act,
    command: 'github.com/nektos/act',
    usualSeconds: 60,
    variables: { 'main.version': versions.act },
  },
  actionlint: {
    module: 'github.com/rhysd/actionlint',
    version: versions.actionlint,
    command: 'github.com/rhysd/actionlint/cmd/actionlint',
    usualSeconds: 20,
    variables: { 'github.com/rhysd/actionlint.version': versions.actionlint },
  },
} as const satisfies Record<string, Tool>;

export type ToolName = keyof typeof tools;

export interface ToolOptions {
  readonly cache: string;
  readonly log: (line: string) => void;
}

/** Returns the path of a program in the cache; builds it from its Go module if it is missing. */
export async function provideTool(name: ToolName, { cache, log }: ToolOptions): Promise<string> {
  const tool: Tool = tools[name];
  const path = join(cache, 'tools', `${name}-${tool.version}`, name);
  if (await exists(path)) return path;
  await withLock(join(cache, `tool-${name}.lock`), log, async () => {
    if (await exists(path)) return;
    await requireGo();
    const what = `${name} ${tool.version}`;
    log(`building ${what} from its Go module: about ${inWords(tool.usualSeconds)} …`);
    const took = stopwatch();
    const folder = join(cache, 'build', `${name}-${tool.version}`);
    await withTicks(log, { what, usualSeconds: tool.usualSeconds }, () => build(tool, folder, path));
    log(`${name} ${tool.version} done in ${took()}`);
  });
  return path;
}

async function build(tool: Tool, folder: string, path: string): Promise<void> {
  const module = await downloadModule(tool.module, tool.version);
  const recipe = {
    name: 'k8s-ha.lab/tool',
    go: parseGoMod(module.goMod).go,
    requires: { [tool.module]: tool.version },
  };
  await layModule(folder, recipe, [tool.command], module);
  await mkdir(dirname(path), { recursive: true });
  const part = `${path}.part`;
  await rm(part, { force: true });
  await goBuild({ folder, command: tool.command, output: part, variables: tool.variables ?? {} });
  await rename(part, path);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
