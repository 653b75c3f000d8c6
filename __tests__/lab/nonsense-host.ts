import type { Lab } from '../../lab/lab.ts';

/** The login shell of a host that answers nonsense: it runs its script instead of the requested command, or in the middle of it. */
const shell = '/opt/nonsense';

export interface Nonsense {
  /** Lines of sh; their output is the host's answer. */
  readonly script: string;
  /** Only from the answer to this request on; the first one is 1. Default: from the greeting on. */
  readonly atRequest?: number;
  /** Afterwards the answer continues correctly. */
  readonly once?: boolean;
}

/**
 * Makes a host answer nonsense to every SSH client; the lab's own commands on it work. The program that a session starts
 * runs, and its output passes through a filter, so that nonsense may begin with any request.
 */
export async function talkNonsense(
  lab: Lab,
  host: string,
  { script, atRequest, once = false }: Nonsense,
): Promise<void> {
  const from = atRequest ?? 0;
  const line =
    from === 0
      ? `${mark}\n${script}`
      : `exec 3>&1; sh -c "$2" | awk -W interactive -v from=${from} -v once=${once ? 1 : 0} '${filter}'`;
  await must(lab, host, `cat >${shell}.script && cat ${shell}.script >/dev/null`, script);
  await must(lab, host, `cat >${shell} && chmod 755 ${shell}`, `#!/bin/sh\n${line}\n`);
  await must(lab, host, `usermod --shell ${shell} root`);
}

/** The mark with which our command begins: nonsense before it is the text of a login. */
const mark = String.raw`printf '%s\n' "$2" | sed -n "s/.*'\([0-9a-f]\{16\}\)' '\([0-9a-f]\{16\}\)'.*/\n\1\2/p"`;

/** Forwards lines, and runs the script after the line with which the answer to a request begins. */
const filter = `
  { print; fflush() }
  /^{"t":"begin"/ && ++begun >= from && !(once && done) { done = 1; system("sh ${shell}.script") }`;

/** Restores the host. */
export async function talkSense(lab: Lab, host: string): Promise<void> {
  await must(lab, host, `usermod --shell /bin/bash root; rm -f ${shell} ${shell}.script`);
}

async function must(lab: Lab, host: string, line: string, input = ''): Promise<void> {
  const { status, stderr } = await lab.exec(host, ['sh', '-c', line], { input });
  if (status !== 0) throw new Error(`${host}: ${line}: ${stderr}`);
}

/** The kinds of nonsense of the tests' hosts. */
export const scripts = {
  withoutLineEnd: "yes | tr -d '\\n'",
  lines: 'yes',
  longLine: 'head -c 10000000 /dev/zero | tr "\\0" x; echo; sleep 1000',
  otherKind: `echo '{"t":1}'; sleep 1000`,
  broken: `echo '{"t":oops'; sleep 1000`,
  eventsForEver: `yes '{"t":"line","s":"path","v":"x"}'`,
  gigabyte: `yes '{"t":"line","s":"path","v":"${'x'.repeat(900)}"}' | head -c 1000000000`,
  ticks: `while echo '{"t":"tick"}'; do sleep 0.2; done`,
  stalled: 'sleep 1000',
  manyEquals: `printf '{"t":"log","text":"'; head -c 1000000 /dev/zero | tr '\\0' =; echo '"}'`,
} as const;
