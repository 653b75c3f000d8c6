import type { Cluster } from '../cluster/cluster.ts';
import { components } from '../layout/components.ts';
import { administratorsGroup } from '../layout/groups.ts';

type JwtEntry = Cluster['apiServer']['authentication']['jwt'][number];
type UserRule = JwtEntry['userValidationRules'][number];

/**
 * How clients authenticate, besides certificates and service accounts. For any cluster.yaml, anonymous users reach only the three health
 * paths, which the load balancers check. CIS 1.2.1 looks for --anonymous-auth=false and warns: with that flag,
 * every load balancer's check would get 401 and cut every node off.
 *
 * The API server reloads the file when it changes, except for `anonymous`, and keeps the old one if the new one is invalid,
 * which only its log shows (pkg/kubeapiserver/options/authentication.go). The unit is restarted for it nevertheless:
 * a rolling restart shows a mistake on the first master, and not on all of them after the next power loss; and
 * a removed issuer is certainly gone, which a reload does not guarantee while a new issuer does not answer.
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

/** An entry of the file, with our rules after its own. A rule that is already there is not repeated: a duplicate would be refused. */
function withOwnRules(entry: JwtEntry): JwtEntry {
  const given = entry.userValidationRules.map(({ expression }) => expression);
  const added = ownRules.filter(({ expression }) => !given.includes(expression));
  return { ...entry, userValidationRules: [...entry.userValidationRules, ...added] };
}

const [productPrefix] = administratorsGroup.split(':');
/** The user name of the API server towards kubelets, which a binding of this project grants all rights there (addons/bootstrap.ts). */
const kubeletClient = components.apiServer.certificates.kubeletClient.user;

/** No token may claim to be a node, a component, a group of Kubernetes or one of this product, for any mapping of its claims. */
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
