import { chmod, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { must } from '../command.ts';
import { commandsFile, goModText, type ModuleRecipe } from './go-module.ts';
import { goVersion } from './versions.ts';

/** A module in the Go client's cache. */
export interface DownloadedModule {
  readonly folder: string;
  readonly goMod: string;
  /** When the version was tagged, as RFC 3339: the only date that a reproducible build may contain. */
  readonly time: string;
}

/** @throws if there is no Go; the error says which version is needed and how to get it. */
export async function requireGo(): Promise<void> {
  try {
    await must(['go', 'version']);
  } catch (cause) {
    throw new Error(
      `failed to find Go: the official downloads can't be reached from here, so the lab builds the same files from ` +
        `their Go modules and needs Go ${goVersion} or newer on PATH. Install it (https://go.dev/doc/install), or fill ` +
        `the cache on a machine with internet and set K8S_HA_LAB_CACHE to it`,
      { cause },
    );
  }
}

/** Downloads a module into Go's cache with the ordinary client. */
export async function downloadModule(path: string, version: string): Promise<DownloadedModule> {
  const answer = JSON.parse(await must(['go', 'mod', 'download', '-json', `${path}@${version}`])) as {
    Dir: string;
    GoMod: string;
    Info: string;
  };
  const info = JSON.parse(await readFile(answer.Info, 'utf8')) as { Time: string };
  return { folder: answer.Dir, goMod: await readFile(answer.GoMod, 'utf8'), time: info.Time };
}

/** Writes a build module into a folder. Go checks the known checksums of its main dependency, as in that module's own build. */
export async function layModule(
  folder: string,
  recipe: ModuleRecipe,
  commands: readonly string[],
  sumsOf: DownloadedModule,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'go.mod'), goModText(recipe));
  await writeFile(join(folder, 'commands.go'), commandsFile(commands));
  await copyFile(join(sumsOf.folder, 'go.sum'), join(folder, 'go.sum'));
  // The module cache is read-only and copyFile keeps the mode, but Go must be able to add checksums.
  await chmod(join(folder, 'go.sum'), 0o644);
}

/**
 * Copies a module into a folder and changes the copy.
 * @param patch a unified diff.
 * @returns the copy, as a path from the folder.
 * @throws if the patch does not fit the module's version.
 */
export async function layPatched(folder: string, module: DownloadedModule, patch: string): Promise<string> {
  const copy = join(folder, 'patched');
  await rm(copy, { recursive: true, force: true });
  await must(['cp', '-r', '--no-preserve=mode', module.folder, copy]);
  // A repository around the cache is not the one that the patch is for.
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: folder };
  await must(['git', 'apply', patch], { cwd: copy, env });
  return './patched';
}

export interface GoBuild {
  readonly folder: string;
  /** The package of the command to build, or several packages. */
  readonly command: string | readonly string[];
  /** A file; for several commands a folder, with a slash at its end. */
  readonly output: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly linkerFlags?: readonly string[];
  readonly flags?: readonly string[];
  readonly cgo?: boolean;
}

/** Builds commands: stripped, without paths of this machine, and static by default. */
export async function goBuild(build: GoBuild): Promise<void> {
  const variables = Object.entries(build.variables ?? {}).map(([name, value]) => `-X ${name}=${value}`);
  const linker = ['-s', '-w', ...variables, ...(build.linkerFlags ?? [])].join(' ');
  const args = [
    'build',
    '-trimpath',
    ...(build.flags ?? []),
    '-ldflags',
    linker,
    '-o',
    build.output,
    ...[build.command].flat(),
  ];
  // nice: a build takes minutes, and the user has other work. GOGC: fewer garbage collections make the compiler faster.
  await must(['nice', '-n', '5', 'go', ...args], {
    cwd: build.folder,
    env: {
      ...process.env,
      CGO_ENABLED: build.cgo === true ? '1' : '0',
      GOFLAGS: '-mod=mod -buildvcs=false',
      GOWORK: 'off',
      GOGC: '300',
    },
  });
}
