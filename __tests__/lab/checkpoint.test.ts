import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { cacheFolder } from '../../lab/binaries/cache.ts';
import { checkpointFolder, listCheckpoints, recordFile, removeCheckpoint } from '../../lab/checkpoints/store.ts';
import { type Lab, openLab } from '../../lab/lab.ts';
import { scratchFolder } from '../lab-tools/scratch.ts';
import { labId } from './lab-id.ts';

// Two labs of two hosts: one saves a checkpoint, the other starts from it.
const [first, second] = [openLab({ id: labId('hosts') }), openLab({ id: labId('copy') })];
const cache = cacheFolder();
const names = { one: `test-${first.id}`, two: `test-${first.id}-again` };
const cluster = `hosts:
  - { name: one, address: 192.168.1.10 }
  - { name: two, address: 192.168.1.11, ssh: { user: ops } }
`;

async function on(lab: Lab, host: string, line: string): Promise<string> {
  const { status, stdout, stderr } = await lab.exec(host, ['sh', '-c', line]);
  if (status === 0) return stdout.trim();
  throw new Error(`${host}: ${line}: ${stderr}`);
}

const exists = (name: string) => listCheckpoints(cache).some((each) => each.name === name);

beforeAll(async () => {
  await using scratch = await scratchFolder();
  const file = join(scratch.path, 'cluster.yaml');
  writeFileSync(file, cluster);
  await Promise.all([first.down(), second.down()]);
  await first.up({ cluster: file });
}, 300_000);

afterAll(async () => {
  await Promise.all([first.down(), second.down()]);
  for (const name of Object.values(names)) if (exists(name)) removeCheckpoint(cache, name);
}, 60_000);

test('a lab starts with the saved disks and keys of another lab', async () => {
  await on(
    first,
    'one',
    'echo saved >/root/kept; rm /etc/debian_version; rm -r /etc/apt; mkdir /etc/apt; touch /etc/apt/own',
  );
  await on(
    first,
    'one',
    'echo data >/var/lib/etcd/kept; truncate -s 64M /var/lib/etcd/sparse; chown nobody /var/lib/etcd/kept',
  );
  await on(first, 'two', 'echo other >/home/ops/kept');
  const ticking = first.exec('two', ['sh', '-c', 'for i in $(seq 60); do date +%s%N >>/root/ticks; sleep 0.05; done']);
  await first.saveCheckpoint(names.one);
  expect((await ticking).status).toBe(0);
  await on(first, 'one', 'echo later >/root/kept; rm /var/lib/etcd/kept');

  await second.up({ from: names.one });
  expect(await on(second, 'one', 'cat /root/kept /var/lib/etcd/kept; stat -c %U /var/lib/etcd/kept')).toBe(
    'saved\ndata\nnobody',
  );
  expect(
    await on(second, 'one', 'test ! -e /etc/debian_version; ls /etc/apt; stat -c %s-%b /var/lib/etcd/sparse'),
  ).toBe('own\n67108864-0');
  expect(await on(second, 'two', 'cat /home/ops/kept')).toBe('other');
  const ids = (lab: Lab) => Promise.all(['one', 'two'].map((host) => on(lab, host, 'cat /etc/machine-id')));
  expect(await ids(second)).toEqual(await ids(first));
  // Up to the moment at which everything was frozen, and not beyond.
  const [there, here] = await Promise.all([first, second].map((lab) => on(lab, 'two', 'wc -l </root/ticks')));
  expect(Number(there)).toBe(60);
  expect(Number(here)).toBeLessThan(60);
  for (const file of ['sshKey', 'knownHosts'] as const)
    expect(readFileSync(second[file], 'utf8')).toBe(readFileSync(first[file], 'utf8'));
  const known = [
    '-o',
    `UserKnownHostsFile=${second.knownHosts}`,
    '-o',
    'StrictHostKeyChecking=yes',
    '-o',
    'BatchMode=yes',
  ];
  const login = await second.run(['ssh', '-i', second.sshKey, ...known, 'ops@192.168.1.11', 'sudo -n id -un']);
  expect(login).toMatchObject({ status: 0, stdout: 'root\n' });
}, 120_000);

test('a lab’s changes of its disks do not affect the checkpoint, and can be saved on top of it', async () => {
  await on(
    second,
    'one',
    'echo ruined >/root/kept; rm -r /usr/share/doc; echo more >/root/more; rm /var/lib/etcd/sparse',
  );
  await second.saveCheckpoint(names.two);
  await second.down();

  await second.up({ from: names.one });
  expect(await on(second, 'one', 'cat /root/kept; ls /root /var/lib/etcd; test -d /usr/share/doc')).toBe(
    'saved\nkept\n\n/var/lib/etcd:\nkept\nsparse'.replace('saved\nkept\n\n', 'saved\n/root:\nkept\n\n'),
  );
  await second.down();
  removeCheckpoint(cache, names.one);

  await second.up({ from: names.two });
  expect(await on(second, 'one', 'cat /root/kept /root/more; ls /var/lib/etcd; test ! -e /usr/share/doc')).toBe(
    'ruined\nmore\nkept',
  );
}, 120_000);

test('a new machine with a host’s name has no files of the checkpoint', async () => {
  await second.reimage('one');
  expect(await on(second, 'one', 'ls /root /var/lib/etcd; test -d /usr/share/doc')).toBe('/root:\n\n/var/lib/etcd:');
}, 60_000);

test('a checkpoint that is in use, missing or of other bundles is refused with a hint', async () => {
  expect(() => removeCheckpoint(cache, names.two)).toThrow(`a lab is up on the checkpoint ${names.two}`);
  await expect(second.up({ from: names.two })).rejects.toThrow('the lab is up');
  await second.down();
  await expect(second.up({ from: 'never-saved' })).rejects.toThrow('there is no checkpoint never-saved');
  await expect(second.up({ from: '../x' })).rejects.toThrow("can't name a checkpoint");

  const file = recordFile(checkpointFolder(cache, names.two));
  const record = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...record, key: 'of-other-bundles' }));
  await expect(second.up({ from: names.two })).rejects.toThrow('was made by other bundles');
  await second.up({ from: names.two, stale: true });
  expect(await on(second, 'one', 'cat /root/more')).toBe('more');
}, 60_000);
