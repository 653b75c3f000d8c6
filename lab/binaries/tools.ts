import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { withLock } from '../lock.ts';
import { inWords, withTicks } from '../progress.ts';
import { downloadModule, goBuild, layModule, layPatched, requireGo } from './go.ts';
import { parseGoMod } from './go-module.ts';
import { stopwatch } from './stopwatch.ts';
import { versions } from './versions.ts';

interface Tool {
  readonly module: string;
  readonly version: string;
  readonly command: string;
  readonly usualSeconds: number;
  readonly variables?: Readonly<Record<string, string>>;
  /** A file of patches/ with what the lab adds to the module. */
  readonly patch?: string;
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
    // act has no time limit for jobs. With it, a job ends at its timeout-minutes as on GitHub, and its result is `cancelled`.
    patch: 'act.patch',
  },
  // Verifies signatures and hashes, as Amazon's does.
  's3-server': {
    module: 'github.com/rclone/gofakes3',
    version: versions.s3Server,
    command: 'github.com/rclone/gofakes3/cmd/s3-server',
    usualSeconds: 30,
    patch: 's3-server.patch',
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
  const release = `${name}-${tool.version}${patchMark(tool)}`;
  const path = join(cache, 'tools', release, name);
  if (await exists(path)) return path;
  await withLock(join(cache, `tool-${name}.lock`), log, async () => {
    if (await exists(path)) return;
    await requireGo();
    const what = `${name} ${tool.version}`;
    log(`building ${what} from its Go module: about ${inWords(tool.usualSeconds)} …`);
    const took = stopwatch();
    const folder = join(cache, 'build', release);
    await withTicks(log, { what, usualSeconds: tool.usualSeconds }, () => build(tool, folder, path));
    log(`${name} ${tool.version} done in ${took()}`);
  });
  return path;
}

async function build(tool: Tool, folder: string, path: string): Promise<void> {
  const module = await downloadModule(tool.module, tool.version);
  await mkdir(folder, { recursive: true });
  const recipe = {
    name: 'k8s-ha.lab/tool',
    go: parseGoMod(module.goMod).go,
    requires: { [tool.module]: tool.version },
    ...(tool.patch && { replaces: { [tool.module]: await layPatched(folder, module, patchFile(tool.patch)) } }),
  };
  await layModule(folder, recipe, [tool.command], module);
  await mkdir(dirname(path), { recursive: true });
  const part = `${path}.part`;
  await rm(part, { force: true });
  await goBuild({ folder, command: tool.command, output: part, variables: tool.variables ?? {} });
  await rename(part, path);
}

const patchFile = (name: string): string => join(import.meta.dirname, 'patches', name);

/** Another patch is another program. */
function patchMark({ patch }: Tool): string {
  if (patch === undefined) return '';
  const sum = createHash('sha256').update(readFileSync(patchFile(patch)));
  return `-${sum.digest('hex').slice(0, 8)}`;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
