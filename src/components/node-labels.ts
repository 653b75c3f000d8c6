type Labels = Readonly<Record<string, string>>;

/** Kubernetes' own labels that a kubelet may set on its node (k8s.io/kubelet, well_known_labels.go). */
const allowedNames = new Set([
  'kubernetes.io/hostname',
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
  'beta.kubernetes.io/instance-type',
  'node.kubernetes.io/instance-type',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
]);
const allowedDomains = ['kubelet.kubernetes.io', 'node.kubernetes.io'];
const ownDomains = ['kubernetes.io', 'k8s.io'];

/** The labels that a node's kubelet sets itself when it registers. It refuses to start with any other. */
export function ownLabels(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => mayLabelItself(name)));
}

function mayLabelItself(name: string): boolean {
  const domain = name.includes('/') ? name.slice(0, name.indexOf('/')) : '';
  if (!ownDomains.some((own) => isBelow(domain, own))) return true;
  return allowedNames.has(name) || allowedDomains.some((allowed) => isBelow(domain, allowed));
}

function isBelow(domain: string, parent: string): boolean {
  return domain === parent || domain.endsWith(`.${parent}`);
}
