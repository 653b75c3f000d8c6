import type { ApiClient, RequestOptions } from './api-client.ts';
import { ifFound } from './api-problem.ts';
import type { EndpointSlice } from './objects.ts';

/** The collection of the `kubernetes` Service's EndpointSlice, which the API servers keep themselves. */
export const servingCollection = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices';

/** The addresses of a slice. */
export const addressesOf = (slice: EndpointSlice | undefined): readonly string[] =>
  (slice?.endpoints ?? []).flatMap(({ addresses }) => addresses ?? []);

/** Where API servers of this cluster serve; one that is lost is in it for 15 s more. @throws ApiProblem */
export async function servingAddresses(api: ApiClient, options?: RequestOptions): Promise<readonly string[]> {
  return addressesOf(await ifFound(api.get<EndpointSlice>(`${servingCollection}/kubernetes`, options)));
}
