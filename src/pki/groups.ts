/** The group of a kubelet that joins: our bootstrap tokens name it (`auth-extra-groups`), and a binding lets it ask for a certificate. */
export const bootstrapGroup = 'system:bootstrappers:k8s-ha-action';

/** Whom the kubeconfig action's certificates belong to: no signer of the cluster gives system:masters to anybody. */
export const administratorsGroup = 'k8s-ha-action:admins';
