/** The parts of a module's go.mod that the lab needs to build its commands from outside. */
export interface GoMod {
  readonly go: string;
  readonly godebug: readonly string[];
  /** Every `require (…)` block, unchanged. */
  readonly requireBlocks: readonly string[];
  /** Modules that the repository replaces by a folder, such as Kubernetes' staging modules. */
  readonly localReplaces: readonly string[];
}

/** Reads the parts of a go.mod that a build from another module must repeat, because Go ignores them in dependencies. */
export function parseGoMod(text: string): GoMod {
  const go = /^go (\S+)$/m.exec(text)?.[1];
  if (go === undefined) throw new Error('failed to read go.mod: it has no go line');
  return {
    go,
    godebug: directives(text, 'godebug'),
    requireBlocks: [...text.matchAll(/^require \(\n[^)]*\n\)$/gm)].map((match) => match[0]),
    localReplaces: directives(text, 'replace').flatMap((line) => /^(\S+) => \.\.?\//.exec(line)?.[1] ?? []),
  };
}

/** The entries of a directive, in both forms: one per line, or a block in parentheses. */
function directives(text: string, name: string): string[] {
  const single = [...text.matchAll(new RegExp(`^${name} ([^(\\n]+)$`, 'gm'))].map((match) => match[1] ?? '');
  const blocks = [...text.matchAll(new RegExp(`^${name} \\(\\n([^)]*)\\n\\)$`, 'gm'))];
  const inBlocks = blocks.flatMap((match) => (match[1] ?? '').split('\n'));
  return [...single, ...inBlocks].map((line) => line.replace(/\/\/.*$/, '').trim()).filter((line) => line !== '');
}

export interface ModuleRecipe {
  readonly name: string;
  readonly go: string;
  readonly godebug?: readonly string[];
  readonly requires: Readonly<Record<string, string>>;
  readonly requireBlocks?: readonly string[];
  /** Module → version of the published module of the same name, or a folder. */
  readonly replaces?: Readonly<Record<string, string>>;
}

/** Writes a go.mod for a module whose only purpose is to build other modules' commands. */
export function goModText(recipe: ModuleRecipe): string {
  const replaces = Object.entries(recipe.replaces ?? {}).map(
    ([path, by]) => `\t${path} => ${by.startsWith('./') ? by : `${path} ${by}`}`,
  );
  const parts = [
    `module ${recipe.name}`,
    [`go ${recipe.go}`, ...(recipe.godebug ?? []).map((setting) => `godebug ${setting}`)].join('\n'),
    ...Object.entries(recipe.requires).map(([path, version]) => `require ${path} ${version}`),
    ...(recipe.requireBlocks ?? []),
    ...(replaces.length > 0 ? [`replace (\n${replaces.join('\n')}\n)`] : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

/**
 * A file that imports the commands, so that `go mod` keeps their dependencies. Its build tag excludes it from every build:
 * a main package can't be imported.
 */
export function commandsFile(packages: readonly string[]): string {
  return `//go:build lab\n\npackage lab\n\nimport (\n${packages.map((path) => `\t_ "${path}"`).join('\n')}\n)\n`;
}
