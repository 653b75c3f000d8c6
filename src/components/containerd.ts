import { stringify } from 'smol-toml';
import type { Cluster } from '../cluster/cluster.ts';
import { isOlder } from '../cluster/version-order.ts';
import { type HostFile, type HostState, hostState, leavings } from '../host/state.ts';
import { components } from '../layout/components.ts';
import { places } from '../layout/paths.ts';
import { pinnedImage, taggedImage } from '../lockfile/images.ts';
import { type Architecture, containerdBinaries, runcBinary } from './downloads.ts';
import { publicFile, rootDirectory } from './files.ts';
import { type Fragment, merged } from './merge.ts';
import { proxyOf } from './proxy.ts';
import { unit } from './reads.ts';
import { environment, serviceText } from './unit-text.ts';

/** containerd 2 with runc: the container runtime of a node. */
export function containerdState(cluster: Cluster, architecture: Architecture): HostState {
  const program = `${cluster.binDir}/containerd`;
  const proxy = proxyOf(cluster);
  return hostState({
    directories: [
      rootDirectory('/etc/containerd'),
      rootDirectory(places.registries),
      ...Object.keys(cluster.containerd.registries).map((name) => rootDirectory(`${places.registries}/${name}`)),
    ],
    files: [publicFile(places.containerdConfig, containerdConfig(cluster)), ...registryFiles(cluster)],
    downloads: [containerdBinaries(cluster, architecture), runcBinary(cluster, architecture)],
    leaves: [
      // Data, state with the mounts of containers, plugins of others (plugins/opt), network namespaces of pods.
      ...leavings(
        'tree',
        places.containerdRoot,
        '/run/containerd',
        '/run/nri',
        '/opt/containerd',
        '/run/netns/cni-*',
        '/run/runc',
      ),
      ...leavings('program', `${cluster.binDir}/containerd-shim-runc-v2`),
    ],
    units: [
      unit({
        name: components.containerd.unit,
        content: serviceText({
          description: 'containerd, the container runtime',
          documentation: 'https://containerd.io',
          command: [program, '--config', places.containerdConfig],
          service: [
            'Type=notify',
            ...environment({
              // It looks for its shim in PATH.
              PATH: `${cluster.binDir}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
              HTTP_PROXY: proxy?.http,
              HTTPS_PROXY: proxy?.https,
              NO_PROXY: proxy?.noProxy,
            }),
            // Containers keep running when it restarts, in cgroups of their own.
            'Delegate=yes',
            'KillMode=process',
            'LimitNPROC=infinity',
            'LimitCORE=infinity',
            'TasksMax=infinity',
            'OOMScoreAdjust=-999',
          ],
        }),
        ready: {
          command: `[ -S ${places.containerdSocket} ] && ${cluster.binDir}/ctr --address ${places.containerdSocket} version >/dev/null 2>&1`,
          timeoutSeconds: 60,
          hint: 'containerd exits at once if its configuration has an error: see its journal and containerd.config in cluster.yaml.',
        },
      }),
    ],
  });
}

/** The text of config.toml: the product’s values, merged with `containerd.config`, whose values win where the checks allow them. */
export function containerdConfig(cluster: Cluster): string {
  const systemdCgroup = cluster.kubelet.config.cgroupDriver !== 'cgroupfs';
  const ours = {
    version: configVersion(cluster.versions.containerd),
    plugins: {
      'io.containerd.cri.v1.images': {
        ...(!usesTransfer(cluster) && { image_pull_with_sync_fs: true }),
        pinned_images: { sandbox: pinnedImage(cluster, 'pause') },
        registry: { config_path: places.registries },
      },
      'io.containerd.cri.v1.runtime': {
        containerd: {
          default_runtime_name: 'runc',
          runtimes: {
            runc: {
              runtime_type: 'io.containerd.runc.v2',
              options: { BinaryName: `${cluster.binDir}/runc`, SystemdCgroup: systemdCgroup },
            },
          },
        },
      },
    },
  };
  const text = stringify(merged(ours, cluster.containerd.config as Fragment));
  // A digest says no version, for which later runs look here (src/observe/placed.ts).
  const version = cluster.lock === undefined ? '' : `# sandbox: ${taggedImage(cluster, 'pause')}\n`;
  return `${version}${text}\n`;
}

/**
 * Whether the user has configured containerd's transfer service, which calls image verifiers. `image_pull_with_sync_fs` turns it off for pods
 * (CheckLocalImagePullConfigs in containerd's internal/cri/config). Without that setting, an image that was pulled shortly before a power cut has
 * empty files, and its pods fail for ever.
 */
function usesTransfer({ containerd }: Cluster): boolean {
  const plugins = (containerd.config as Fragment).plugins;
  const names = typeof plugins === 'object' && plugins !== null ? Object.keys(plugins) : [];
  return names.some((name) => /^io\.containerd\.(transfer|image-verifier)\./.test(name));
}

/** Both versions write the same here, but an older version than containerd's own causes a warning in its log. */
function configVersion(version: string): number {
  return isOlder(version, '2.3.0') ? 3 : 4;
}

/** https://github.com/containerd/containerd/blob/main/docs/hosts.md */
function registryFiles(cluster: Cluster): HostFile[] {
  return Object.entries(cluster.containerd.registries).map(([name, { mirrors, skipVerify }]) => {
    const host = { capabilities: ['pull', 'resolve'], ...(skipVerify && { skip_verify: true }) };
    const hosts = {
      server: name === 'docker.io' ? 'https://registry-1.docker.io' : `https://${name}`,
      host: Object.fromEntries(mirrors.map((mirror) => [mirror, host])),
    };
    return publicFile(`${places.registries}/${name}/hosts.toml`, `${stringify(hosts)}\n`);
  });
}
