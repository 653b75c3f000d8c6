import { components } from '../../layout/components.ts';
import { flag, gate, madeFrom, opens, placed, refuse, type Setting } from './rule.ts';
import { allAlpha, cipherRules, profiles, sharedPort, tlsVersionRule } from './transport.ts';
import { plainBeyondLoopback, urlBeyondLoopback, whenFalse, whenTrue, withAny, withoutAll } from './values.ts';

const unsigned = (cis: string) =>
  refuse('would take certificates that no CA signed', {
    hint: 'Remove it: the pki action makes them.',
    values: whenTrue,
    cis,
  });
const anyMachine = 'would let any machine join etcd';
const watched = `http://127.0.0.1:${components.etcd.ports.metrics.port}`;
const anySite = opens('answers pages of any web site', { values: withAny('*') });

export const etcdSettings: readonly Setting[] = [
  flag(
    'client-cert-auth',
    refuse('would open etcd, and with it all secrets, to everyone who reaches it', { values: whenFalse, cis: '2.2' }),
  ),
  flag('peer-client-cert-auth', refuse(anyMachine, { values: whenFalse, cis: '2.5' })),
  flag('peer-skip-client-san-verification', refuse(anyMachine, { values: whenTrue })),
  flag('experimental-peer-skip-client-san-verification', refuse(anyMachine, { values: whenTrue })),
  flag('auto-tls', unsigned('2.3')),
  flag('peer-auto-tls', unsigned('2.6')),
  // etcd's gRPC gateway is on this port: it can read and write the complete cluster.
  flag('listen-client-http-urls', refuse('would open etcd’s HTTP interface beyond this host, or without TLS')),
  flag(
    'listen-metrics-urls',
    refuse('would show etcd’s metrics and health to everyone who reaches it', {
      hint: `Write ${watched}, and after it https URLs if others are to read them.`,
      values: plainBeyondLoopback,
    }),
    refuse(`would remove ${watched}, which verify-failover watches`, {
      hint: `Keep ${watched} in the list.`,
      values: withoutAll(watched),
    }),
    opens('shows etcd’s metrics to other hosts', { values: urlBeyondLoopback }),
  ),
  flag('tls-min-version', tlsVersionRule('TLS1.2', 'TLS1.3')),
  flag('cipher-suites', ...cipherRules()),
  flag('enable-pprof', profiles()),
  flag('cors', anySite),
  flag('host-whitelist', anySite),
  flag('socket-reuse-port', sharedPort),
  flag('socket-reuse-address', sharedPort),
  flag('enable-v2', opens('serves the API of version 2, which Kubernetes does not use', { values: whenTrue })),
  flag('distributed-tracing-address', opens('sends what clients ask to a collector')),
  flag('experimental-distributed-tracing-address', opens('sends what clients ask to a collector')),
  flag('force-new-cluster', refuse('would throw the other members out at each start', { values: whenTrue })),
  flag('unsafe-no-fsync', refuse('would lose what was written when a host loses power', { values: whenTrue })),
  flag('pre-vote', refuse('would let a member that comes back unseat the leader', { values: whenFalse })),
  flag('strict-reconfig-check', refuse('would allow changes of members that break the quorum', { values: whenFalse })),
  gate('AllAlpha', allAlpha),
  ...madeFrom({ 'data-dir': 'etcd.dataDir', name: 'the host’s name', 'initial-cluster-token': 'name' }),
  ...placed('listen-client-urls', 'advertise-client-urls', 'listen-peer-urls', 'initial-advertise-peer-urls'),
  ...placed('initial-cluster', 'initial-cluster-state', 'cert-file', 'key-file', 'trusted-ca-file'),
  ...placed('peer-cert-file', 'peer-key-file', 'peer-trusted-ca-file', 'config-file', 'discovery-fallback'),
  ...placed('discovery', 'discovery-srv', 'discovery-srv-name', 'discovery-token', 'discovery-endpoints'),
  ...placed('discovery-insecure-transport', 'discovery-insecure-skip-tls-verify', 'discovery-proxy'),
  ...placed('discovery-cert', 'discovery-key', 'discovery-cacert', 'discovery-user', 'discovery-password'),
];
