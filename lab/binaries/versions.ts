/**
 * The versions that the lab makes or fetches. The product's own defaults (src/cluster/versions.ts) name the releases a
 * user gets; a lab that serves other ones would test something else, and a test compares the two tables.
 */
export const versions = {
  kubernetes: 'v1.37.2',
  etcd: 'v3.7.3',
  containerd: 'v2.4.2',
  runc: 'v1.5.2',
  cniPlugins: 'v1.9.1',
  flannel: 'v0.28.10',
  flannelCniPlugin: 'v1.9.1-flannel3',
  coredns: 'v1.15.0',
  metricsServer: 'v0.9.0',
  age: 'v1.3.2',
} as const;

/** The Go release that the newest of these modules asks for; older ones can't build them. */
export const goVersion = '1.26.6';
