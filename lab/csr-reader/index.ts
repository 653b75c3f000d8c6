import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { goBuild, requireGo } from '../binaries/go.ts';
import { sha256 } from '../binaries/sums.ts';
import type { ToolOptions } from '../binaries/tools.ts';

/** The content of a certificate request, as Go reads it. */
export interface GoReading {
  /** Why the API server would refuse it; absent if it would not. */
  readonly refused?: string;
  readonly commonName: string;
  readonly organization: readonly string[] | null;
  /** Parts of the subject. */
  readonly parts: number;
  /** Alternative names of any kind. */
  readonly names: number;
}

/** Go's own parser of certificate requests: the one that API servers and signers use. */
export interface CsrReader {
  /** The content of each text as Go reads it, in the same order. */
  read(texts: readonly (string | Buffer)[]): readonly GoReading[];
  /** The request that a node's kubelet makes, as PEM. */
  write(node: string): string;
}

/** Builds the reader if the cache lacks it: a program without dependencies, which takes seconds. */
export async function provideCsrReader({ cache, log }: ToolOptions): Promise<CsrReader> {
  const program = join(cache, 'tools', `csr-reader-${await sha256(join(import.meta.dirname, 'main.go'))}`);
  if (!existsSync(program)) {
    await requireGo();
    log('building csr-reader: some seconds …');
    mkdirSync(dirname(program), { recursive: true });
    const part = `${program}.${process.pid}`;
    rmSync(part, { force: true });
    await goBuild({ folder: import.meta.dirname, command: '.', output: part });
    renameSync(part, program);
  }
  return {
    read: (texts) => run(program, [], Buffer.concat(texts.map(framed))).map((line) => JSON.parse(line) as GoReading),
    write: (node) =>
      run(program, [node])
        .map((line) => `${line}\n`)
        .join(''),
  };
}

/** With its length before it, in four bytes. */
function framed(text: string | Buffer): Buffer {
  const bytes = Buffer.from(text);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(bytes.length);
  return Buffer.concat([size, bytes]);
}

function run(program: string, args: readonly string[], input = Buffer.alloc(0)): readonly string[] {
  const { status, stdout, stderr } = spawnSync(program, args, { input, maxBuffer: 1 << 30 });
  if (status !== 0) throw new Error(`csr-reader failed (${status}): ${stderr}`);
  return stdout.toString().split('\n').filter(Boolean);
}
