/** What is installed when cluster.yaml names no version; the newest patch releases that go together (autumn 2026). */
export const defaultVersions = {
  kubernetes: '1.37.2',
  etcd: '3.7.3',
  containerd: '2.4.2',
  runc: '1.5.2',
  cniPlugins: '1.9.1',
  flannel: '0.28.10',
  pause: '3.10.2',
  coredns: '1.15.0',
  metricsServer: '0.9.0',
} as const;

/** Minor versions of Kubernetes whose flags the components know. */
export const supportedMinors = [34, 35, 36, 37] as const;
