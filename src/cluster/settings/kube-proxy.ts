import { components } from '../../layout/components.ts';
import { loggingSettings } from './logging.ts';
import { both, flag, gate, key, madeFrom, opens, placed, placedRule, refuse, type Setting } from './rule.ts';
import { allAlpha, allBeta, profiles, verbose, verboseFiles } from './transport.ts';
import { otherThan, partsOf, reachedByOthers } from './values.ts';

export const kubeProxySettings: readonly Setting[] = [
  both(
    'metrics-bind-address',
    'metricsBindAddress',
    opens('shows metrics and settings, without asking who reads them', { values: reachedByOthers, cis: '4.3.1' }),
  ),
  both('profiling', 'enableProfiling', profiles()),
  both(
    'nodeport-addresses',
    'nodePortAddresses',
    opens('serves NodePorts at more addresses than the node’s own', {
      values: { words: 'other than primary', include: (value) => partsOf(value).some((part) => part !== 'primary') },
    }),
  ),
  key('apiVersion', { ...placedRule, values: otherThan('kubeproxy.config.k8s.io/v1alpha1') }),
  key('kind', { ...placedRule, values: otherThan('KubeProxyConfiguration') }),
  key('clientConnection.kubeconfig', placedRule),
  key('logging.verbosity', verbose),
  key('logging.vmodule', verboseFiles),
  gate('AllAlpha', allAlpha),
  gate('AllBeta', allBeta),
  flag('master', refuse('would lead past the local balancer')),
  ...loggingSettings(components.kubeProxy),
  ...madeFrom({
    'proxy-mode': 'kubeProxy.mode',
    'cluster-cidr': 'network.podSubnet',
    'hostname-override': 'hostname of the host',
    config: 'kubeProxy.config',
  }),
  ...placed('kubeconfig'),
];
