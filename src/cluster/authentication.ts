import * as z from 'zod';

// Kubernetes' own names (apiserver.config.k8s.io/v1, AuthenticationConfiguration), so that an entry can be copied from its documentation.

const text = z.string().min(1);

const issuer = z.strictObject({
  url: text.describe('The claim iss of its tokens, as https://issuer.example.com.'),
  discoveryURL: text
    .optional()
    .describe('Where its discovery document is, if not at URL/.well-known/openid-configuration.'),
  certificateAuthority: text
    .optional()
    .describe('CA certificates of the issuer’s server, as PEM. Default: those of the master’s operating system.'),
  audiences: z
    .array(text)
    .min(1)
    .describe(
      'Values of the claim aud that are accepted. Use one of this cluster’s own: a token for another place must not open it.',
    ),
  audienceMatchPolicy: z.enum(['MatchAny']).optional().describe('MatchAny; required for several audiences.'),
  egressSelectorType: z
    .enum(['controlplane', 'cluster'])
    .optional()
    .describe('The egress of --egress-selector-config-file by which the issuer is reached.'),
});

const claimRule = z.strictObject({
  claim: text.optional().describe('A claim that a token must have.'),
  requiredValue: z.string().optional().describe('Its value. Default: an empty text.'),
  expression: text.optional().describe('A CEL expression over claims that must be true; instead of claim.'),
  message: text.optional().describe('Written to the API server’s log when expression is false.'),
});

const mapping = z.strictObject({
  claim: text.optional().describe('The claim that is taken.'),
  prefix: z.string().optional().describe('Written before it; required with claim.'),
  expression: text.optional().describe('A CEL expression over claims; instead of claim and prefix.'),
});

const jwt = z.strictObject({
  issuer: issuer.describe('Who signs the tokens.'),
  claimValidationRules: z.array(claimRule).default([]).describe('What a token must claim. All rules must hold.'),
  claimMappings: z
    .strictObject({
      username: mapping.describe('The user’s name.'),
      groups: mapping.optional().describe('The user’s groups.'),
      uid: mapping.omit({ prefix: true }).optional().describe('The user’s uid.'),
      extra: z
        .array(
          z.strictObject({
            key: text.describe('As example.com/run: with a domain, in lower case.'),
            valueExpression: text.describe('A CEL expression over claims.'),
          }),
        )
        .default([])
        .describe('Further attributes, for the audit log and for authorization webhooks.'),
    })
    .describe('The user that a token becomes.'),
  userValidationRules: z
    .array(
      z.strictObject({
        expression: text.describe('A CEL expression over user that must be true.'),
        message: text.optional().describe('Written to the API server’s log when it is false.'),
      }),
    )
    .default([])
    .describe('What must hold for that user. Names with system: and those of this product are always refused.'),
});

/** Authentication of API clients, in addition to client certificates and service accounts. */
export const authentication = z
  .strictObject({
    jwt: z
      .array(jwt)
      .max(64)
      .default([])
      .describe(
        'Issuers of JSON Web Tokens that the API accepts, in the form of Kubernetes’ AuthenticationConfiguration. See github-oidc.md for GitHub’s.',
      ),
  })
  .prefault({})
  .describe(
    'Users whose tokens come from elsewhere. Anonymous users reach /livez, /readyz and /healthz and nothing else.',
  );

export type JwtEntry = z.output<typeof jwt>;
