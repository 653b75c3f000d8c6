// The servers of aggregated APIs (https://kubernetes.io/docs/tasks/extend-kubernetes/configure-aggregation-layer/), and what they trust of API servers.
import type { ApiClient } from './api-client.ts';
import { ifFound } from './api-problem.ts';
import type { ApiObject, ApiService, Condition, EndpointSlice, Service } from './objects.ts';
import { certificatesIn } from './pem.ts';

/** One server of an aggregated API. */
export interface AggregatedApi {
  /** Of the APIService. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

const published = '/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication';
/** For the certificates of API servers themselves, and for those of users. */
const fields = { 'front-proxy': 'requestheader-client-ca-file', kubernetes: 'client-ca-file' } as const;

interface ConfigMap extends ApiObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** The CA certificates (PEM) of which servers of aggregated APIs accept client certificates. @throws ApiProblem */
export async function readPublishedAuthorities(api: ApiClient, of: keyof typeof fields): Promise<readonly string[]> {
  const found = await ifFound(api.get<ConfigMap>(published));
  return certificatesIn(found?.data?.[fields[of]] ?? '');
}

/** Replaces them. API servers add theirs again. @throws ApiProblem */
export async function writePublishedAuthorities(
  api: ApiClient,
  of: keyof typeof fields,
  pems: readonly string[],
): Promise<void> {
  await api.patch(published, { data: { [fields[of]]: `${pems.join('\n')}\n` } });
}

/** The names of APIServices that a Service serves and that are not available. @throws ApiProblem */
export async function unavailableApis(api: ApiClient): Promise<readonly string[]> {
  const services = await aggregated(api);
  const isAvailable = ({ type, status }: Condition) => type === 'Available' && status === 'True';
  return services.filter(({ status }) => !status?.conditions?.some(isAvailable)).map(({ metadata }) => metadata.name);
}

/** Every ready server of every aggregated API. @throws ApiProblem */
export async function aggregatedApis(api: ApiClient): Promise<readonly AggregatedApi[]> {
  const services = await aggregated(api);
  return (await Promise.all(services.map((each) => serversOf(api, each)))).flat();
}

async function aggregated(api: ApiClient): Promise<readonly ApiService[]> {
  const { items } = await api.list<ApiService>('/apis/apiregistration.k8s.io/v1/apiservices');
  return items.filter(({ spec }) => spec?.service);
}

async function serversOf(api: ApiClient, { metadata, spec }: ApiService): Promise<readonly AggregatedApi[]> {
  const { namespace = '', name = '', port = 443 } = spec?.service ?? {};
  const service = await ifFound(api.get<Service>(`/api/v1/namespaces/${namespace}/services/${name}`));
  const wanted = service?.spec?.ports?.find((each) => each.port === port)?.name ?? '';
  const selector = encodeURIComponent(`kubernetes.io/service-name=${name}`);
  const slices = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?labelSelector=${selector}`;
  const { items } = await api.list<EndpointSlice>(slices);
  return items.flatMap(({ ports, endpoints }) => {
    const at = ports?.find((each) => (each.name ?? '') === wanted)?.port;
    const ready = (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false);
    const addresses = ready.flatMap((each) => each.addresses ?? []);
    return at ? addresses.map((address) => ({ name: metadata.name, address, port: at })) : [];
  });
}
