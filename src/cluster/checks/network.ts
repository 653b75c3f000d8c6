import type { ProblemCode } from '../../error-codes.ts';
import { contains, formatAddress, isIPv6, overlap, parseAddress, parseSubnet, type Subnet } from '../addresses.ts';
import { type Finding, quote } from '../finding.ts';
import type { ClusterFile } from '../schema.ts';

type SubnetKey = 'serviceSubnet' | 'podSubnet';

/** Limits of the apiserver and of the controller-manager's allocator. */
const serviceBits = { widest: 12, narrowest: 29 };
const widestSpan = 16;

const reserved = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'].map((text) => parseSubnet(text));

/** Subnets that are invalid, that overlap, or that are too small for the hosts. */
export function networkFindings(file: ClusterFile): readonly Finding[] {
  const service = parseSubnet(file.network.serviceSubnet);
  const pods = parseSubnet(file.network.podSubnet);
  return [
    ...subnetFindings('serviceSubnet', file.network.serviceSubnet, service),
    ...(service ? serviceSizeFindings(service) : []),
    ...subnetFindings('podSubnet', file.network.podSubnet, pods),
    ...(pods ? podSizeFindings(file, pods) : []),
    ...(service && pods && overlap(service, pods) ? [eachOther(service, pods)] : []),
    ...(service ? hostOverlaps(file, 'serviceSubnet', service) : []),
    ...(pods ? hostOverlaps(file, 'podSubnet', pods) : []),
  ];
}

function subnetFindings(key: SubnetKey, text: string, subnet: Subnet | undefined): readonly Finding[] {
  const found = (code: ProblemCode, problem: string, hint: string): readonly Finding[] => [
    { code, path: ['network', key], message: `network.${key} ${quote(text)} ${problem}.`, hint },
  ];
  if (text.includes(',')) {
    return found('CLUSTER_DUAL_STACK', 'has two subnets; dual stack is not built yet', 'Write one IPv4 subnet.');
  }
  if (isIPv6(text.replace(/\/.*$/, ''))) {
    return found('CLUSTER_IPV6', 'is of IPv6, which is not built yet', 'Write an IPv4 subnet.');
  }
  if (subnet === undefined) {
    return found('CLUSTER_SUBNET', 'is not a subnet', 'Write an address and the bits of its prefix: 10.244.0.0/16.');
  }
  if (!subnet.aligned) {
    const right = `${formatAddress(subnet.first)}/${subnet.prefix}`;
    return found('CLUSTER_SUBNET', 'has bits set behind its prefix', `Write ${right}.`);
  }
  if (reserved.some((other) => other && overlap(other, subnet))) {
    return found(
      'CLUSTER_SUBNET',
      'overlaps addresses with a meaning of their own',
      'Use a private subnet, such as one within 10.0.0.0/8.',
    );
  }
  return [];
}

function serviceSizeFindings({ text, prefix }: Subnet): readonly Finding[] {
  const { widest, narrowest } = serviceBits;
  if (prefix >= widest && prefix <= narrowest) return [];
  const problem = prefix < widest ? 'larger than an apiserver takes' : 'too small for the cluster’s own Services';
  const hint = `Write a prefix from /${widest} to /${narrowest}.`;
  return [
    {
      code: 'CLUSTER_SUBNET_SIZE',
      path: ['network', 'serviceSubnet'],
      message: `network.serviceSubnet ${quote(text)} is ${problem}.`,
      hint,
    },
  ];
}

function podSizeFindings({ network, hosts }: ClusterFile, pods: Subnet): readonly Finding[] {
  const mask = network.nodeCidrMaskSize;
  const found = (key: string, message: string, hint: string): readonly Finding[] => [
    { code: 'CLUSTER_SUBNET_SIZE', path: ['network', key], message, hint },
  ];
  if (mask < pods.prefix) {
    const message = `A node’s subnet of /${mask} is larger than network.podSubnet ${quote(pods.text)}, of which it is a part.`;
    return found('nodeCidrMaskSize', message, `Write a nodeCidrMaskSize above ${pods.prefix}, or a larger podSubnet.`);
  }
  if (mask - pods.prefix > widestSpan) {
    const message = `Node subnets of /${mask} are too small a part of network.podSubnet ${quote(pods.text)} for the controller-manager.`;
    return found('nodeCidrMaskSize', message, `Write a nodeCidrMaskSize up to ${pods.prefix + widestSpan}.`);
  }
  const nodes = hosts.filter(({ roles }) => roles.includes('node')).length;
  const room = 2 ** (mask - pods.prefix);
  if (nodes <= room) return [];
  const message = `network.podSubnet ${quote(pods.text)} has room for ${room} nodes with /${mask} each; the file lists ${nodes}.`;
  const bits = Math.ceil(Math.log2(nodes));
  return found(
    'podSubnet',
    message,
    `Write a podSubnet of /${Math.max(8, mask - bits)} or larger, or a nodeCidrMaskSize above ${mask}.`,
  );
}

function eachOther(service: Subnet, pods: Subnet): Finding {
  return {
    code: 'CLUSTER_SUBNET_OVERLAP',
    path: ['network', 'podSubnet'],
    message: `network.podSubnet ${quote(pods.text)} overlaps network.serviceSubnet ${quote(service.text)}.`,
    hint: 'Write two subnets that share no address.',
  };
}

/** Reported at the subnet, not at each host: only one value must change. */
function hostOverlaps({ hosts }: ClusterFile, key: SubnetKey, subnet: Subnet): readonly Finding[] {
  const inside = hosts.filter((host) => {
    const address = parseAddress(host.address);
    return address !== undefined && contains(subnet, address);
  });
  const [first] = inside;
  if (first === undefined) return [];
  const others = inside.length > 1 ? ` and of ${inside.length - 1} more` : '';
  return [
    {
      code: 'CLUSTER_SUBNET_OVERLAP',
      path: ['network', key],
      message: `network.${key} ${quote(subnet.text)} holds the address ${first.address} of ${first.name}${others}.`,
      hint: 'Write a subnet outside of the network that the hosts are in.',
    },
  ];
}
