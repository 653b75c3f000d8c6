import { components } from '../../layout/components.ts';
import { fixedPorts } from '../../layout/ports.ts';
import { type Finding, quote } from '../finding.ts';
import type { ClusterFile } from '../schema.ts';

/** The two ports that cluster.yaml chooses, by their keys. */
const usual = { port: components.apiServer.ports.api.usual, localPort: components.apiBalancer.ports.api.usual };

/** Ports that components of the cluster listen on on every host, with the component of each. */
function takenIn(file: ClusterFile): Readonly<Record<number, string>> {
  return Object.fromEntries(fixedPorts(file).map(({ port, use }) => [port, use]));
}

/** Ports with two listeners. */
export function portFindings(file: ClusterFile): readonly Finding[] {
  const { port, localPort } = file.api;
  return [
    ...takenFindings('port', port, file),
    ...takenFindings('localPort', localPort, file),
    ...(port === localPort ? [samePort(port)] : []),
    ...rangeFindings(file),
  ];
}

function takenFindings(key: 'port' | 'localPort', port: number, file: ClusterFile): readonly Finding[] {
  const { ssh, hosts } = file;
  const sshPorts = hosts.map((host) => host.ssh.port ?? ssh.port);
  const owner = takenIn(file)[port] ?? (sshPorts.includes(port) ? 'SSH' : undefined);
  if (owner === undefined) return [];
  return [
    {
      code: 'CLUSTER_PORT',
      path: ['api', key],
      message: `api.${key} ${quote(port)} is the port of ${owner}.`,
      hint: `Write another port, such as ${usual[key]}.`,
    },
  ];
}

function samePort(port: number): Finding {
  return {
    code: 'CLUSTER_PORT',
    path: ['api', 'localPort'],
    message: `api.localPort ${quote(port)} is api.port too; a master that is a node needs both.`,
    hint: `Write two different ports, such as ${usual.port} for port and ${usual.localPort} for localPort.`,
  };
}

function rangeFindings(file: ClusterFile): readonly Finding[] {
  const { network, api } = file;
  const taken = takenIn(file);
  const range = network.serviceNodePortRange;
  const [first = 0, last = 0] = range.split('-').map(Number);
  const found = (problem: string, hint: string): readonly Finding[] => [
    {
      code: 'CLUSTER_PORT_RANGE',
      path: ['network', 'serviceNodePortRange'],
      message: `network.serviceNodePortRange ${quote(range)} ${problem}.`,
      hint,
    },
  ];
  if (first > last) return found('is the wrong way round', `Write ${last}-${first}.`);
  if (first < 1 || last > 65535)
    return found('has ports that do not exist', 'Write ports from 1 to 65535: 30000-32767.');
  const within = (port: number) => first <= port && port <= last;
  const clash = [api.port, api.localPort, ...Object.keys(taken).map(Number)].find(within);
  if (clash === undefined) return [];
  const owner = clash === api.port ? 'api.port' : clash === api.localPort ? 'api.localPort' : taken[clash];
  return found(`holds ${clash}, the port of ${owner}`, 'Write a range without it, such as 30000-32767.');
}
