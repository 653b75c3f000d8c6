import { apiServerSettings } from './api-server.ts';
import { containerdSettings } from './containerd.ts';
import { controllerManagerSettings } from './controller-manager.ts';
import { etcdSettings } from './etcd.ts';
import { flannelSettings } from './flannel.ts';
import { kubeProxySettings } from './kube-proxy.ts';
import { kubeletSettings } from './kubelet.ts';
import type { Setting } from './rule.ts';
import { schedulerSettings } from './scheduler.ts';

/** The rules for the settings of each component, in the order of cluster.yaml's keys. The reference page shows them. */
export const settings = {
  etcd: etcdSettings,
  apiServer: apiServerSettings,
  controllerManager: controllerManagerSettings,
  scheduler: schedulerSettings,
  kubelet: kubeletSettings,
  kubeProxy: kubeProxySettings,
  flannel: flannelSettings,
  containerd: containerdSettings,
} satisfies Readonly<Record<string, readonly Setting[]>>;

export type Component = keyof typeof settings;
