/** A load balancer of a node's API requests, with the default settings of another project. */
export interface Peer {
  readonly name: string;
  readonly program: 'nginx' | 'haproxy';
  readonly port: number;
  /** The text of its configuration. */
  readonly config: string;
}

/** A master as `address:port`. */
export type Server = string;

/**
 * The load balancers that kubespray and kubeasz install on each node, with the values in their templates: kubespray's
 * roles/kubernetes/node/templates/loadbalancer/nginx.conf.j2 and haproxy.cfg.j2, kubeasz' roles/kube-lb/templates/kube-lb.conf.j2.
 * Ports, users and logs are the lab's; their health pages are left out.
 */
export function peersOf(servers: readonly Server[]): readonly Peer[] {
  return [
    { name: 'nginx as kubespray sets it', program: 'nginx', port: 5012, config: kubesprayNginx(servers, 5012) },
    { name: 'haproxy as kubespray sets it', program: 'haproxy', port: 5013, config: kubesprayHaproxy(servers, 5013) },
    { name: 'nginx as kubeasz sets it', program: 'nginx', port: 5014, config: kubeaszNginx(servers, 5014) },
  ];
}

/** nginx with its stream module, in a separate folder on the node. */
function nginx(workers: number, connections: number, upstream: readonly string[], server: readonly string[]): string {
  return [
    'load_module usr/lib/nginx/modules/ngx_stream_module.so;',
    'daemon off;',
    'user root;',
    'error_log stderr warn;',
    `worker_processes ${workers};`,
    `events { worker_connections ${connections}; }`,
    'stream {',
    `  upstream masters { ${upstream.join(' ')} }`,
    `  server { ${server.join(' ')} proxy_pass masters; }`,
    '}',
    '',
  ].join('\n');
}

function kubesprayNginx(servers: readonly Server[], port: number): string {
  const upstream = ['least_conn;', ...servers.map((server) => `server ${server};`)];
  return nginx(2, 16_384, upstream, [`listen 127.0.0.1:${port};`, 'proxy_timeout 10m;', 'proxy_connect_timeout 1s;']);
}

function kubeaszNginx(servers: readonly Server[], port: number): string {
  const upstream = servers.map((server) => `server ${server} max_fails=2 fail_timeout=3s;`);
  return nginx(1, 3000, upstream, [`listen 127.0.0.1:${port};`, 'proxy_connect_timeout 1s;']);
}

function kubesprayHaproxy(servers: readonly Server[], port: number): string {
  return [
    'global',
    '  maxconn 4000',
    'defaults',
    '  option redispatch',
    '  retries 5',
    '  timeout queue 5m',
    '  timeout connect 30s',
    '  timeout client 15m',
    '  timeout server 15m',
    '  timeout check 30s',
    '  maxconn 4000',
    'frontend kubernetes',
    `  bind 127.0.0.1:${port}`,
    '  mode tcp',
    '  default_backend masters',
    'backend masters',
    '  mode tcp',
    '  balance leastconn',
    '  default-server inter 15s downinter 15s rise 2 fall 2 slowstart 60s maxconn 1000 maxqueue 256 weight 100',
    '  option httpchk GET /healthz',
    '  http-check expect status 200',
    ...servers.map((server, index) => `  server master-${index + 1} ${server} check check-ssl verify none`),
    '',
  ].join('\n');
}
