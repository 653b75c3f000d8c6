import type { ProblemCode } from '../../src/error-codes.ts';
import { isBefore } from './etcd-jobs.ts';
import { type File, fileCodes, type Line } from './file.ts';
import { forgettable, hasTwin } from './reached.ts';
import {
  answers,
  answersOfEtcd,
  hasQuorum,
  isHealthy,
  isReady,
  runs,
  serverOf,
  votersOf,
  type World,
} from './world.ts';

/** The codes of a refusal that nothing in the world and the file explains. */
export function unexcused(world: World, file: File, codes: readonly ProblemCode[], forget: boolean): readonly string[] {
  const excuse = excusesOf(world, file, forget, codes);
  return [...new Set(codes)].filter((code) => !fileCodes(file).includes(code) && excuse[code]?.() !== true);
}

type Excuses = Partial<Readonly<Record<ProblemCode, () => boolean>>>;

function excusesOf(world: World, file: File, forget: boolean, codes: readonly ProblemCode[]): Excuses {
  const present = file.lines.filter(({ removed }) => !removed);
  const having = (role: Line['roles'][number]) => present.filter(({ roles }) => roles.includes(role));
  const on = ({ address }: { readonly address: string }) => world.machines.get(address);
  const all = [...world.machines.values()];
  const letGo = new Set(forget ? forgettable(world, file) : []);
  const isAway = present.some((line) => !answers(on(line)));
  const isSilent = having('etcd').some((line) => !answersOfEtcd(on(line)));
  const known = new Set(file.lines.filter(({ roles }) => roles.includes('etcd')).map(({ address }) => address));
  const isIll =
    world.cluster !== undefined &&
    votersOf(world).some((each) => !isHealthy(world, each) || !answersOfEtcd(on(each)) || !known.has(each.address));
  // A learner is no member yet that could stay.
  const departs = !votersOf(world).some(
    (each) => isHealthy(world, each) && having('etcd').some(({ address }) => address === each.address),
  );
  const alien = having('etcd').some((line) => {
    const data = on(line)?.data;
    const member = world.members.find(({ id }) => id === data?.member);
    return data !== undefined && (data.cluster !== world.cluster || member?.address !== line.address);
  });
  const lines = new Set(having('node').map(({ name }) => name));
  const leaving = new Set(file.lines.filter(({ removed }) => removed).map(({ name }) => name));
  const unlisted = [...world.nodes.keys()].filter((name) => !lines.has(name) && !leaving.has(name));
  const versions = [...all.flatMap(({ placed, running }) => [...placed, ...running])].map(([program, version]) => ({
    program,
    version,
  }));
  const some = (wanted: string, of: (program: string) => boolean, test: (version: string) => boolean) =>
    versions.some(({ program, version }) => of(program) && version !== wanted && test(version));
  const isEtcd = (program: string) => program === 'etcd';
  const isNot = (program: string) => program !== 'etcd';
  const noApi = !having('master').some((line) => answers(on(line)) && serverOf(world, line.address));
  const older =
    some(file.kubernetes, isNot, (each) => isBefore(each, file.kubernetes)) ||
    some(file.etcd, isEtcd, (each) => isBefore(each, file.etcd));
  return {
    HOST_UNREACHABLE: () => isAway,
    ETCD_MEMBERS_UNKNOWN: () =>
      isAway || isSilent || departs || (world.cluster !== undefined && !hasQuorum(world)) || alien,
    ETCD_QUORUM: () => isIll || departs || codes.includes('ETCD_MEMBER_STRAY'),
    ETCD_DATA_FOREIGN: () => alien,
    ETCD_DATA_LOST: () =>
      having('etcd').every((line) => on(line)?.data === undefined) &&
      all.some(({ scopes }) => scopes.has('master') || scopes.has('node')),
    ETCD_MEMBER_STRAY: () =>
      world.members.some(
        ({ address, name }) =>
          name !== '' &&
          !letGo.has(name) &&
          !file.lines.some((line) => line.address === address && (line.removed || line.roles.includes('etcd'))),
      ),
    ETCD_LEARNER_BEHIND: () => isIll,
    NODE_NOT_LISTED: () => unlisted.some((name) => !letGo.has(name)),
    NODE_RENAMED: () =>
      [...world.nodes].some(([name, { machineId }]) =>
        present.some((line) => line.name !== name && on(line)?.id === machineId),
      ),
    NODE_STILL_READY: () =>
      [...lines].some((name) => isReady(world, name)) &&
      having('node').some((line) => on(line)?.joinedAs !== line.name),
    NODE_TWO_MACHINES: () => hasTwin(world, file),
    MASTER_NOT_LISTED: () =>
      [...world.machines.keys()].some(
        (address) => serverOf(world, address) && !having('master').some((line) => line.address === address),
      ),
    REMOVAL_REFUSED: () =>
      codes.some((code) => code.startsWith('ETCD_')) ||
      // A host with data keeps it while no member answers that knows better.
      (isIll && alien) ||
      file.lines.some(
        (line) => line.removed && isReady(world, on(line)?.joinedAs ?? '') && on(line)?.joinedAs !== line.name,
      ) ||
      having('node').every(({ name }) => !isReady(world, name) || world.nodes.get(name)?.cordoned),
    AUTHORITIES_LOST: () => !having('master').some((line) => on(line)?.hasCa),
    API_UNREACHABLE: () => noApi,
    UNIT_NOT_READY: () => !hasQuorum(world),
    UNIT_FAILED: () => !hasQuorum(world),
    RESTART_REFUSED: () => isIll || having('master').some((line) => !serverOf(world, line.address)),
    VERSION_DOWNGRADE: () =>
      some(file.kubernetes, isNot, (each) => isBefore(file.kubernetes, each)) ||
      some(file.etcd, isEtcd, (each) => isBefore(file.etcd, each)),
    VERSION_SKIPPED: () => older,
    VERSION_SKEW: () => some(file.kubernetes, isNot, () => true),
    VERSION_ETCD_HOP: () => older,
    VERSION_UNKNOWN: () =>
      having('master').some((line) => runs(on(line), 'kube-apiserver') === undefined || !answers(on(line))),
  };
}
