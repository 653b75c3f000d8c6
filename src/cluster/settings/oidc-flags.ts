import type { ExtraArg } from '../schema.ts';

/**
 * The entry of apiServer.authentication.jwt that corresponds to a file's oidc-* flags, for a hint.
 * The rules are those of the API server (pkg/kubeapiserver/options/authentication.go, ToAuthenticationConfig).
 */
export function jwtHint(args: readonly ExtraArg[]): string {
  return `Remove all oidc-* flags and write ${JSON.stringify({ apiServer: { authentication: { jwt: [jwtOf(args)] } } })}.`;
}

function jwtOf(args: readonly ExtraArg[]): object {
  const given = (name: string) => args.findLast((arg) => arg.name === `oidc-${name}`)?.value;
  const url = given('issuer-url') ?? 'https://issuer.example.com';
  const caFile = given('ca-file');
  const groups = given('groups-claim');
  const required = args.filter(({ name }) => name === 'oidc-required-claim').map(({ value }) => value);
  return {
    issuer: {
      url,
      audiences: [given('client-id') ?? 'your client id'],
      ...(caFile && { certificateAuthority: `the text of ${caFile}` }),
    },
    ...(required.length > 0 && { claimValidationRules: required.map(ruleOf) }),
    claimMappings: {
      username: usernameOf(given('username-claim') || 'sub', given('username-prefix') ?? '', url),
      ...(groups && { groups: { claim: groups, prefix: given('groups-prefix') ?? '' } }),
    },
  };
}

/** `-` means no prefix, and an empty value means the issuer's URL, except for the claim email. */
function usernameOf(claim: string, prefix: string, url: string): object {
  if (prefix === '-') return { claim, prefix: '' };
  return { claim, prefix: prefix === '' && claim !== 'email' ? `${url}#` : prefix };
}

/** `name=value`. */
function ruleOf(required: string): object {
  const [claim = '', ...value] = required.split('=');
  return { claim, requiredValue: value.join('=') };
}
