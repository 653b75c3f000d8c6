import { components } from '../../layout/components.ts';
import { controllerSettings } from './controllers.ts';
import { loggingSettings } from './logging.ts';
import { flag, gate, gone, opens, refuse, type Setting } from './rule.ts';
import { allAlpha, allBeta } from './transport.ts';

export const schedulerSettings: readonly Setting[] = [
  ...controllerSettings({ profiling: '1.4.1', bind: '1.4.2' }),
  flag('config', opens('takes all settings from a file that no run sees', { cis: '1.4.1' })),
  flag('write-config-to', refuse('would write a file and end')),
  gate('AllAlpha', allAlpha),
  gate('AllBeta', allBeta),
  ...loggingSettings(components.scheduler),
  ...gone({
    address: 'Use bind-address.',
    port: `It serves https on ${components.scheduler.ports.health.port} only: remove it.`,
    'algorithm-provider': 'Use profiles of a KubeSchedulerConfiguration.',
    'policy-config-file': 'Use profiles of a KubeSchedulerConfiguration.',
  }),
];
