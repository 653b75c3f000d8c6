/** The group of a joining kubelet: our bootstrap tokens name it (`auth-extra-groups`), and a binding lets it request a certificate. */
export const bootstrapGroup = 'system:bootstrappers:k8s-ha-action';

/** The group of the kubeconfig action's certificates: no signer of the cluster issues certificates for system:masters. */
export const administratorsGroup = 'k8s-ha-action:admins';
