import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { baseFiles } from '../../../lab/hosts/base-files.ts';
import { baseName } from '../../../lab/hosts/base-tree.ts';
import { cgroupVersionOf, hierarchiesOf } from '../../../lab/hosts/cgroups.ts';
import { debianSources, parseTargets, sourcesList } from '../../../lab/hosts/debian-source.ts';
import { mountsBelow } from '../../../lab/hosts/disk.ts';
import { readSysctls, writeSysctls } from '../../../lab/hosts/sysctls.ts';
import { scratchFolder } from '../scratch.ts';

const hybrid = `tmpfs /sys/fs/cgroup tmpfs rw 0 0
cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,cpu,cpuacct 0 0
cgroup /sys/fs/cgroup/systemd cgroup rw,name=systemd 0 0
cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0
`;

describe('the properties of the machine', () => {
  test('the hybrid layout counts as the first version, and all its trees are found', () => {
    expect(cgroupVersionOf(hybrid)).toBe('v1');
    expect(hierarchiesOf(hybrid)).toEqual(
      ['cpu,cpuacct', 'systemd', 'unified'].map((name) => `/sys/fs/cgroup/${name}`),
    );
  });

  test('one tree of the second version is distinguished from it', () => {
    const unified = 'cgroup2 /sys/fs/cgroup cgroup2 rw,nsdelegate 0 0\n';
    expect(cgroupVersionOf(unified)).toBe('v2');
    expect(hierarchiesOf(unified)).toEqual(['/sys/fs/cgroup']);
  });

  test('mounts below a folder are listed deepest first, without those of a folder with a longer name', () => {
    const line = (target: string): string => `1 2 0:1 / ${target} rw - tmpfs none rw`;
    const table = ['/lab/a', '/lab/a/root', '/lab/ab', '/lab/a/with\\040space'].map(line).join('\n');
    expect(mountsBelow(table, '/lab/a')).toEqual(['/lab/a/with space', '/lab/a/root', '/lab/a']);
  });

  test("of the machine's package sources only those of the hosts' release are used", () => {
    const sources = parseTargets(`http://mirror.test/debian/ bookworm main
http://mirror.test/debian/ bookworm main
http://mirror.test/debian/ bookworm contrib
http://mirror.test/debian/ bookworm-updates main
http://other.test/ nodistro main
http://mirror.test/debian/ trixie main
`);
    expect(sources.map(({ suite }) => suite)).toEqual(['bookworm', 'bookworm-updates']);
    expect(sourcesList(sources)).toContain('http://mirror.test/debian/ bookworm-updates main\n');
  });

  test('a machine of another release uses Debian’s own servers', () => {
    const sources = parseTargets('http://archive.ubuntu.com/ubuntu/ noble main\n');
    expect(sources.map(({ uri, suite }) => `${uri} ${suite}`)).toEqual([
      'https://deb.debian.org/debian bookworm',
      'https://deb.debian.org/debian-security bookworm-security',
    ]);
  });

  test('another release of Debian comes from the same place as the usual one', async () => {
    const [usual] = await debianSources();
    expect(await debianSources('bullseye', {})).toEqual([{ uri: usual?.uri, suite: 'bullseye' }]);
    const mirror = { K8S_HA_LAB_DEBIAN_MIRROR: 'http://mirror.test/' };
    expect(await debianSources('bullseye', mirror)).toEqual([{ uri: 'http://mirror.test/', suite: 'bullseye' }]);
    expect(baseName('bullseye')).toMatch(/^bullseye-/);
    const list = (release: 'bullseye' | 'bookworm') =>
      baseFiles(release).find(({ path }) => path.endsWith('sources.list'))?.content;
    expect([list('bullseye'), list('bookworm')]).toEqual([
      expect.stringContaining('/apt-bullseye/ ./'),
      expect.stringContaining('/apt/ ./'),
    ]);
  });
});

describe('settings of the shared kernel', () => {
  async function tree() {
    const scratch = await scratchFolder();
    for (const folder of ['kernel/keys', 'vm', 'fs']) mkdirSync(join(scratch.path, folder), { recursive: true });
    const write = (name: string, value: string): void => writeFileSync(join(scratch.path, name), `${value}\n`);
    write('kernel/panic', '1');
    write('kernel/keys/root_maxkeys', '1000000');
    write('kernel/something_of_the_machine', '5');
    write('vm/overcommit_memory', '0');
    write('vm/drop_caches', '0');
    write('fs/file-nr', '1');
    return { scratch, write, read: (name: string) => readFileSync(join(scratch.path, name), 'utf8').trim() };
  }

  test("are only those that a host's services set: no actions, no counters, no others", async () => {
    const { scratch } = await tree();
    await using _ = scratch;
    const names = Object.keys(readSysctls(scratch.path)).sort();
    expect(names).toEqual(['kernel.keys.root_maxkeys', 'kernel.panic', 'vm.overcommit_memory']);
  });

  test('are restored only if they differ', async () => {
    const { scratch, write, read } = await tree();
    await using _ = scratch;
    const saved = readSysctls(scratch.path);
    write('kernel/panic', '10');
    write('kernel/something_of_the_machine', '6');
    expect(writeSysctls(saved, scratch.path)).toEqual(['kernel.panic']);
    expect(read('kernel/panic')).toBe('1');
    expect(read('kernel/something_of_the_machine')).toBe('6');
  });
});
