import { places } from '../../layout/paths.ts';
import { key, opens, placedRule, refuse, type Setting } from './rule.ts';
import { like, otherThan, reachedByOthers, whenFalse, whenGiven, whenTrue } from './values.ts';

const secret = refuse('would keep a password in this file', {
  hint: 'Use imagePullSecrets, or a credential provider of the kubelet.',
});

/**
 * Keys of config.toml, whose decoder ignores case. With `*.`, because plugins have had several names.
 * https://github.com/containerd/containerd/blob/main/docs/cri/config.md
 */
export const containerdSettings: readonly Setting[] = [
  key('grpc.address', { ...placedRule, values: otherThan(places.containerdSocket) }),
  key('grpc.tcp_address', refuse('would let everyone who reaches it run containers as root', { values: whenGiven })),
  ...['uid', 'gid'].map((id) =>
    key(`grpc.${id}`, opens('lets more than root run containers as root', { values: like('other than 0', /^(?!0$)/) })),
  ),
  key('metrics.address', opens('shows metrics, without asking who reads them', { values: reachedByOthers })),
  key('imports', opens('merges files that no run sees')),
  key('*.disable_apparmor', opens('runs containers without AppArmor', { values: whenTrue })),
  key(
    '*.unset_seccomp_profile',
    opens('lets containers make every system call', { values: like('unconfined', /^unconfined$/i) }),
  ),
  key('*.disable_cgroup', opens('runs containers without limits of their own', { values: whenTrue })),
  key(
    '*.privileged_without_host_devices_all_devices_allowed',
    opens('lets privileged containers use every device', { values: whenTrue }),
  ),
  key('*.disable_tcp_service', opens('streams exec and attach over TCP', { values: whenFalse })),
  key('*.stream_server_address', opens('streams exec and attach to other hosts', { values: reachedByOthers })),
  key('*.base_runtime_spec', opens('starts containers by a file that no run sees', { values: whenGiven })),
  key('*.registry.config_path', opens('takes registries from files that no run sees')),
  key('*.insecure_skip_verify', opens('takes images from anyone who answers for the registry', { values: whenTrue })),
  ...['auth', 'password', 'identitytoken'].map((name) => key(`*.auth.${name}`, secret)),
];
