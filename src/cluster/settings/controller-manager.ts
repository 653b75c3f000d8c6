import { components } from '../../layout/components.ts';
import { controllerSettings } from './controllers.ts';
import { loggingSettings } from './logging.ts';
import { flag, gate, gone, madeFrom, opens, placed, refuse, type Setting } from './rule.ts';
import { allAlpha, allBeta } from './transport.ts';
import { below, moreHoursThan, partsOf, whenFalse, whenTrue } from './values.ts';

const signers = ['kube-apiserver-client', 'kubelet-client', 'kubelet-serving', 'legacy-unknown'];

export const controllerManagerSettings: readonly Setting[] = [
  ...controllerSettings({ profiling: '1.3.2', bind: '1.3.7' }),
  flag(
    'use-service-account-credentials',
    refuse('would give every controller all rights', { values: whenFalse, cis: '1.3.3' }),
  ),
  flag('terminated-pod-gc-threshold', opens('keeps ended pods for ever', { values: below(1), cis: '1.3.1' })),
  flag(
    'cluster-signing-duration',
    opens('signs client certificates, which can’t be revoked, for more than a year', { values: moreHoursThan(8760) }),
  ),
  flag(
    'controllers',
    opens('leaves expired bootstrap tokens in the cluster', {
      values: { words: 'without tokencleaner', include: (value) => !partsOf(value).includes('tokencleaner') },
    }),
  ),
  flag('enable-hostpath-provisioner', opens('makes volumes of directories of the hosts', { values: whenTrue })),
  flag('allocate-node-cidrs', refuse('would leave nodes without a subnet for pods', { values: whenFalse })),
  gate('AllAlpha', allAlpha),
  gate('AllBeta', allBeta),
  gate(
    'RotateKubeletServerCertificate',
    opens('lets serving certificates of kubelets run out', { values: whenFalse, cis: '1.3.6' }),
  ),
  ...loggingSettings(components.controllerManager),
  ...gone({
    address: 'Use bind-address.',
    port: `It serves https on ${components.controllerManager.ports.health.port} only: remove it.`,
    'pod-eviction-timeout': 'Pods say themselves how long they stay, by tolerationSeconds.',
    'experimental-cluster-signing-duration': 'Use cluster-signing-duration.',
  }),
  ...madeFrom({
    'cluster-cidr': 'network.podSubnet',
    'node-cidr-mask-size': 'network.nodeCidrMaskSize',
    'service-cluster-ip-range': 'network.serviceSubnet',
    'cluster-name': 'name',
  }),
  ...placed(
    'root-ca-file',
    'service-account-private-key-file',
    'cluster-signing-cert-file',
    'cluster-signing-key-file',
  ),
  ...placed(...signers.flatMap((signer) => ['cert', 'key'].map((part) => `cluster-signing-${signer}-${part}-file`))),
];
