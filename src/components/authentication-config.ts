import type { Cluster } from '../cluster/cluster.ts';
import { administratorsGroup } from '../pki/groups.ts';

type JwtEntry = Cluster['apiServer']['authentication']['jwt'][number];
type UserRule = JwtEntry['userValidationRules'][number];

/**
 * How clients say who they are beside certificates and service accounts. Anonymous users reach the three health paths, which
 * the balancers check, and nothing else, for any cluster.yaml. CIS 1.2.1 looks for --anonymous-auth=false and warns: with that,
 * every balancer's check would get 401 and cut every node off.
 *
 * The API server reads the file again when it changes, but for `anonymous`, and keeps the old one when the new one is wrong,
 * with no more than a line in its log (pkg/kubeapiserver/options/authentication.go). It is among what the unit reads all the
 * same: a restart in turn shows a mistake on the first master, and not on all of them after the next loss of power; and
 * what was taken away is gone for certain, which a reload leaves open while a new issuer does not answer.
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#using-authentication-configuration
 */
export function authenticationConfig({ apiServer }: Cluster): object {
  const { jwt } = apiServer.authentication;
  return {
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'AuthenticationConfiguration',
    anonymous: { enabled: true, conditions: [{ path: '/livez' }, { path: '/readyz' }, { path: '/healthz' }] },
    ...(jwt.length > 0 && { jwt: jwt.map(withOwnRules) }),
  };
}

/** An entry of the file, with our rules behind its own; one that is there already would be refused as a duplicate. */
function withOwnRules(entry: JwtEntry): JwtEntry {
  const given = entry.userValidationRules.map(({ expression }) => expression);
  const added = ownRules.filter(({ expression }) => !given.includes(expression));
  return { ...entry, userValidationRules: [...entry.userValidationRules, ...added] };
}

const [productPrefix] = administratorsGroup.split(':');
/** The API server's name towards kubelets, which a binding of ours gives all rights there (addons/bootstrap.ts). */
const kubeletClient = 'kube-apiserver-kubelet-client';

/** No token may be a node, a component, a group of Kubernetes or one of this product, however its claims are mapped. */
const ownRules: readonly UserRule[] = [
  { expression: "!user.username.startsWith('system:')", message: 'names with system: belong to Kubernetes' },
  {
    expression: "user.groups.all(group, !group.startsWith('system:'))",
    message: 'groups with system: belong to Kubernetes',
  },
  {
    expression: `!user.username.startsWith('${productPrefix}:') && user.username != '${kubeletClient}'`,
    message: `names with ${productPrefix}: and ${kubeletClient} belong to the product`,
  },
  {
    expression: `user.groups.all(group, !group.startsWith('${productPrefix}:'))`,
    message: `groups with ${productPrefix}: belong to the product`,
  },
];
