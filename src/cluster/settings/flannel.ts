import { flag, gone, madeFrom, opens, placed, refuse, type Setting } from './rule.ts';
import { verbose } from './transport.ts';
import { otherThan } from './values.ts';

export const flannelSettings: readonly Setting[] = [
  flag('kube-api-url', refuse('would lead past the local balancer')),
  flag(
    'healthz-port',
    opens('answers everyone who reaches it, unless healthz-ip is 127.0.0.1', { values: otherThan('0') }),
  ),
  flag('v', verbose),
  ...madeFrom({
    iface: 'interface of the host',
    'public-ip': 'the host’s address',
    'net-config-path': 'network.podSubnet and flannel.backend',
  }),
  ...placed('kubeconfig-file', 'kube-subnet-mgr', 'subnet-file'),
  ...gone({
    'etcd-endpoints': 'Remove it: flannel asks the API for subnets, not etcd.',
    'etcd-prefix': 'Remove it: flannel asks the API for subnets, not etcd.',
  }),
];
