// API servers, etcd and the certificates that servers present, as they answer now, for a check.
import { certificateFindings, seenCertificate } from '../check/certificates.ts';
import type { Finding } from '../check/finding.ts';
import { stoppedId, unknownFinding } from '../check/hosts.ts';
import type { CheckReport } from '../check/report.ts';
import { apiServerFinding, etcdFindings, learnerFindings } from '../check/services.ts';
import type { Host } from '../cluster/cluster.ts';
import { describeProblem, Problem } from '../errors.ts';
import { etcdHealth } from '../etcd/health.ts';
import { whyNotServing } from '../kubernetes/index.ts';
import { components, withoutSuffix } from '../layout/components.ts';
import { servedCertificate } from '../observe/served-certificate.ts';
import { waitWhile } from '../waiting.ts';
import { withMaster } from './cluster-access.ts';
import { observedAtFirst } from './observe-etcd.ts';
import type { Phase } from './phase.ts';
import { targetsOf } from './run.ts';
import { type Inspected, inspectionOf, sessionOf } from './stages.ts';

/** Asks each API server, etcd on one of its hosts, and each server for its certificate. */
export function askServices(report: CheckReport): Phase<Inspected> {
  return {
    title: 'Ask the services',
    async run(run, signal) {
      const found = await Promise.all([apiServers(run, report, signal), etcd(run), servedCertificates(run, report)]);
      report.findings.push(...found.flat());
    },
  };
}

const isDeployed = (run: Inspected, host: Host, role: Host['roles'][number]): boolean =>
  inspectionOf(run, host).scopes.includes(role);

/** A restart of an API server, by a deployment or by hand, is no finding: it is waited for. */
const patience = { timeoutMs: 5000, everyMs: 500 };

async function apiServers(run: Inspected, report: CheckReport, signal: AbortSignal): Promise<readonly Finding[]> {
  const stopped = new Set(report.findings.map(({ id }) => id));
  const masters = targetsOf(run, 'master').filter(
    (host) => isDeployed(run, host, 'master') && !stopped.has(stoppedId(host.name, components.apiServer.unit)),
  );
  const reasons = masters.map(async (host) => {
    const look = () => withMaster(run, host, whyNotServing);
    const reason = await waitWhile(look, { ...patience, signal }).catch(reasonOf);
    return reason === undefined ? [] : [apiServerFinding(host, reason)];
  });
  return (await Promise.all(reasons)).flat();
}

function reasonOf(error: unknown): string {
  if (error instanceof Problem) return error.message;
  throw error;
}

/** The first host whose etcdctl answers speaks for all members. */
async function etcd(run: Inspected): Promise<readonly Finding[]> {
  const lists = [...observedAtFirst(run).values()].flatMap(({ list }) => list ?? []);
  const learners = lists.slice(0, 1).flatMap((list) => learnerFindings(run.cluster, list));
  let refusal: unknown = new Error('no host of etcd answers');
  for (const host of targetsOf(run, 'etcd').filter((each) => isDeployed(run, each, 'etcd'))) {
    try {
      return [...learners, ...etcdFindings(run.cluster, await etcdHealth(sessionOf(run, host), run.cluster))];
    } catch (error) {
      refusal = new Error(describeProblem(error));
      if (!(error instanceof Problem)) throw error;
    }
  }
  return [...learners, unknownFinding('etcd', run.cluster.name, refusal, 'critical')];
}

/** A server with its own certificate, by the file that it was started with. */
interface Server {
  readonly unit: `${string}.service`;
  readonly port: number;
  readonly path: string;
  /** For which it has this certificate; absent: its usual one. */
  readonly serverName?: string;
}

/**
 * An API server makes this certificate for its requests to itself at its start, and never renews it: after its end, it fails.
 * Source: LoopbackClientServerNameOverride in apiserver/pkg/server/config_selfclient.go
 */
const loopbackName = 'apiserver-loopback-client';

function serversOf({ cluster }: Inspected, { roles }: Host): readonly Server[] {
  const { apiServer, etcd: member, kubelet } = components;
  const all: Readonly<Record<Host['roles'][number], readonly Server[]>> = {
    master: [
      { unit: apiServer.unit, port: cluster.api.port, path: apiServer.certificates.serving.crt },
      { unit: apiServer.unit, port: cluster.api.port, path: loopbackName, serverName: loopbackName },
    ],
    etcd: [
      { unit: member.unit, port: member.ports.clients.port, path: member.certificates.server.crt },
      { unit: member.unit, port: member.ports.peers.port, path: member.certificates.peer.crt },
    ],
    node: [{ unit: kubelet.unit, port: kubelet.ports.api.port, path: kubelet.certificates.serving.crt }],
  };
  return roles.flatMap((role) => all[role]);
}

async function servedCertificates(run: Inspected, report: CheckReport): Promise<readonly Finding[]> {
  const hosts = run.cluster.hosts.filter(({ name }) => run.inspections.has(name));
  return (await Promise.all(hosts.map((host) => servedOn(run, report, host)))).flat();
}

async function servedOn(run: Inspected, report: CheckReport, host: Host): Promise<readonly Finding[]> {
  const stopped = new Set(report.findings.map(({ id }) => id));
  const { scopes, files } = inspectionOf(run, host);
  if (!host.roles.every((role) => scopes.includes(role))) return [];
  const running = serversOf(run, host).filter(({ unit }) => !stopped.has(stoppedId(host.name, unit)));
  const unknown: Finding[] = [];
  const ask = async ({ unit, port, path, serverName }: Server) => {
    const name = `${withoutSuffix(unit)}, port ${port}${serverName === undefined ? '' : `, ${serverName}`}`;
    try {
      const pem = await servedCertificate(sessionOf(run, host), { address: host.address, port }, serverName);
      return seenCertificate(path, pem, name);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      unknown.push(unknownFinding(`the certificate of ${name}`, host.name, error));
      return [];
    }
  };
  const served = (await Promise.all(running.map(ask))).flat();
  report.certificates.push(...served);
  // A finding of the file is one already.
  const filed = running.flatMap(({ path }) => seenCertificate(path, files.get(path) ?? ''));
  const findings = certificateFindings(host, [...filed, ...served], run.now);
  return [...unknown, ...findings.filter(({ id }) => !stopped.has(id))];
}
