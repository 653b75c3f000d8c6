import type { HostAddress } from './engine.ts';

/**
 * The whole environment of what runs on a host. Nothing of the host's own reaches it: a proxy in /etc/environment, ETCDCTL_ENDPOINTS or
 * LD_PRELOAD would change what etcdctl, curl or the shell itself answers. HOME is no one's, so that no .curlrc or .wgetrc is read.
 */
const environment = ['LC_ALL=C', 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/'];

/**
 * The command line that runs `command` as root in an environment of its own. It survives any login shell, as it is made of plain words
 * and single quotes only.
 */
export function asRoot(host: Pick<HostAddress, 'user'>, command: string): string {
  const isolated = ['/usr/bin/env', '-i', ...environment, command].join(' ');
  // sudo itself is to answer in English: its refusal is recognised by its words.
  return host.user === 'root' ? isolated : `env LC_ALL=C sudo -n ${isolated}`;
}
