import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must, run } from '../../lab/command.ts';
import type { Mutant } from './list.ts';
import { placesOf } from './source.ts';

/** The numbers of failed and passed tests. */
export interface Counts {
  readonly numFailedTests: number;
  readonly numPassedTests: number;
}

/** A copy of the working tree, uncommitted changes included, in which a mutant is applied for a while. */
export class TreeCopy {
  readonly root = mkdtempSync(join(tmpdir(), 'k8s-ha-mutants-'));

  static async of(original: string): Promise<TreeCopy> {
    const copy = new TreeCopy();
    const listed = await must(['git', '-C', original, 'ls-files', '-z', '--cached', '--others', '--exclude-standard']);
    for (const file of listed.split('\0').filter(Boolean))
      cpSync(join(original, file), join(copy.root, file), { force: true, recursive: true });
    symlinkSync(join(original, 'node_modules'), join(copy.root, 'node_modules'));
    return copy;
  }

  /** Runs tests with the mutant applied. @throws Error if its text is not in exactly one place */
  async with({ find, by, tests, named, lab, built }: Mutant): Promise<Counts> {
    const [file, ...others] = placesOf(this.root, find);
    if (file === undefined || others.length > 0) throw new Error(`not in one place: ${find}`);
    const text = readFileSync(file, 'utf8');
    writeFileSync(
      file,
      text.replace(find, () => by),
    );
    try {
      if (built) await must([process.execPath, 'build.ts'], { cwd: this.root });
      return await this.test(lab ? 'lab' : 'unit', [tests], named === undefined ? [] : ['-t', named]);
    } finally {
      writeFileSync(file, text);
    }
  }

  /** Runs tests by patterns for their paths. */
  async test(project: 'unit' | 'lab', paths: readonly string[], more: readonly string[] = []): Promise<Counts> {
    const output = join(this.root, 'result.json');
    rmSync(output, { force: true });
    const flags = ['--disable-warning=ExperimentalWarning', '--experimental-vm-modules'];
    const jest = [...flags, 'node_modules/jest/bin/jest.js', '--selectProjects', project, '--runInBand', '--forceExit'];
    const how = ['--no-watchman', '--json', `--outputFile=${output}`, ...more, '--testPathPatterns', ...paths];
    const { stdout, stderr } = await run([process.execPath, ...jest, ...how], { cwd: this.root });
    try {
      return JSON.parse(readFileSync(output, 'utf8')) as Counts;
    } catch {
      throw new Error(`no result of ${paths.join(' ')}: ${stdout}${stderr}`);
    }
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
