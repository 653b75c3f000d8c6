import { defaultVersions } from './versions.ts';

/** The example of the reference page; a test parses it as a cluster. */
export const annotatedExample = `name: prod
kubernetesVersion: ${defaultVersions.kubernetes}

# Hosts behind a bastion, reached as an ordinary user with passwordless sudo.
ssh:
  user: ops
  jumpHost: { address: bastion.example.com, user: jump }

# Hosts without internet download the official files from here.
mirror: https://mirror.example.com/files

network:
  serviceSubnet: 10.254.0.0/16   # its first address is the API's Service, its second is DNS
  podSubnet: 172.30.0.0/16       # each node gets a /24 of it: 256 nodes
  serviceNodePortRange: 30000-32767

api:
  certSANs: [api.example.com, 192.168.1.100]   # names by which users reach it, beside those that the product knows

apiServer:
  extraArgs:
    - { name: event-ttl, value: 2h }
    - { name: enable-admission-plugins, value: "NodeRestriction,AlwaysPullImages" }

election: fast   # a lost leader is replaced in about 5 s instead of 17, at the price of more writes

kubelet:
  config:
    maxPods: 200
    systemReserved: { cpu: 200m, memory: 512Mi }

containerd:
  registries:
    docker.io: { mirrors: [https://registry.example.com/v2/docker.io] }

addons:
  manifests: [manifests/ingress.yaml]   # applied in this order, and deleted from the cluster when removed here

hosts:
  - { name: etcd-1, address: 192.168.1.157, roles: [etcd] }
  - { name: etcd-2, address: 192.168.1.158, roles: [etcd] }
  - { name: etcd-3, address: 192.168.1.159, roles: [etcd] }
  - { name: master-1, address: 192.168.1.153, roles: [master], hostname: master-1.example.com }
  - { name: master-2, address: 192.168.1.154, roles: [master], hostname: master-2.example.com }
  - { name: master-3, address: 192.168.1.155, roles: [master], hostname: master-3.example.com }
  - { name: node-1, address: 192.168.1.156, roles: [node] }
  - name: gpu-1
    address: 192.168.1.160
    roles: [node]
    interface: eth1                # pods' traffic, where that is not the address' own interface
    ssh: { user: root }            # only this host is reached as root
    labels: { accelerator: gpu }
    taints:
      - { key: accelerator, value: gpu, effect: NoSchedule }
`;
