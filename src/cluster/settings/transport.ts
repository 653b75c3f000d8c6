import { opens, type Rule, refuse } from './rule.ts';
import { anyOf, atLeast, like, otherThan, partsOf, whenEmpty, whenFalse, whenTrue } from './values.ts';

/**
 * The suites that CIS 1.2.29 and 4.2.12 accept and that Go hasn't declared insecure: forward secrecy and AEAD.
 * They concern TLS 1.2 only; the suites of TLS 1.3 are not configurable in Go.
 */
export const strongCipherSuites = [
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
  'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
  'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
] as const;

/** Further names that components accept: those of TLS 1.3, and older ones of two strong suites. */
const asStrong = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305',
  'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305',
];

const accepted: ReadonlySet<string> = new Set([...strongCipherSuites, ...asStrong]);
/** Forward secrecy without AEAD: in Go's own default, but not in CIS. */
const isMiddling = (suite: string): boolean => /^TLS_ECDHE_(RSA|ECDSA)_WITH_AES_(128|256)_CBC_SHA$/.test(suite);

/** CIS's number for the suites of a component, if it has one. */
export function cipherRules(cis?: string): readonly Rule[] {
  const number = cis === undefined ? {} : { cis };
  return [
    refuse('would encrypt by suites that are broken or that Go does not know', {
      hint: `Use some of ${strongCipherSuites.join(',')}.`,
      values: {
        words: 'with RC4, 3DES, static RSA or CBC with SHA-256, or with unknown names',
        include: (value) => partsOf(value).some((suite) => !accepted.has(suite) && !isMiddling(suite)),
      },
      ...number,
    }),
    opens('lets clients choose TLS 1.2 suites without authenticated encryption', {
      values: {
        words: 'empty, or with ECDHE and CBC',
        include: (value) => partsOf(value).length === 0 || partsOf(value).some(isMiddling),
      },
      ...number,
    }),
  ];
}

/** Kubernetes calls them VersionTLS12 and VersionTLS13, etcd TLS1.2 and TLS1.3. */
export function tlsVersionRule(...known: readonly string[]): Rule {
  return refuse('would speak TLS older than 1.2, or a version that the component does not know', {
    hint: `Write ${known.join(' or ')}, or remove it.`,
    values: otherThan(...known),
  });
}

export const kubernetesTls = tlsVersionRule('VersionTLS12', 'VersionTLS13');

export const allAlpha = opens('turns on every alpha feature, none of which is declared safe', {
  values: anyOf(whenTrue, whenEmpty),
});
export const allBeta = opens('turns off every beta feature, protections among them', { values: whenFalse });

/** client-go logs the bodies of requests from 8 on (transport/round_trippers.go): Secrets are among them. */
const bodiesLogged = 'writes the contents of requests to the journal, and so may write Secrets';
export const verbose = opens(bodiesLogged, { values: atLeast(8) });
/** The same for single files: `round_trippers=8`, or in the format of the kubelet's configuration. */
export const verboseFiles = opens(bodiesLogged, {
  values: like('with 8 and more for a file', /(=|"verbosity":)\s*"?0*([89]|[1-9]\d)/),
});

export const sharedPort = opens('lets another process of the host listen at the same port', { values: whenTrue });

/** Besides --profiling: profiles of blocking. */
export const blockingProfiles = opens('records what blocks, for those who may read profiles', { values: whenTrue });

/** @param cis the item of the component. */
export function profiles(cis?: string): Rule {
  return opens('serves profiles of the process', { values: whenTrue, ...(cis === undefined ? {} : { cis }) });
}

export const olderBehaviour = opens('makes the component behave as an older version, without the later protections');
