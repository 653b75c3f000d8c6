import type { HostAddress } from './engine.ts';

/**
 * The complete environment of programs on a host. The host's own variables are excluded: a proxy in /etc/environment,
 * ETCDCTL_ENDPOINTS or LD_PRELOAD would change the answers of etcdctl, curl or the shell. HOME does not exist, so no .curlrc or
 * .wgetrc is read. SSH_CONNECTION is sshd's (sshd(8)): the fault cut-network keeps the connection that it names.
 */
const environment = [
  'LC_ALL=C',
  'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  'HOME=/',
  'SSH_CONNECTION="$SSH_CONNECTION"',
];

/**
 * The command line that runs `command` as root in this environment. It works in any login shell, because it has only plain words,
 * single quotes and one variable in double quotes.
 */
export function asRoot(host: Pick<HostAddress, 'user'>, command: string): string {
  const isolated = ['/usr/bin/env', '-i', ...environment, command].join(' ');
  // sudo must answer in English: its refusal is recognised by its text.
  return host.user === 'root' ? isolated : `env LC_ALL=C sudo -n ${isolated}`;
}
