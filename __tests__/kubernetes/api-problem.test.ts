import { expect, test } from '@jest/globals';
import { apiReasonCodes } from '../../src/error-codes.ts';
import { Problem } from '../../src/errors.ts';
import { refused, unanswered } from '../../src/kubernetes/api-problem.ts';

const attempt = { host: 'master-1', method: 'GET', path: '/api/v1/nodes' };
const codeOf = (status: number, reason?: string) =>
  refused(attempt, status, JSON.stringify({ kind: 'Status', message: 'no', ...(reason && { reason }) })).code;

/** StatusReason of k8s.io/apimachinery, with the status that it comes with. */
const reasons = [
  [409, 'AlreadyExists', 'API_ALREADY_EXISTS'],
  [400, 'BadRequest', 'API_BAD_REQUEST'],
  [409, 'Conflict', 'API_CONFLICT'],
  [410, 'Expired', 'API_EXPIRED'],
  [403, 'Forbidden', 'API_FORBIDDEN'],
  [410, 'Gone', 'API_GONE'],
  [500, 'InternalError', 'API_INTERNAL_ERROR'],
  [422, 'Invalid', 'API_INVALID'],
  [405, 'MethodNotAllowed', 'API_METHOD_NOT_ALLOWED'],
  [406, 'NotAcceptable', 'API_NOT_ACCEPTABLE'],
  [404, 'NotFound', 'API_NOT_FOUND'],
  [413, 'RequestEntityTooLarge', 'API_REQUEST_ENTITY_TOO_LARGE'],
  [500, 'ServerTimeout', 'API_SERVER_TIMEOUT'],
  [503, 'ServiceUnavailable', 'API_SERVICE_UNAVAILABLE'],
  [500, 'StoreReadError', 'API_STORE_READ_ERROR'],
  [504, 'Timeout', 'API_TIMEOUT'],
  [429, 'TooManyRequests', 'API_TOO_MANY_REQUESTS'],
  [401, 'Unauthorized', 'API_UNAUTHORIZED'],
  [415, 'UnsupportedMediaType', 'API_UNSUPPORTED_MEDIA_TYPE'],
] as const;

test('each reason of Kubernetes has a code of the table, and the table no others but API_ERROR', () => {
  expect(reasons.map(([status, reason]) => codeOf(status, reason))).toEqual(reasons.map(([, , code]) => code));
  const named = new Set<string>([...reasons.map(([, , code]) => code), 'API_ERROR']);
  expect(apiReasonCodes.filter((code) => !named.has(code))).toEqual([]);
});

test.each([
  ['a webhook’s own reason', 403, 'PolicySaysNo', 'API_FORBIDDEN'],
  ['a reason that reads as another code', 409, 'ServerNotReady', 'API_CONFLICT'],
  ['no reason', 404, undefined, 'API_NOT_FOUND'],
  ['neither a known reason nor a known status', 418, 'Teapot', 'API_ERROR'],
])('%s gives the code of the status', (_, status, reason, code) => {
  expect(codeOf(status, reason)).toBe(code);
});

test('a request that was aborted for a Problem fails with that Problem', () => {
  const why = new Problem('the run was cancelled', { code: 'RUN_CANCELLED' });
  expect(unanswered(attempt, why)).toBe(why);
});
