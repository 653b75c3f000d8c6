import { jwtHint } from './oidc-flags.ts';
import { flag, opens, placed, refuse, type Setting } from './rule.ts';
import { partsOf, whenFalse, whenTrue, withAny, withoutAll } from './values.ts';

const oidc = ['issuer-url', 'client-id', 'ca-file', 'username-claim', 'username-prefix', 'groups-claim'];
const moreOidc = ['groups-prefix', 'signing-algs', 'required-claim'];

/** Authentication: settings that determine who a client is. */
const authentication: readonly Setting[] = [
  flag(
    'anonymous-auth',
    refuse(
      'can’t be combined with the authentication configuration, which lets anonymous users see /livez, /readyz and /healthz only',
      { hint: 'Remove it: no other path is open to anonymous users.', cis: '1.2.1' },
    ),
  ),
  ...[...oidc, ...moreOidc].map((name) =>
    flag(
      `oidc-${name}`,
      refuse(
        'can’t be combined with the authentication configuration, and without that anonymous users reach all paths',
        {
          hint: 'Use apiServer.authentication.jwt instead.',
          hintFor: jwtHint,
          cis: '1.2.1',
        },
      ),
    ),
  ),
  flag(
    'token-auth-file',
    refuse('would keep tokens that never expire in a file on each master', {
      hint: 'Nodes join by a bootstrap token made for one run; users come by client certificates or apiServer.authentication.jwt.',
      cis: '1.2.2',
    }),
  ),
  flag(
    'authentication-token-webhook-config-file',
    opens('lets a webhook of a file that no run sees say who a client is'),
  ),
  flag('api-audiences', opens('takes tokens of service accounts that were made for others')),
  flag(
    'service-account-lookup',
    refuse('would let deleted tokens go on working', { values: whenFalse, cis: '1.2.21' }),
  ),
  flag(
    'service-account-extend-token-expiration',
    opens('lets tokens of service accounts last for a year', { values: whenTrue, cis: '1.2.30' }),
  ),
  flag('enable-bootstrap-token-auth', refuse('would keep new nodes from joining', { values: whenFalse })),
  ...placed('authentication-config', 'requestheader-client-ca-file', 'requestheader-allowed-names'),
  ...placed('requestheader-username-headers', 'requestheader-group-headers', 'requestheader-extra-headers-prefix'),
  ...placed('requestheader-uid-headers'),
];

/** Authorization: settings that determine what a client may do. */
const authorization: readonly Setting[] = [
  flag(
    'authorization-mode',
    refuse('would lack Node or RBAC, or let everyone do everything', {
      hint: 'Keep Node and RBAC, and add to them: Node,RBAC,Webhook.',
      values: {
        words: 'without Node or RBAC, or with AlwaysAllow',
        include: (value) => withoutAll('Node', 'RBAC').include(value) || withAny('AlwaysAllow').include(value),
      },
      cis: '1.2.6 to 1.2.8',
    }),
    opens('lets more than roles say what a client may do', {
      values: { words: 'with more than Node and RBAC', include: (value) => partsOf(value).some(isFurther) },
    }),
  ),
  flag(
    'authorization-config',
    opens('takes the place of Node,RBAC by a file that no run sees', { cis: '1.2.6 to 1.2.8' }),
  ),
];

const isFurther = (mode: string): boolean => mode !== 'Node' && mode !== 'RBAC';

/** Admission plugins that promises of SECURITY.md depend on: the rights of nodes, and no certificate for system:masters. */
const kept = ['NodeRestriction', 'ServiceAccount', 'NamespaceLifecycle'];
const keptForCertificates = ['CertificateApproval', 'CertificateSigning', 'CertificateSubjectRestriction'];
const policies = ['PodSecurity', 'ValidatingAdmissionPolicy', 'ValidatingAdmissionWebhook', 'MutatingAdmissionWebhook'];

/** Admission: settings that determine which objects are accepted. */
const admission: readonly Setting[] = [
  flag(
    'admission-control',
    refuse('is deprecated', { hint: 'Use enable-admission-plugins, with NodeRestriction among them.' }),
  ),
  flag(
    'enable-admission-plugins',
    refuse('would lack NodeRestriction, by which a node can’t act as another, or admit everything', {
      hint: 'Start the list by NodeRestriction, and leave AlwaysAdmit out.',
      values: {
        words: 'without NodeRestriction, or with AlwaysAdmit',
        include: (value) => withoutAll('NodeRestriction').include(value) || withAny('AlwaysAdmit').include(value),
      },
      cis: '1.2.10 and 1.2.14',
    }),
  ),
  flag(
    'disable-admission-plugins',
    refuse('would switch off a plugin that keeps nodes, service accounts or certificates in their bounds', {
      hint: `Leave ${[...kept, ...keptForCertificates].join(', ')} out.`,
      values: withAny(...kept, ...keptForCertificates),
      cis: '1.2.12 to 1.2.14',
    }),
    opens('switches off plugins that enforce policies', { values: withAny(...policies) }),
  ),
];

export const accessSettings: readonly Setting[] = [...authentication, ...authorization, ...admission];
