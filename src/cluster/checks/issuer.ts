import type { JwtEntry } from '../authentication.ts';
import { type Finding, formatPath, type Path, quote } from '../finding.ts';
import { certificateProblem } from '../pem.ts';
import { wrongToken } from './wrong-token.ts';

/** The other issuers and URLs that an entry's issuer is compared with. */
interface Surroundings {
  /** The issuer of the cluster's own service accounts. */
  readonly own: string;
  readonly hasEgress: boolean;
}

/** The rules of the API server for an issuer (apiserver/pkg/apis/apiserver/validation, validateIssuer). */
export function issuerFindings({ issuer }: JwtEntry, path: Path, around: Surroundings): readonly Finding[] {
  const at = (...steps: Path): Path => [...path, 'issuer', ...steps];
  const { url, discoveryURL, audiences, certificateAuthority: ca, egressSelectorType } = issuer;
  return [
    ...urlFindings(at('url'), url),
    ...ownFindings(at('url'), url, around.own),
    ...(discoveryURL === undefined ? [] : discoveryFindings(at('discoveryURL'), discoveryURL, url)),
    ...audienceFindings(at('audiences'), issuer),
    ...audiences.flatMap((audience, index) =>
      audiences.indexOf(audience) === index
        ? []
        : [
            wrongToken(
              at('audiences', index),
              `The audience ${quote(audience)} is in the list twice.`,
              'Keep one of the two.',
            ),
          ],
    ),
    ...(ca === undefined ? [] : certificateFindings(at('certificateAuthority'), ca)),
    ...(egressSelectorType !== undefined && !around.hasEgress ? [noEgress(at('egressSelectorType'))] : []),
  ];
}

function urlFindings(path: Path, text: string): readonly Finding[] {
  const url = URL.parse(text);
  const is = (problem: string, hint: string) => [
    wrongToken(path, `${formatPath(path)} ${quote(text)} ${problem}.`, hint),
  ];
  if (url === null || url.hostname === '') return is('is not a URL', 'Write it as https://issuer.example.com.');
  if (url.protocol !== 'https:') return is('is not https', 'The API server trusts keys that come by https only.');
  if (url.username || url.password) return is('has a user in it', 'Write it without user and password.');
  if (text.includes('?') || text.includes('#'))
    return is('has a query or a fragment', 'Remove what follows “?” or “#”.');
  if (/\s/.test(text)) return is('has spaces in it', 'Write it without spaces.');
  return [];
}

function ownFindings(path: Path, url: string, own: string): readonly Finding[] {
  if (URL.parse(url)?.host !== URL.parse(own)?.host && !/^https:\/\/kubernetes\.default\.svc(\/|$)/i.test(url))
    return [];
  const message = `${formatPath(path)} ${quote(url)} is the issuer of the cluster’s own service accounts.`;
  return [wrongToken(path, message, 'Remove the entry: their tokens are accepted already.')];
}

function discoveryFindings(path: Path, discovery: string, url: string): readonly Finding[] {
  const bare = (text: string) => text.replace(/\/+$/, '');
  if (bare(discovery) !== bare(url)) return urlFindings(path, discovery);
  const hint = 'Remove it, or write the whole URL of the document, with /.well-known/openid-configuration.';
  return [wrongToken(path, `${formatPath(path)} ${quote(discovery)} is the issuer’s URL too.`, hint)];
}

function audienceFindings(path: Path, { audiences, audienceMatchPolicy }: JwtEntry['issuer']): readonly Finding[] {
  if (audiences.length < 2 || audienceMatchPolicy !== undefined) return [];
  const message = `${formatPath(path)} has ${audiences.length} values, and no audienceMatchPolicy.`;
  return [wrongToken(path, message, 'Add audienceMatchPolicy: MatchAny beside it.')];
}

function certificateFindings(path: Path, text: string): readonly Finding[] {
  const problem = certificateProblem(text);
  if (problem === undefined) return [];
  const hint =
    'Write the CA’s certificate as text after “|”, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.';
  return [wrongToken(path, `${formatPath(path)} ${problem}.`, hint)];
}

function noEgress(path: Path): Finding {
  const hint = 'Remove it, or name the file by apiServer.extraArgs.';
  return wrongToken(path, `${formatPath(path)} needs the flag egress-selector-config-file.`, hint);
}
