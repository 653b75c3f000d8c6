import type { Directory, HostFile } from '../host/state.ts';

/** A file that only root can read and write, as CIS requires for units and configurations (600 root:root). */
export function rootFile(path: string, content: string): HostFile {
  return { path, content, mode: '600', owner: 'root:root', secret: false };
}

/** A file that every user can read. */
export function publicFile(path: string, content: string): HostFile {
  return { path, content, mode: '644', owner: 'root:root', secret: false };
}

/** A directory of root. 755: every user can look into it, which services under other users need. */
export function rootDirectory(path: string, mode = '755'): Directory {
  return { path, mode, owner: 'root:root' };
}

/** Serialised as JSON, which Kubernetes accepts wherever it accepts YAML, and which needs no quoting rules. */
export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
