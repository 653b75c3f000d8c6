import { withoutSuffix } from '../../layout/components.ts';
import { flag, gone, type Setting } from './rule.ts';
import { verbose, verboseFiles } from './transport.ts';

/** Flags of logging that all programs of Kubernetes have or had. */
export function loggingSettings({ unit }: { readonly unit: `${string}.service` }): readonly Setting[] {
  const journal = `Logs go to the journal: journalctl -u ${withoutSuffix(unit)} on the host.`;
  return [
    flag('v', verbose),
    flag('vmodule', verboseFiles),
    ...gone({ logtostderr: journal, 'log-dir': journal, 'log-file': journal, alsologtostderr: journal }),
  ];
}
