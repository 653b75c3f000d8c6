import type { Host } from '../cluster/cluster.ts';
import { shellQuoted } from '../host/shell-command.ts';
import { hostPort, loopback } from '../layout/addresses.ts';
import { components } from '../layout/components.ts';

const { metrics } = components.etcd.ports;

/**
 * A line of sh that prints what a host's own member answers at its address for metrics, without the host's proxies and .curlrc; nothing if it gives
 * no answer within 3 s, and nothing of /health where there is only the wget of busybox and the member has an alarm.
 */
export function askMember({ address }: Pick<Host, 'address'>, path: '/health' | '/metrics'): string {
  const url = shellQuoted(`http://${hostPort(loopback(address), metrics.port)}${path}`);
  // A member with an alarm answers with status 503. Without this option GNU wget then prints nothing.
  const whole = path === '/health' ? ' --content-on-error' : '';
  return `(unset http_proxy ALL_PROXY all_proxy
if command -v curl >/dev/null; then curl -q -gs -m 3 ${url}; else
case $(wget --version) in *GNU*) wget -q${whole} -T 3 -t 1 -O - ${url} ;; *) timeout 3 wget -q -O - ${url} ;; esac; fi) 2>/dev/null`;
}
