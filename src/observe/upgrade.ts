// What an upgrade could meet: budgets without room, and clients of APIs that the next release does not serve.
import type { ApiClient, ApiObject } from '../kubernetes/index.ts';

/** A disruption budget as the API has it. */
export interface Budget {
  /** `NAMESPACE/NAME` */
  readonly name: string;
  readonly disruptionsAllowed: number;
  readonly expectedPods: number;
}

/** A request to an API that a later release does not serve. */
export interface DeprecatedCall {
  /** `flowschemas.v1beta3.flowcontrol.apiserver.k8s.io` */
  readonly resource: string;
  /** The minor version of the first release without it. */
  readonly removedIn: number;
}

/** The longest list of labels that is read. */
const line = /^apiserver_requested_deprecated_apis\{(?<labels>[^}]{1,1000})\}\s+(?<value>\S{1,30})/;

/**
 * The deprecated APIs that clients have requested from an API server since its start, from its metrics in Prometheus' text format.
 * Source: kubernetes.io/docs/reference/using-api/deprecation-policy (the metric apiserver_requested_deprecated_apis)
 */
export function deprecatedCalls(metrics: string): readonly DeprecatedCall[] {
  return metrics.split('\n').flatMap((text) => {
    const { labels, value } = line.exec(text)?.groups ?? {};
    if (labels === undefined || Number(value) <= 0) return [];
    const label = new Map([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, said]) => [name, said ?? '']));
    const [, minor] = /^1\.(\d{1,4})$/.exec(label.get('removed_release') ?? '') ?? [];
    if (minor === undefined) return [];
    const words = [label.get('resource'), label.get('version'), label.get('group')];
    return [{ resource: words.filter(Boolean).join('.'), removedIn: Number(minor) }];
  });
}

interface DisruptionBudget extends ApiObject {
  readonly status?: { readonly disruptionsAllowed?: number; readonly expectedPods?: number };
}

/** All disruption budgets of the cluster. One without a status allows nothing and has no pods. @throws ApiProblem */
export async function disruptionBudgets(api: ApiClient): Promise<readonly Budget[]> {
  const { items } = await api.list<DisruptionBudget>('/apis/policy/v1/poddisruptionbudgets');
  return items.map(({ metadata, status }) => ({
    name: `${metadata.namespace}/${metadata.name}`,
    disruptionsAllowed: status?.disruptionsAllowed ?? 0,
    expectedPods: status?.expectedPods ?? 0,
  }));
}

/** An API server of a busy cluster has some 5 MB of metrics. */
const mostMetricsBytes = 64 * 1024 * 1024;

/** Requests for deprecated APIs that one API server has had since its start. @throws ApiProblem */
export async function deprecatedApiCalls(api: ApiClient): Promise<readonly DeprecatedCall[]> {
  const { status, text } = await api.raw('/metrics', { mostBytes: mostMetricsBytes });
  return status === 200 ? deprecatedCalls(text) : [];
}
