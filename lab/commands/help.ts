/** The usage and the description of each verb; the first line of a text is its summary. */
export const VERBS: Readonly<Record<string, { usage: string; text: string }>> = {
  up: {
    usage: 'up [--cluster FILE | --from CHECKPOINT [--stale]]',
    text: `Boot the hosts that a cluster file lists, each a whole Debian 12 with its own systemd and SSH server.
The file is examples/seed/cluster.yaml unless another is named. What is missing is made first and kept in the cache:
the base system (about 80 s, once) and the hosts' packages. When the lab is up, only hosts that are off are booted.
With --from they have the disks that a checkpoint has saved: a cluster that was ready is ready again once they have booted. A checkpoint
of other bundles than those in dist/ is refused unless --stale says otherwise.`,
  },
  prepare: {
    usage: 'prepare [--kubernetes VERSION]',
    text: `Fill the cache with everything that a lab and its cluster need, so that later starts are quick.
Base system, packages, binaries (downloaded, or built by Go where the official places can't be reached) and images.`,
  },
  down: {
    usage: 'down',
    text: `Remove every trace of the lab but its cache.
Hosts, mounts, network, cgroups, servers and state go; settings of this machine's kernel are put back.
It also clears what a lab that crashed has left.`,
  },
  status: {
    usage: 'status [--json]',
    text: `Show the hosts, their power and systemd's state, and the paths of keys and files.
Exit status 0 when the lab is up, 3 when it is down.`,
  },
  exec: {
    usage: 'exec HOST -- COMMAND…',
    text: `Run a command inside a host, past its SSH server.
Standard input, output and error and the exit status are the command's own.`,
  },
  shell: {
    usage: 'shell [HOST]',
    text: `Open a shell inside a host, by default the first one.`,
  },
  run: {
    usage: 'run -- COMMAND…',
    text: `Run a command on this machine, in the lab's network: the runner's side, from which the hosts are reached.
LAB_SSH_KEY, LAB_KNOWN_HOSTS, LAB_CLUSTER and LAB_STATE are set for it.`,
  },
  kubectl: {
    usage: 'kubectl [--] ARGUMENTS…',
    text: `Run kubectl as the administrator of the cluster on the lab's hosts.
It uses the kubeconfig of the first master that is on.`,
  },
  power: {
    usage: 'power on|off|cycle HOST… [--hard]',
    text: `Turn hosts on, off, or off and on again.
"off" shuts the host down and waits. With --hard its plug is pulled: silent for its peers, no FIN or RST leaves it.
"on" boots it with its disk as it was and waits until one can log in.`,
  },
  reimage: {
    usage: 'reimage HOST…',
    text: `Give hosts an empty disk and boot them: new machines under their old names, addresses and SSH host keys.
What was on the disk is gone, as when a machine is replaced. The machine id is a new one.`,
  },
  checkpoint: {
    usage: 'checkpoint save NAME | list | remove NAME',
    text: `Save the disks of all hosts, as they are at this moment, for later starts by "up --from NAME".
The lab is frozen for the seconds that this takes, and then continues. Any lab of this machine may start from a checkpoint and
ruin what it got: the checkpoint stays as it is. It takes about 2 GB for seven hosts; the four that were used last are kept.`,
  },
  action: {
    usage: 'action NAME [--cluster FILE] [--keep] [key=value …]',
    text: `Run an action on the lab's hosts as a step of a job would, and show its log, outputs and summary.
NAME is a folder with an action.yml (plan, pki, etcd, master, node, addons, kubeconfig, verify-failover), or deploy for the
root action. key=value are inputs, such as dry-run=true. Inputs that are not given have the defaults of action.yml; cluster,
ssh-key, known-hosts and power-command are the lab's. FILE is a cluster file of yours: what the lab's hosts need is added
where it does not say it. Artifacts stay in the lab's state folder, so that "etcd bundles=artifacts" finds what "pki" has left.
The post step runs afterwards; with --keep it does not, so that a kubeconfig stays. The exit status is that of the step.`,
  },
  logs: {
    usage: 'logs HOST [-f]',
    text: `Print a host's journal, also when it is off; -f follows it.`,
  },
};

/** The help for one verb, or for all. */
export function helpText(verb?: string): string {
  const known = verb === undefined ? undefined : VERBS[verb];
  if (known) return `npm run lab -- ${known.usage}\n\n${known.text}\n`;
  const width = Math.max(...Object.values(VERBS).map(({ usage }) => usage.length));
  const lines = Object.values(VERBS).map(({ usage, text }) => `  ${usage.padEnd(width)}  ${text.split('\n')[0]}\n`);
  return `Real hosts on this machine, for the project's tests and demo.

npm run lab -- VERB …

${lines.join('')}
HOST is a name or an address. More about a verb: npm run lab -- VERB --help
K8S_HA_LAB_ID names the lab (default: from the checkout's path), K8S_HA_LAB_CACHE its cache.
`;
}
