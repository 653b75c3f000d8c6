import type { JwtEntry } from '../authentication.ts';
import { type Finding, type Path, quote } from '../finding.ts';
import type { ClusterFile } from '../schema.ts';
import { githubFindings } from './github-issuer.ts';
import { issuerFindings } from './issuer.ts';
import { mappingFindings } from './token-mappings.ts';
import { ruleFindings } from './token-rules.ts';
import { wrongToken } from './wrong-token.ts';

/** Entries of apiServer.authentication that the API server would refuse, or that would break a promise of SECURITY.md. */
export function authenticationFindings({ apiServer, network }: ClusterFile): readonly Finding[] {
  const { jwt } = apiServer.authentication;
  const own = `https://kubernetes.default.svc.${network.dnsDomain}`;
  const hasEgress = apiServer.extraArgs.some(({ name }) => name === 'egress-selector-config-file');
  return [
    ...jwt.flatMap((entry, index) => {
      const path = ['apiServer', 'authentication', 'jwt', index];
      return [
        ...issuerFindings(entry, path, { own, hasEgress }),
        ...ruleFindings(entry, path),
        ...mappingFindings(entry, path),
        ...githubFindings(entry, path),
      ];
    }),
    ...repeated(jwt, 'url'),
    ...repeated(jwt, 'discoveryURL'),
  ];
}

/** Two entries for one issuer: the API server would not start. */
function repeated(jwt: readonly JwtEntry[], key: 'url' | 'discoveryURL'): readonly Finding[] {
  return jwt.flatMap(({ issuer }, index): readonly Finding[] => {
    const value = issuer[key];
    if (value === undefined || jwt.findIndex((other) => other.issuer[key] === value) === index) return [];
    const path: Path = ['apiServer', 'authentication', 'jwt', index, 'issuer', key];
    const message = `The ${key} ${quote(value)} is that of an earlier issuer too.`;
    const hint = 'Join the two entries: audiences take several values, and rules may be joined by ||.';
    return [wrongToken(path, message, hint)];
  });
}
