import { type Host, hostsWith } from '../cluster/cluster.ts';
import { describeProblem, Problem } from '../errors.ts';
import { shellQuoted } from '../host/shell-command.ts';
import { type Connected, sessionOf } from './stages.ts';

/** Of an etcd, an API server without its cache and a kubectl, with a reserve for the cluster's own API server. In the lab they use 400. */
const memoryMiB = 700;

const programs = ['kube-apiserver', 'kubectl', 'etcd', 'etcdctl', 'etcdutl'] as const;

type Chosen = { readonly kind: 'chosen'; readonly host: Host } | { readonly kind: 'none'; readonly why: string };

/** The reachable master with the most free memory, on which another etcd and API server can run for a moment; or why there is none. */
export async function scratchHost(run: Connected): Promise<Chosen> {
  const masters = hostsWith(run.cluster, 'master').filter(({ name }) => run.sessions.has(name));
  const seen = await Promise.all(masters.map(async (host) => ({ host, ...(await roomOf(run, host)) })));
  const best = seen.filter(({ why }) => why === undefined).toSorted((one, other) => other.free - one.free)[0];
  if (best) return { kind: 'chosen', host: best.host };
  return { kind: 'none', why: seen.map(({ host, why }) => `${host.name}: ${why}`).join('; ') };
}

/** Free memory in MiB, and why the host can't be used. */
async function roomOf(run: Connected, host: Host): Promise<{ readonly free: number; readonly why?: string }> {
  try {
    const { stdout } = await sessionOf(run, host).run(lines(run.cluster.binDir));
    const free = Math.floor(Number(/^free (\d{1,12})$/m.exec(stdout)?.[1] ?? 0) / 1024);
    const missing = programs.find((name) => stdout.includes(`missing ${name}\n`));
    if (missing !== undefined) return { free, why: `it has no ${missing}: deploy the cluster with this version once` };
    return free < memoryMiB ? { free, why: `${free} MiB of memory are free, and ${memoryMiB} are needed` } : { free };
  } catch (error) {
    if (error instanceof Problem) return { free: 0, why: describeProblem(error) };
    throw error;
  }
}

function lines(binDir: string): string {
  const each = `for program in ${programs.join(' ')}; do [ -x ${shellQuoted(binDir)}/"$program" ] || echo "missing $program"; done`;
  return `${each}; awk '/^MemAvailable:/ { print "free " $2 }' /proc/meminfo`;
}
