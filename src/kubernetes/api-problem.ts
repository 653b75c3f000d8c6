import type * as z from 'zod';
import { parseJson } from '../entry/json.ts';
import { apiReasonCodes, type ProblemCode } from '../error-codes.ts';
import { Problem, type ProblemFields } from '../errors.ts';
import { statusShape } from './shapes.ts';

/** Error codes of failed requests that are not retried. */
const final: ReadonlySet<ProblemCode> = new Set<ProblemCode>(['API_UNTRUSTED', 'API_STOPPED', 'API_NONSENSE']);
/** The maximum length of an API server's error text. */
const mostWords = 1000;

/** A request to the API server that got no answer or was refused; then `code` is API_ and the server's reason, if it is one of Kubernetes' reasons. */
export class ApiProblem extends Problem {
  /** HTTP status; absent if there was no answer. */
  readonly status: number | undefined;

  constructor(message: string, fields: ProblemFields, status?: number) {
    super(message, fields);
    this.status = status;
  }

  /** Whether the same request may succeed a moment later. Bad input, 401, 403 and a wrong certificate never do. */
  get temporary(): boolean {
    if (this.status === undefined) return !final.has(this.code);
    return this.status === 408 || this.status === 429 || (this.status >= 500 && this.status !== 501);
  }
}

/** Whether the API answered that the object does not exist. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 404;
}

/** Whether the object exists already, or has another version than the request named. */
export function isConflict(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 409;
}

/** The answer to a request; undefined if the object does not exist. @throws other errors of the request */
export async function ifFound<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** The target of a request, for the errors. */
export interface Attempt {
  readonly host: string;
  readonly method: string;
  readonly path: string;
}

const byStatus: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Expired',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

const hints: Readonly<Partial<Record<ProblemCode, string>>> = {
  API_UNAUTHORIZED: 'The certificate in admin.conf is not accepted: it has expired, or it belongs to another cluster.',
  API_UNTRUSTED: 'The API server’s certificate was not issued by the CA in admin.conf, or lacks the name kubernetes.',
  API_UNREACHABLE: 'See `systemctl status kube-apiserver` and its journal on that host.',
  API_TIMEOUT:
    'The API server or etcd’s disk is overloaded: see `journalctl -u kube-apiserver` on that host, then run again.',
  API_STOPPED: 'See the error before this one.',
  API_NONSENSE:
    'Check which program listens on this port of the host. If it is the API server, do not trust this master.',
};

function hintFor(code: ProblemCode): string {
  return hints[code] ?? `Find ${code} in docs/troubleshooting.md.`;
}

/** `NotFound` as API_NOT_FOUND; undefined for a reason that is not from Kubernetes, such as that of a webhook. */
function codeOf(reason: string | undefined): ProblemCode | undefined {
  const code = `API_${(reason ?? '').replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()}`;
  return code === 'API_TIMEOUT' ? code : apiReasonCodes.find((known) => known === code);
}

/** The problem of an answer with status 400 or above. */
export function refused(attempt: Attempt, status: number, body: string): ApiProblem {
  const said = parseStatus(body);
  const code = codeOf(said?.reason) ?? codeOf(byStatus[status]) ?? 'API_ERROR';
  const words = said?.message?.slice(0, mostWords) ?? (body.trim().slice(0, 300) || `status ${status}`);
  const { method, path, host } = attempt;
  return new ApiProblem(`failed to ${method} ${path}: ${words}`, { code, host, hint: hintFor(code) }, status);
}

/** The answer is not from an API server. It is not quoted, because it is untrusted. */
export function apiNonsense({ method, path, host }: Attempt, what: string): ApiProblem {
  const message = `failed to ${method} ${path}: the answer makes no sense: ${what}`;
  return new ApiProblem(message, { code: 'API_NONSENSE', host, hint: hints.API_NONSENSE });
}

function parseStatus(body: string): z.output<typeof statusShape> | undefined {
  try {
    return statusShape.parse(parseJson(body, Error));
  } catch {
    return undefined;
  }
}

/** The error codes of OpenSSL and Node for a peer certificate that is not trusted. */
const untrusted = /^(ERR_TLS_CERT|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|ERR_OSSL|ERR_SSL)/;

/** The problem of a request that got no answer; if it was aborted with a Problem, that one. */
export function unanswered(attempt: Attempt, error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { method, path, host } = attempt;
  const cause = error as Error & { readonly code?: string };
  if (/^HPE_/.test(cause.code ?? '')) return apiNonsense(attempt, `it is no HTTP (${cause.code})`);
  const code =
    cause.name === 'TimeoutError'
      ? 'API_TIMEOUT'
      : cause.name === 'AbortError'
        ? 'API_STOPPED'
        : untrusted.test(cause.code ?? '')
          ? 'API_UNTRUSTED'
          : 'API_UNREACHABLE';
  const message = `failed to ${method} ${path}: ${cause.message}`;
  return new ApiProblem(message, { code, host, hint: hintFor(code), cause });
}
