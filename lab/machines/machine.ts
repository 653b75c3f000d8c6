import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LAB_ADDRESS, type LabHost } from '../cluster-file.ts';
import { must } from '../command.ts';
import { LabError } from '../error.ts';
import { personalise } from '../hosts/access.ts';
import { unmountBelow } from '../hosts/disk.ts';
import { waitForSsh } from '../hosts/readiness.ts';
import { type LabPaths, linkName } from '../identity.ts';
import { insideNetwork } from '../network/netns.ts';
import { type ProcessRecord, signal, startDetached, waitForEnd } from '../process.ts';
import { hostDir } from '../state.ts';
import { networkFile } from './tree.ts';

/** What qemu emulates. */
const hardware = { processors: 2, memoryMiB: 5120, diskGiB: 16 };

/** A boot in software emulation takes 60 to 90 s on a quiet machine with two processors. */
const bootLimit = 400_000;

/** A machine with a kernel of its own, in the place of a host that is off: with its name, its address and its SSH key. */
export interface VirtualMachine extends AsyncDisposable {
  /** Switches it on, and waits for its SSH server. */
  powerOn(): Promise<void>;
  /** Cuts its power: what it has not written to its disk is lost. */
  powerOff(): Promise<void>;
}

/**
 * Makes the disk of a virtual machine, which is off at first.
 *
 * @param tree the system to copy, of `ensureMachineTree`.
 */
export async function makeMachine(paths: LabPaths, host: LabHost, tree: string): Promise<VirtualMachine> {
  const folder = join(hostDir(paths, host.name), 'machine');
  mkdirSync(folder, { recursive: true });
  const boot = await makeDisk(paths, host, tree, folder);
  let running: ProcessRecord | undefined;
  const link = linkName(paths, host.address);
  const ip = (...args: string[]) => must(insideNetwork(paths, ['ip', ...args]));
  const powerOff = async () => {
    if (!running) return;
    // The link first: a host without power sends nothing.
    await ip('link', 'delete', link);
    signal(running, 'SIGKILL');
    await waitForEnd(running, 10_000);
    running = undefined;
  };
  return {
    async powerOn() {
      await ip('tuntap', 'add', link, 'mode', 'tap');
      await ip('link', 'set', link, 'master', 'br0', 'up');
      const argv = insideNetwork(paths, qemu(folder, boot, link));
      running = startDetached(argv, { log: join(folder, 'qemu.log'), procsFiles: [] });
      if (!running)
        throw new LabError('failed to start qemu', { hint: readFileSync(join(folder, 'qemu.log'), 'utf8') });
      await waitForSsh(paths, host, Date.now() + bootLimit);
    },
    powerOff,
    [Symbol.asyncDispose]: powerOff,
  };
}

interface Boot {
  readonly kernel: string;
  readonly initrd: string;
}

/** Writes a disk with a copy of the tree and the host's own files. */
async function makeDisk(paths: LabPaths, host: LabHost, tree: string, folder: string): Promise<Boot> {
  const [upper, work, root] = ['upper', 'work', 'root'].map((name) => join(folder, name)) as [string, string, string];
  for (const path of [upper, work, root]) mkdirSync(path, { recursive: true });
  await must(['mount', '-t', 'overlay', 'overlay', '-o', `lowerdir=${tree},upperdir=${upper},workdir=${work}`, root]);
  try {
    await personalise(paths, { host, generation: 1 }, root, LAB_ADDRESS);
    const network = join(root, networkFile);
    writeFileSync(network, readFileSync(network, 'utf8').replace('@ADDRESS@', host.address));
    const disk = join(folder, 'disk.img');
    writeFileSync(disk, '');
    truncateSync(disk, hardware.diskGiB * 2 ** 30);
    await must(['mkfs.ext4', '-q', '-F', '-d', root, disk]);
    return { kernel: bootFile(tree, 'vmlinuz-'), initrd: bootFile(tree, 'initrd.img-') };
  } finally {
    await unmountBelow(root);
    for (const path of [upper, work]) rmSync(path, { recursive: true, force: true });
  }
}

function bootFile(tree: string, start: string): string {
  const name = readdirSync(join(tree, 'boot')).find((each) => each.startsWith(start));
  if (name === undefined) throw new LabError(`${tree} has no /boot/${start}…`);
  return join(tree, 'boot', name);
}

/** Emulation in software, because hosted runners and containers have no KVM. */
function qemu(folder: string, { kernel, initrd }: Boot, link: string): readonly [string, ...string[]] {
  return [
    'qemu-system-x86_64',
    ...['-machine', 'q35', '-accel', 'tcg,thread=multi', '-cpu', 'max'],
    ...['-smp', String(hardware.processors), '-m', String(hardware.memoryMiB)],
    ...['-kernel', kernel, '-initrd', initrd, '-append', 'root=/dev/vda rw console=ttyS0'],
    ...['-drive', `file=${join(folder, 'disk.img')},format=raw,if=virtio,cache=unsafe`],
    ...['-netdev', `tap,id=n0,ifname=${link},script=no,downscript=no`, '-device', 'virtio-net-pci,netdev=n0'],
    ...['-nographic', '-monitor', 'none', '-serial', `file:${join(folder, 'console.log')}`],
  ];
}
