import { describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { parseCluster } from '../../src/cluster/load.ts';
import { clusterWith, fileWith, flags, refusalsOf, verdictOn } from './settings/judged.ts';

const certificate = `-----BEGIN CERTIFICATE-----
${Buffer.concat([Buffer.from([0x30, 0x82, 0x01, 0x00]), Buffer.alloc(256)]).toString('base64')}
-----END CERTIFICATE-----
`;
const entry = {
  issuer: { url: 'https://issuer.example.com', audiences: ['https://kubernetes.example.com'] },
  claimMappings: { username: { claim: 'sub', prefix: 'example:' } },
};

type Entry = Readonly<Record<string, unknown>>;
const withJwt = (...jwt: readonly unknown[]) => ({ apiServer: { authentication: { jwt } } });
const issuerWith = (keys: Entry): Entry => ({ ...entry, issuer: { ...entry.issuer, ...keys } });
const mappingsWith = (keys: Entry): Entry => ({ ...entry, claimMappings: { ...entry.claimMappings, ...keys } });
const rulesWith = (...rules: readonly Entry[]): Entry => ({ ...entry, claimValidationRules: rules });
const refusals = (...jwt: readonly unknown[]) =>
  refusalsOf(fileWith(withJwt(...jwt))).map(({ message, fields }) => `${fields.line} ${message} → ${fields.hint}`);

test('an entry as Kubernetes documents it is accepted, with defaults for its lists', () => {
  const full = {
    issuer: {
      ...entry.issuer,
      discoveryURL: 'https://elsewhere.example.com/.well-known/openid-configuration',
      certificateAuthority: certificate,
      audiences: ['a', 'b'],
      audienceMatchPolicy: 'MatchAny',
    },
    claimValidationRules: [
      { claim: 'hd', requiredValue: 'example.com' },
      { expression: 'claims.exp - claims.nbf <= 86400', message: 'too long' },
    ],
    claimMappings: {
      username: { expression: "'example:' + claims.sub" },
      groups: { claim: 'groups', prefix: 'example:' },
      uid: { claim: 'sub' },
      extra: [{ key: 'example.com/tenant', valueExpression: 'claims.tenant' }],
    },
    userValidationRules: [{ expression: "!user.username.startsWith('example:root')", message: 'not root' }],
  };
  expect(clusterWith(withJwt(full)).apiServer.authentication.jwt).toEqual([full]);
  expect(clusterWith(withJwt(entry)).apiServer.authentication.jwt).toEqual([
    {
      ...entry,
      claimValidationRules: [],
      claimMappings: { ...entry.claimMappings, extra: [] },
      userValidationRules: [],
    },
  ]);
});

describe('An entry that the API server would not start with is refused', () => {
  test.each<[string, Entry, string]>([
    ['plain http', issuerWith({ url: 'http://issuer.example.com' }), 'url "http://issuer.example.com" is not https.'],
    ['no URL', issuerWith({ url: 'issuer.example.com' }), 'is not a URL.'],
    ['a user', issuerWith({ url: 'https://me@issuer.example.com' }), 'has a user in it.'],
    ['a query', issuerWith({ url: 'https://issuer.example.com/?a=b' }), 'has a query or a fragment.'],
    [
      'the cluster itself',
      issuerWith({ url: 'https://kubernetes.default.svc.cluster.local' }),
      'own service accounts.',
    ],
    ['the cluster by another path', issuerWith({ url: 'https://kubernetes.default.svc/x' }), 'own service accounts.'],
    ['its URL to discover', issuerWith({ discoveryURL: 'https://issuer.example.com/' }), 'is the issuer’s URL too.'],
    ['plain discovery', issuerWith({ discoveryURL: 'http://a.example.com' }), 'is not https.'],
    ['no audience', issuerWith({ audiences: [] }), 'issuer.audiences is an empty list.'],
    ['an empty audience', issuerWith({ audiences: [''] }), 'is an empty text.'],
    ['an audience twice', issuerWith({ audiences: ['a', 'a'], audienceMatchPolicy: 'MatchAny' }), 'in the list twice.'],
    ['audiences alone', issuerWith({ audiences: ['a', 'b'] }), 'has 2 values, and no audienceMatchPolicy.'],
    ['another policy', issuerWith({ audienceMatchPolicy: 'MatchAll' }), '"MatchAll" is not one of the known values.'],
    ['egress alone', issuerWith({ egressSelectorType: 'cluster' }), 'needs the flag egress-selector-config-file.'],
    ['a path to a CA', issuerWith({ certificateAuthority: '/etc/ca.crt' }), 'is no certificate in PEM.'],
    [
      'half a CA',
      issuerWith({ certificateAuthority: certificate.replace(/A{64}/, '') }),
      'certificate that is cut off.',
    ],
    [
      'a CRL',
      issuerWith({ certificateAuthority: certificate.replaceAll('CERTIFICATE', 'X509 CRL') }),
      'has a block "X509 CRL" in it.',
    ],
    [
      'text around a CA',
      issuerWith({ certificateAuthority: `CA of example\n${certificate}` }),
      'text outside of its certificates.',
    ],
    ['a bare rule', rulesWith({ message: 'x' }), 'has neither claim nor expression.'],
    ['a rule of both', rulesWith({ claim: 'a', expression: 'true' }), 'has both claim and expression.'],
    ['a message beside claim', rulesWith({ claim: 'a', message: 'x' }), 'has a message beside claim.'],
    [
      'a value beside expression',
      rulesWith({ expression: 'true', requiredValue: 'x' }),
      'has a requiredValue beside expression.',
    ],
    ['a claim twice', rulesWith({ claim: 'a' }, { claim: 'a' }), 'The claim "a" has a rule before.'],
    [
      'no expression',
      rulesWith({ expression: 'claims.a = 1' }),
      '“=” is no operator: write “==” (character 10 of its line 1).',
    ],
    ['a rule that is no rule', rulesWith({ expression: 'claims.a' }), 'it is neither true nor false'],
    [
      'a user rule over claims',
      { ...entry, userValidationRules: [{ expression: 'claims.a == 1' }] },
      'no variable claims: write user',
    ],
    ['no prefix', mappingsWith({ username: { claim: 'sub' } }), 'has no prefix, which is required with claim.'],
    [
      'a prefix beside expression',
      mappingsWith({ username: { expression: 'claims.sub', prefix: 'a' } }),
      'has a prefix beside expression.',
    ],
    ['no name', mappingsWith({ username: {} }), 'claimMappings.username has neither claim nor expression.'],
    ['empty groups', mappingsWith({ groups: {} }), 'claimMappings.groups has neither claim nor expression.'],
    [
      'a uid of both',
      mappingsWith({ uid: { claim: 'a', expression: 'claims.a' } }),
      'claimMappings.uid has both claim and expression.',
    ],
    [
      'a key without domain',
      mappingsWith({ extra: [{ key: 'run', valueExpression: 'claims.run_id' }] }),
      'has no domain before “/”.',
    ],
    [
      'a key in capitals',
      mappingsWith({ extra: [{ key: 'example.com/Run', valueExpression: 'claims.a' }] }),
      'has capitals in it.',
    ],
    [
      'a key of Kubernetes',
      mappingsWith({ extra: [{ key: 'authentication.kubernetes.io/node-name', valueExpression: 'claims.a' }] }),
      'a domain of Kubernetes’ own.',
    ],
    [
      'an unverified address',
      mappingsWith({ username: { expression: 'claims.email' } }),
      'no rule reads claims.email_verified.',
    ],
    ['an unknown key', { ...entry, signingAlgs: ['RS256'] }, 'There is no key "signingAlgs"'],
  ])('%s', (_, wrong, message) => {
    expect(refusals(wrong)).toEqual([expect.stringContaining(message)]);
  });

  test('two of one issuer, or of one place to discover it', () => {
    expect(refusals(entry, entry)).toEqual([
      expect.stringContaining('The url "https://issuer.example.com" is that of an earlier issuer too.'),
    ]);
    const discoveryURL = 'https://a.example.com/x';
    expect(refusals(issuerWith({ discoveryURL }), issuerWith({ url: 'https://b.example.com', discoveryURL }))).toEqual([
      expect.stringContaining('The discoveryURL "https://a.example.com/x" is that of an earlier issuer too.'),
    ]);
  });

  test('more than 64', () => {
    const many = Array.from({ length: 65 }, (_, index) => issuerWith({ url: `https://i${index}.example.com` }));
    expect(refusals(...many)).toHaveLength(1);
  });
});

describe('Names of Kubernetes’ own', () => {
  test.each([
    mappingsWith({ username: { claim: 'sub', prefix: 'system:' } }),
    mappingsWith({ username: { claim: 'sub', prefix: 'system:node:' } }),
    mappingsWith({ groups: { claim: 'groups', prefix: 'system:' } }),
    mappingsWith({ username: { expression: "'system:node:' + claims.node" } }),
    mappingsWith({ groups: { expression: "['deployers', 'system:masters']" } }),
    mappingsWith({ groups: { claim: 'groups', prefix: 'k8s-ha-action:' } }),
    mappingsWith({ groups: { expression: "['x', 'k8s-ha-action:admins']" } }),
  ])('are refused if the file maps to them: %j', (wrong) => {
    expect(refusals(wrong)).toEqual([
      expect.stringMatching(/makes names that begin with "(system|k8s-ha-action):.* → Names that begin with/),
    ]);
  });

  test('may be compared with', () => {
    const mapping = { expression: "dyn(claims.groups).filter(g, !g.startsWith('system:'))" };
    expect(refusals(mappingsWith({ groups: mapping }))).toEqual([]);
  });
});

describe('GitHub’s tokens', () => {
  const github = { url: 'https://token.actions.githubusercontent.com' };
  const fromGithub = (...rules: readonly Entry[]): Entry => ({ ...issuerWith(github), claimValidationRules: rules });

  test.each([
    [fromGithub()],
    [fromGithub({ expression: "claims.event_name == 'push'" })],
    [fromGithub({ expression: "'repository_id' == claims.ref" })],
    [fromGithub({ expression: 'has(claims.repository_id)' })],
    [fromGithub({ expression: 'claims.repository_id == claims.repository_id' })],
    [fromGithub({ expression: "claims.repository_id != ''" })],
    [fromGithub({ expression: "claims.?repository_id.orValue('') == ''" })],
    [issuerWith({ url: `${github.url}/` })],
    [issuerWith({ url: 'https://github.example.com/_services/token' })],
    [issuerWith({ url: 'https://token.actions.octo.ghe.com' })],
  ])('are refused without a rule that names repositories: everyone can make them', (wrong) => {
    expect(refusals(wrong)).toEqual([
      expect.stringContaining('makes tokens for every repository on its server, and no rule names yours.'),
    ]);
  });

  test.each([
    { claim: 'repository_owner_id', requiredValue: '1' },
    { expression: "claims.repository_id in ['1', '2']" },
  ])('are accepted with one, and reported: %j', (rule) => {
    const { openings } = clusterWith(withJwt(fromGithub(rule)));
    expect(openings.map(({ effect }) => effect)).toEqual([
      'accepts its tokens for "https://kubernetes.example.com" that keep 1 rule',
    ]);
  });

  test('identified only by names are reported: a name can get another owner', () => {
    const { openings } = clusterWith(withJwt(fromGithub({ claim: 'repository', requiredValue: 'org/app' })));
    expect(openings.map(({ effect }) => effect)).toContainEqual(expect.stringContaining('use repository_id'));
  });
});

test.each([
  { username: { claim: 'sub', prefix: '' } },
  { username: { expression: 'claims.sub' } },
  { username: { expression: "claims.sub + '@github'" } },
])('a mapping whose names may begin with anything is reported: %j', (mapping) => {
  const { openings } = clusterWith(withJwt(mappingsWith(mapping)));
  expect(openings.map(({ setting }) => setting)).toContain('apiServer.authentication.jwt[0].claimMappings.username');
});

test.each([{ username: { expression: "'x:' + claims.sub" } }, { groups: { expression: "['a', 'b:' + claims.sub]" } }])(
  'one whose names begin with a text is not: %j',
  (mapping) => {
    expect(clusterWith(withJwt(mappingsWith(mapping))).openings).toHaveLength(1);
  },
);

test('oidc-* flags are refused with the entry that means the same, which is accepted', () => {
  const args = [
    'oidc-issuer-url=https://login.example.com',
    'oidc-client-id=kubernetes',
    'oidc-username-claim=email',
    'oidc-groups-claim=groups',
    'oidc-groups-prefix=oidc:',
    'oidc-required-claim=hd=example.com',
    'oidc-signing-algs=RS256',
  ];
  const problems = refusalsOf(fileWith(flags('apiServer', ...args)));
  expect(problems).toHaveLength(args.length);
  const [, written = ''] = /write (\{.*\})\.$/.exec(problems[0]?.fields.hint ?? '') ?? [];
  const keys = parse(written);
  expect(keys.apiServer.authentication.jwt).toEqual([
    {
      issuer: { url: 'https://login.example.com', audiences: ['kubernetes'] },
      claimValidationRules: [{ claim: 'hd', requiredValue: 'example.com' }],
      claimMappings: {
        username: { claim: 'email', prefix: '' },
        groups: { claim: 'groups', prefix: 'oidc:' },
      },
    },
  ]);
  expect(verdictOn(keys)).toBe('opens');
  expect(problems[1]?.message).toContain('"oidc-client-id=kubernetes"');
});

test.each([
  [['oidc-issuer-url=https://a.example.com'], { claim: 'sub', prefix: 'https://a.example.com#' }],
  [['oidc-issuer-url=https://a.example.com', 'oidc-username-prefix=-'], { claim: 'sub', prefix: '' }],
  [['oidc-issuer-url=https://a.example.com', 'oidc-username-prefix=a:'], { claim: 'sub', prefix: 'a:' }],
])('the flags’ own defaults are kept: %j', (args, username) => {
  const [problem] = refusalsOf(fileWith(flags('apiServer', ...args)));
  expect(problem?.fields.hint).toContain(JSON.stringify({ claimMappings: { username } }).slice(1, -1));
});

test('an entry is unchanged after it is written and read again', () => {
  const text = stringify({
    name: 'lab',
    ...withJwt(entry),
    hosts: [{ name: 'a', address: '10.0.0.1', roles: ['etcd', 'master', 'node'] }],
  });
  expect(parseCluster(text, 'a').apiServer.authentication.jwt).toHaveLength(1);
});
