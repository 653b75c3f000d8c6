import { flag, opens, placed, refuse, type Setting } from './rule.ts';
import * as transport from './transport.ts';
import { beyondLoopback, partsOf, whenFalse, whenTrue } from './values.ts';

const health = ['/healthz', '/readyz', '/livez'];

/** Settings that the controller-manager and the scheduler share, with the CIS numbers of each. */
export function controllerSettings(cis: { readonly profiling: string; readonly bind: string }): readonly Setting[] {
  return [
    flag('bind-address', opens('is reached by other hosts', { values: beyondLoopback, cis: cis.bind })),
    flag('profiling', transport.profiles(cis.profiling)),
    flag('contention-profiling', transport.blockingProfiles),
    flag(
      'authorization-always-allow-paths',
      refuse('would answer everyone who reaches it', {
        hint: `Name single paths beside ${health.join(',')}.`,
        values: { words: 'with “*”, or with paths of profiles', include: (value) => partsOf(value).some(isWide) },
      }),
      opens('answers without asking who asks', {
        values: { words: 'with more than the health paths', include: (value) => partsOf(value).some(isFurther) },
      }),
    ),
    flag('authentication-skip-lookup', opens('does not look up who may speak for others', { values: whenTrue })),
    flag('permit-port-sharing', transport.sharedPort),
    flag('permit-address-sharing', transport.sharedPort),
    flag('tls-min-version', transport.kubernetesTls),
    flag('tls-cipher-suites', ...transport.cipherRules()),
    flag('emulated-version', transport.olderBehaviour),
    flag('min-compatibility-version', transport.olderBehaviour),
    flag('master', refuse('is not used: each master’s components talk to its own API server by a kubeconfig')),
    flag(
      'leader-elect',
      refuse('would let several masters act at once', {
        hint: 'Remove it: leader election is always on.',
        values: whenFalse,
      }),
    ),
    ...placed('kubeconfig', 'authentication-kubeconfig', 'authorization-kubeconfig', 'client-ca-file', 'secure-port'),
    ...placed('requestheader-client-ca-file', 'requestheader-allowed-names', 'requestheader-username-headers'),
    ...placed('requestheader-group-headers', 'requestheader-extra-headers-prefix', 'requestheader-uid-headers'),
  ];
}

const isWide = (path: string): boolean => path.includes('*') || /^\/?(debug|$)/.test(path);
const isFurther = (path: string): boolean => !health.includes(path.replace(/^\/?/, '/'));
