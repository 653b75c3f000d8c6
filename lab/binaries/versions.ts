import { defaultVersions } from '../../src/cluster/versions.ts';

/**
 * The versions that the lab builds or downloads, as release tags: the product's defaults, so that the lab tests what a
 * user gets, and a few that only the lab uses.
 */
export const versions = {
  kubernetes: `v${defaultVersions.kubernetes}`,
  etcd: `v${defaultVersions.etcd}`,
  containerd: `v${defaultVersions.containerd}`,
  runc: `v${defaultVersions.runc}`,
  cniPlugins: `v${defaultVersions.cniPlugins}`,
  flannel: `v${defaultVersions.flannel}`,
  pause: defaultVersions.pause,
  coredns: `v${defaultVersions.coredns}`,
  metricsServer: `v${defaultVersions.metricsServer}`,
  age: 'v1.3.2',
  /** Runs the workflows on the lab; lab/workflow/ is written for its log format and its gaps. */
  act: 'v0.2.89',
  actionlint: 'v1.7.12',
  s3Server: 'v0.0.12',
} as const;

/** The Go release that the newest of these modules requires; older ones can't build them. */
export const goVersion = '1.26.6';
