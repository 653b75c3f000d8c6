/**
 * Sums of default versions that were compared in public copies when the version became a default, so that a lock for it trusts no answer of
 * the day. By official URL, or by image with its tag. The others of src/cluster/versions.ts were in no public copy, or in one only.
 *
 * CNI plugins: kubespray, roles/kubespray_defaults/vars/main/checksums.yml at 46dbdd3994b32640bcd806b0097f50e8fdf1d514, and more than ten
 * projects that pin the same. pause: eight projects that pin the same digest, among them sandboxconfig manifests of Google's agent substrate.
 */
export const knownSums: ReadonlyMap<string, string> = new Map([
  [
    'https://github.com/containernetworking/plugins/releases/download/v1.9.1/cni-plugins-linux-amd64-v1.9.1.tgz',
    'b98f74a0f8522f0a83867178729c1aa70f2158f90c45a2ca8fa791db1c76b303',
  ],
  [
    'https://github.com/containernetworking/plugins/releases/download/v1.9.1/cni-plugins-linux-arm64-v1.9.1.tgz',
    '56171987d3947707c3563db2f4001bccaf50fd63468611b9f3cbecb1375ee7ec',
  ],
  ['registry.k8s.io/pause:3.10.2', 'sha256:f548e0e8e3dc1896ca956272154dde3314e8cc4fde0a57577ee9fa1c63f5baf4'],
]);
