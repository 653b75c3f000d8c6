/**
 * The expected problems of each file of this directory: line, column, host, code, sentence and hint. Reviewed by hand; if a
 * message gets better, change it here.
 */
export const expected: Readonly<Record<string, readonly string[]>> = {
  'alias-bomb.yaml': [
    '8:40 CLUSTER_ALIAS The aliases up to "*d" repeat more than 100000 values. → Write the values out.',
  ],
  'alias-of-itself.yaml': [
    '4:12 CLUSTER_ALIAS The alias "*own" is inside the value that it repeats. → Write the values out.',
  ],
  'alias-without-anchor.yaml': [
    '3:42 CLUSTER_ALIAS The alias "*all" has no anchor before it. → Write &all before the value that is meant, above this line.',
  ],
  'bad-addresses.yaml': [
    '3:25 a CLUSTER_ADDRESS The address "10.0.0.256" is not an IPv4 address. → Write four numbers from 0 to 255, as 192.168.1.153; a DNS name can stand under ssh.address.',
    '4:25 b CLUSTER_ADDRESS The address "host.example.com" is not an IPv4 address. → Write four numbers from 0 to 255, as 192.168.1.153; a DNS name can stand under ssh.address.',
    '5:25 c CLUSTER_IPV6 The address "fd00::1" is of IPv6, which is not built yet. → Write the host’s IPv4 address.',
    '6:25 d CLUSTER_ADDRESS The address "127.0.0.1" can’t be reached from other hosts. → Write the address of the host in the network of the cluster.',
    '7:25 e CLUSTER_ADDRESS The address "010.0.0.1" is not an IPv4 address. → Write four numbers from 0 to 255, as 192.168.1.153; a DNS name can stand under ssh.address.',
    '8:25 f CLUSTER_ADDRESS The address "10.0.0.7/24" is not an IPv4 address. → Write four numbers from 0 to 255, as 192.168.1.153; a DNS name can stand under ssh.address.',
  ],
  'bad-names.yaml': [
    '1:7 CLUSTER_INVALID name "My_Lab" is not valid. → A name has up to 63 lower-case letters, digits and inner hyphens.',
    '3:13 Master 1 CLUSTER_INVALID hosts[0].name "Master 1" is not valid. → A DNS name has lower-case letters, digits, hyphens and dots.',
    '4:13  CLUSTER_INVALID hosts[1].name "" is not valid. → A DNS name has lower-case letters, digits, hyphens and dots.',
  ],
  'bad-subnets.yaml': [
    '3:18 CLUSTER_SUBNET network.serviceSubnet "10.96.0.1/12" has bits set behind its prefix. → Write 10.96.0.0/12.',
    '4:14 CLUSTER_SUBNET network.podSubnet "10.244.0.0" is not a subnet. → Write an address and the bits of its prefix: 10.244.0.0/16.',
  ],
  'cert-sans.yaml': [
    '3:41 CLUSTER_SAN The name "https://api.example.com" is neither a DNS name nor an address. → Write it without scheme, port and path: api.example.com or 192.168.1.100.',
    '3:68 CLUSTER_SAN The name "api.example.com:6443" is neither a DNS name nor an address. → Write it without scheme, port and path: api.example.com or 192.168.1.100.',
    '3:92 CLUSTER_SAN The name "10.0.0.999" is neither a DNS name nor an address. → Write it without scheme, port and path: api.example.com or 192.168.1.100.',
  ],
  'colon-in-value.yaml': [
    '1:7 CLUSTER_YAML This line has a second “: ”. → Put the value in quotes, or what follows on a line of its own.',
  ],
  'data-directory.yaml': [
    '2:9 CLUSTER_PATH The directory "/usr/../bin" has steps as “..” or “//” in it. → Write it without detours.',
    '3:18 CLUSTER_PATH The directory "/var/lib" belongs to more than etcd, which closes it to others. → Write one of its own, such as /var/lib/etcd.',
  ],
  'directories.yaml': ['2:9 CLUSTER_INVALID binDir "usr/bin" is not valid. → Write an absolute path without spaces.'],
  'dns-domain-label.yaml': [
    '3:14 CLUSTER_INVALID network.dnsDomain "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…" is not valid. → Each name of a domain has up to 63 characters.',
  ],
  'dual-stack.yaml': [
    '3:18 CLUSTER_DUAL_STACK network.serviceSubnet "10.96.0.0/16,fd00:1::/112" has two subnets; dual stack is not built yet. → Write one IPv4 subnet.',
    '4:14 CLUSTER_IPV6 network.podSubnet "fd00:2::/48" is of IPv6, which is not built yet. → Write an IPv4 subnet.',
  ],
  'duplicate-hosts.yaml': [
    '4:25 b CLUSTER_DUPLICATE The address "10.0.0.1" is that of a too. → Give each host an address of its own.',
    '4:60 b CLUSTER_DUPLICATE The hostname "one.lab" is that of a too. → Give each host a hostname of its own.',
    '5:13 a CLUSTER_DUPLICATE The name "a" is that of an earlier host too. → Give each host a name of its own.',
    '6:60 d CLUSTER_DUPLICATE The hostname "b2" is the name of another host, and both would be one node. → Write another hostname, or rename the other host.',
    '8:66 e CLUSTER_DUPLICATE The SSH address "10.0.0.5" leads to the same machine as that of b2. → Give each host an ssh.address or an ssh.port of its own.',
  ],
  'empty.yaml': [
    '1:1 CLUSTER_EMPTY The file is empty. → Start with examples/small/cluster.yaml: a name and a list of hosts.',
  ],
  'many-etcd.yaml': [
    '2:1 CLUSTER_MANY_ETCD 9 hosts have the role etcd; each write waits for most of them. → Give the role to three, five or seven hosts.',
  ],
  'even-etcd.yaml': [
    '2:1 CLUSTER_EVEN_ETCD 2 hosts have the role etcd; an even number survives no more losses than 1 would. → Give the role to 1 or to 3 hosts.',
  ],
  'jump-host.yaml': [
    '2:29 CLUSTER_JUMP_HOST The jump host "10.0.0.1" is a, a host of the cluster: while it is down or restarts, others can’t be reached. → Use a machine outside of the cluster, or a runner in its network.',
  ],
  'key-in-wrong-place.yaml': [
    '2:1 CLUSTER_UNKNOWN_KEY There is no key "serviceSubnet". → Did you mean network.serviceSubnet?',
    '3:1 CLUSTER_UNKNOWN_KEY There is no key "podCIDR". → Did you mean network.podSubnet?',
    '4:1 CLUSTER_UNKNOWN_KEY There is no key "frobnicate". → Known keys here: name, kubernetesVersion, versions, binDir, mirror, proxy, ssh, network, api, etcd, apiServer, election, controllerManager, scheduler, kubelet, kubeProxy, flannel, containerd, upgrade, backup, addons, hosts.',
    '6:16 a CLUSTER_UNKNOWN_KEY There is no key "ip" in hosts[0]. → Did you mean address?',
  ],
  'key-twice.yaml': [
    '4:1 CLUSTER_KEY_TWICE The key "name" is here a second time. → Keep one of the two, or join what they hold.',
  ],
  'labels-and-taints.yaml': [
    '7:13 a CLUSTER_LABEL The value "solid state" of the label disk is not valid. → Write up to 63 letters, digits, “-”, “_” and “.”, with a letter or digit at both ends, or "".',
    '8:7 a CLUSTER_LABEL The label’s key "-disk" is not valid. → Write up to 63 letters, digits, “-”, “_” and “.”, with a letter or digit at both ends; before it may stand a DNS name and “/”.',
    '9:7 a CLUSTER_LABEL The label "node-role.kubernetes.io/worker" is one that a kubelet may not give itself. → Use a prefix of your own, or one below node.kubernetes.io; others are set with kubectl once the node is Ready.',
    '10:7 a CLUSTER_LABEL The label "kubernetes.io/hostname" is set by the kubelet itself. → Remove it.',
    '15:9 a CLUSTER_DUPLICATE The taint "dedicated" with the effect NoSchedule is listed twice. → Keep one of the two.',
    '16:16 a CLUSTER_TAINT The taint’s key "a/b/c" is not valid. → Write up to 63 letters, digits, “-”, “_” and “.”, with a letter or digit at both ends; before it may stand a DNS name and “/”.',
  ],
  'list-at-the-top.yaml': [
    '1:1 CLUSTER_INVALID The file is a list, where a map of keys and values is expected. → Write keys with values, indented below it.',
  ],
  'long-name.yaml': [
    '3:13 this-is-the-name-of-a-host-that-has-more-characters-than-a-node-may CLUSTER_NAME The name "this-is-the-name-of-a-host-that-has-more-characters-than-…" has 67 characters; a node’s may have up to 63. → Write a shorter name.',
  ],
  'manifests.yaml': [
    '5:7 CLUSTER_MANIFEST The manifest "/etc/web.yaml" is an absolute path. → Write each file once, relative to cluster.yaml and below its directory: manifests/dashboard.yaml.',
    '6:7 CLUSTER_MANIFEST The manifest "../web.yaml" leads out of the directory of cluster.yaml. → Write each file once, relative to cluster.yaml and below its directory: manifests/dashboard.yaml.',
    '7:7 CLUSTER_MANIFEST The manifest "https://example.com/web.yaml" is a URL, whose content could change from run to run. → Write each file once, relative to cluster.yaml and below its directory: manifests/dashboard.yaml.',
    '8:7 CLUSTER_MANIFEST The manifest "manifests/web.yaml" is listed twice. → Write each file once, relative to cluster.yaml and below its directory: manifests/dashboard.yaml.',
  ],
  'merge-key.yaml': [
    '2:1 CLUSTER_UNKNOWN_KEY There is no key "<<". → Merge keys are not part of YAML 1.2: write the keys out.',
  ],
  'mirror-with-query.yaml': [
    '2:9 CLUSTER_URL The URL "https://mirror.lab/files?key=1" has a query or a fragment, to which no path can be added. → Remove what follows “?” or “#”.',
  ],
  'missing-keys.yaml': [
    '1:1 CLUSTER_MISSING name is missing. → Add name, a text. The cluster’s name, used for its artifacts and its kubeconfig context.',
    '3:5 CLUSTER_MISSING hosts[0].name is missing. → Add name, a text. The host’s name in this file, in logs and in the cluster.',
  ],
  'no-etcd-no-master.yaml': [
    '2:1 CLUSTER_NO_ETCD No host has the role etcd. → Give it to one, three or five hosts; the masters may have it too.',
    '2:1 CLUSTER_NO_MASTER No host has the role master. → Give it to three hosts, or to one where the loss of it may be the loss of the API.',
  ],
  'no-hosts-key.yaml': [
    '1:1 CLUSTER_MISSING hosts is missing. → Add hosts, a list. The machines, in the order in which logs and plans list them.',
  ],
  'no-hosts.yaml': ['2:8 CLUSTER_INVALID hosts is an empty list. → List at least one.'],
  'no-node.yaml': [
    '2:1 CLUSTER_NO_NODE No host has the role node, so that CoreDNS and metrics-server could run nowhere. → Give it to a host (a master may have it), or set addons.coredns and addons.metricsServer to false.',
    '3:58 a CLUSTER_NOT_A_NODE The host has labels, but not the role node, so that nothing can carry them. → Add node to its roles, or remove its labels.',
  ],
  'no-version.yaml': [
    '2:20 CLUSTER_INVALID kubernetesVersion "latest" is not valid. → A version is written as 1.37.2.',
  ],
  'node-mask-too-narrow.yaml': [
    '4:21 CLUSTER_SUBNET_SIZE Node subnets of /28 are too small a part of network.podSubnet "10.0.0.0/10" for the controller-manager. → Write a nodeCidrMaskSize up to 26.',
  ],
  'node-mask-too-wide.yaml': [
    '4:21 CLUSTER_SUBNET_SIZE A node’s subnet of /20 is larger than network.podSubnet "10.244.0.0/24", of which it is a part. → Write a nodeCidrMaskSize above 24, or a larger podSubnet.',
  ],
  'not-yaml.yaml': [
    '3:62 CLUSTER_YAML A list in brackets is not closed up to here. → Close it by “]”, or write its values on lines of their own after “- ”.',
    '3:62 CLUSTER_YAML A map in braces is not closed up to here. → Close it by “}”, or write its keys on lines of their own.',
  ],
  'nul.yaml': [
    '1:9 CLUSTER_NOT_TEXT The character U+0000 is not text in UTF-8. → Save the file as UTF-8, and check that it is not a binary or UTF-16 file.',
  ],
  'numbers-out-of-range.yaml': [
    '2:30 CLUSTER_INVALID network.nodeCidrMaskSize "31" is too large. → Write a number up to 30.',
    '3:14 CLUSTER_INVALID ssh.port "0" is too small. → Write a number from 1 up.',
    '4:14 CLUSTER_INVALID api.port "70000" is too large. → Write a number up to 65535.',
    '4:32 CLUSTER_INVALID api.localPort is "5002.5", a number, where a whole number is expected. → Write a whole number.',
  ],
  'only-comments.yaml': [
    '1:1 CLUSTER_EMPTY The file is empty. → Start with examples/small/cluster.yaml: a name and a list of hosts.',
  ],
  'owned-flags.yaml': [
    '4:15 CLUSTER_FLAG The flag "service-cluster-ip-range" is made from another key of this file. → Use network.serviceSubnet instead.',
    '5:15 CLUSTER_FLAG The flag "--secure-port=6443" is not a name only. → Write the name without hyphens and value: "secure-port".',
    '6:15 CLUSTER_FLAG The flag "client-ca-file" is set by the product, which places what it names. → Remove it.',
    '9:15 CLUSTER_FLAG The flag "node-labels" is made from another key of this file. → Use labels of the host instead.',
    '12:15 CLUSTER_FLAG The flag "proxy-mode" is made from another key of this file. → Use kubeProxy.mode instead.',
  ],
  'pod-subnet-too-small.yaml': [
    '3:18 CLUSTER_SUBNET_SIZE network.serviceSubnet "10.96.0.0/30" is too small for the cluster’s own Services. → Write a prefix from /12 to /29.',
    '4:14 CLUSTER_SUBNET_SIZE network.podSubnet "10.244.0.0/23" has room for 2 nodes with /24 each; the file lists 3. → Write a podSubnet of /22 or larger, or a nodeCidrMaskSize above 24.',
  ],
  'port-range-too-high.yaml': [
    '2:34 CLUSTER_PORT_RANGE network.serviceNodePortRange "30000-70000" has ports that do not exist. → Write ports from 1 to 65535: 30000-32767.',
  ],
  'port-range.yaml': [
    '2:34 CLUSTER_INVALID network.serviceNodePortRange "30000" is not valid. → A range of ports is written as 30000-32767.',
  ],
  'ports-of-pods.yaml': [
    '3:9 CLUSTER_PORT api.port "4443" is the port of metrics-server. → Write another port, such as 6443.',
    '4:14 CLUSTER_PORT api.localPort "8472" is the port of flannel’s VXLAN. → Write another port, such as 5002.',
  ],
  'ports.yaml': [
    '4:25 CLUSTER_PORT_RANGE network.serviceNodePortRange "32767-30000" is the wrong way round. → Write 30000-32767.',
    '6:9 CLUSTER_PORT api.port "2379" is the port of etcd’s clients. → Write another port, such as 6443.',
    '7:14 CLUSTER_PORT api.localPort "2222" is the port of SSH. → Write another port, such as 5002.',
  ],
  'registries.yaml': [
    '2:9 CLUSTER_URL The URL "ftp://mirror.lab" is not one of http or https. → Write it as https://host/path.',
    '3:17 CLUSTER_INVALID proxy.https "not a url" is not a URL. → Write it as https://host/path.',
    '7:26 CLUSTER_INVALID containerd.registries["quay.io"].mirrors[0] "mirror.lab" is not a URL. → Write it as https://host/path.',
  ],
  'registry-names.yaml': [
    '4:5 CLUSTER_REGISTRY The registry "https://docker.io" is not a registry name of an image. → Write its host, with a port if it has one: docker.io or registry.example.com:5000; _default for all others.',
    '5:26 CLUSTER_URL The URL "http://mirror.lab?x=1" has a query or a fragment, to which no path can be added. → Remove what follows “?” or “#”.',
  ],
  'removed-flags.yaml': [
    '4:15 CLUSTER_FLAG The flag "insecure-port" no longer exists in the supported versions of Kubernetes. → All clients use https and certificates: api.port, and the kubeconfigs that the master action writes.',
    '5:15 CLUSTER_FLAG The flag "basic-auth-file" no longer exists in the supported versions of Kubernetes. → Use client certificates, or apiServer.authentication.jwt.',
    '8:15 CLUSTER_FLAG The flag "policy-config-file" no longer exists in the supported versions of Kubernetes. → Use profiles of a KubeSchedulerConfiguration.',
    '11:15 CLUSTER_FLAG The flag "pod-infra-container-image" no longer exists in the supported versions of Kubernetes. → Use versions.pause.',
  ],
  'reserved-character.yaml': ['1:7 CLUSTER_YAML A value can’t start with this character. → Put the value in quotes.'],
  'reserved-subnets.yaml': [
    '3:18 CLUSTER_SUBNET_SIZE network.serviceSubnet "10.0.0.0/8" is larger than an apiserver takes. → Write a prefix from /12 to /29.',
    '4:14 CLUSTER_SUBNET network.podSubnet "169.254.0.0/16" overlaps addresses with a meaning of their own. → Use a private subnet, such as one within 10.0.0.0/8.',
  ],
  'role-twice.yaml': ['3:63 a CLUSTER_DUPLICATE The role "etcd" is listed twice. → Write it once.'],
  'same-ports.yaml': [
    '2:34 CLUSTER_PORT_RANGE network.serviceNodePortRange "6000-7000" holds 6443, the port of api.port. → Write a range without it, such as 30000-32767.',
    '3:31 CLUSTER_PORT api.localPort "6443" is api.port too; a master that is a node needs both. → Write two different ports, such as 6443 for port and 5002 for localPort.',
  ],
  'secret-bootstrap-token.yaml': [
    '2:8 CLUSTER_SECRET This looks like a bootstrap token; secrets must not be in this file. → Remove it, and if it was ever pushed, replace it. Bootstrap tokens are created for one run and deleted at its end; this file needs none.',
  ],
  'secret-expression.yaml': [
    '3:9 CLUSTER_SECRET This looks like a workflow expression; secrets must not be in this file. → Remove it, and if it was ever pushed, replace it. This file is read as it is, without expressions; secrets are inputs of the actions.',
  ],
  'secret-github-token.yaml': [
    '2:10 CLUSTER_SECRET This looks like a GitHub token; secrets must not be in this file. → Remove it, and if it was ever pushed, replace it. Give tokens to the workflow as repository secrets.',
  ],
  'secret-in-comment.yaml': [
    '2:17 CLUSTER_SECRET This looks like an age identity; secrets must not be in this file. → Remove it, and if it was ever pushed, replace it. Give the age identity to the actions as an input, from a repository secret.',
  ],
  'secret-in-proxy.yaml': [
    '3:10 CLUSTER_SECRET This looks like a URL with a password; secrets must not be in this file. → Remove it, and if it was ever pushed, replace it. Write the URL without user and password, and let the proxy or mirror know the hosts by their addresses.',
  ],
  'secret-private-key.yaml': [
    '5:7 CLUSTER_SECRET This looks like a private key; secrets must not be in this file. → Remove it, and if it was ever pushed, replace it. Keys of the cluster are made by the pki action; the SSH key is an input of the actions, from a repository secret.',
  ],
  'subnets-overlap.yaml': [
    '3:18 CLUSTER_SUBNET_OVERLAP network.serviceSubnet "10.0.0.0/12" holds the address 10.0.0.1 of a and of 2 more. → Write a subnet outside of the network that the hosts are in.',
    '4:14 CLUSTER_SUBNET_OVERLAP network.podSubnet "10.8.0.0/16" overlaps network.serviceSubnet "10.0.0.0/12". → Write two subnets that share no address.',
    '4:14 CLUSTER_SUBNET_OVERLAP network.podSubnet "10.8.0.0/16" holds the address 10.8.0.2 of c. → Write a subnet outside of the network that the hosts are in.',
  ],
  'tabs.yaml': ['3:1 CLUSTER_YAML The line is indented by a tab. → Indent by spaces: YAML knows no tabs.'],
  'tag.yaml': [
    '1:7 CLUSTER_YAML Tags, as “!name”, have no meaning here. → Remove the tag, or put the value in quotes.',
  ],
  'template.yaml': [
    '1:8 CLUSTER_YAML A key must be a plain word. → Check for a “{”, “[” or “?” before the colon; put templates in quotes.',
  ],
  'text-at-the-top.yaml': [
    '1:1 CLUSTER_INVALID The file is "Kubernetes", a text, where a map of keys and values is expected. → Write keys with values, indented below it.',
  ],
  'two-documents.yaml': [
    '4:1 CLUSTER_YAML A second document starts here. → Remove the line “---”: a file describes one cluster.',
  ],
  'unclosed-quote.yaml': [
    '3:63 CLUSTER_YAML A text in quotes is not closed up to here. → Close the quote where the text ends.',
  ],
  'unknown-effect.yaml': [
    '6:34 a CLUSTER_INVALID hosts[0].taints[0].effect "noschedule" is not one of the known values. → Did you mean NoSchedule? Write NoSchedule, PreferNoSchedule or NoExecute.',
    '7:25 b CLUSTER_DUPLICATE The address "10.0.0.1" is that of a too. → Give each host an address of its own.',
  ],
  'unknown-key.yaml': [
    '3:3 CLUSTER_UNKNOWN_KEY There is no key "podSubnets" in network. → Did you mean podSubnet?',
    '5:64 a CLUSTER_UNKNOWN_KEY There is no key "adress" in hosts[0]. → Did you mean address?',
  ],
  'unknown-role.yaml': [
    '3:43 a CLUSTER_INVALID hosts[0].roles[0] "etdc" is not one of the known values. → Did you mean etcd? Write etcd, master or node.',
    '3:57 a CLUSTER_INVALID hosts[0].roles[2] "worker" is not one of the known values. → Did you mean node? Write etcd, master or node.',
    '4:42 b CLUSTER_INVALID hosts[1].roles is an empty list. → List at least one.',
  ],
  'unsafe-flags.yaml': [
    '4:15 CLUSTER_FLAG The flag "client-cert-auth=false" would open etcd, and with it all secrets, to everyone who reaches it. → Remove it.',
    '7:15 CLUSTER_FLAG The flag "anonymous-auth" can’t be combined with the authentication configuration, which lets anonymous users see /livez, /readyz and /healthz only. → Remove it: no other path is open to anonymous users.',
    '8:15 CLUSTER_FLAG The flag "token-auth-file" would keep tokens that never expire in a file on each master. → Nodes join by a bootstrap token made for one run; users come by client certificates or apiServer.authentication.jwt.',
    '9:15 CLUSTER_FLAG The flag "authorization-mode=RBAC" would lack Node or RBAC, or let everyone do everything. → Keep Node and RBAC, and add to them: Node,RBAC,Webhook.',
    '10:15 CLUSTER_FLAG The flag "enable-admission-plugins=AlwaysPullImages" would lack NodeRestriction, by which a node can’t act as another, or admit everything. → Start the list by NodeRestriction, and leave AlwaysAdmit out.',
    '14:15 CLUSTER_FLAG The flag "leader-elect=false" would let several masters act at once. → Remove it: leader election is always on.',
    '16:51 CLUSTER_ELECTION The time "ten" of leader-elect-renew-deadline is not one. → Write it as 15s.',
    '19:51 CLUSTER_ELECTION A lease of 8s with a renew deadline of 10s and a retry period of 2s can’t hold. → The lease is to be longer than the deadline, and that longer than 1.2 retry periods: 15s, 10s and 2s.',
  ],
  'unsafe-texts.yaml': [
    '2:9 CLUSTER_URL The URL "https://mirror.lab/it\'s here" has spaces or quotes in it. → Write them as %20, %22 or %27.',
    '3:49 CLUSTER_INVALID proxy.noProxy[0] "a.lab,b.lab" is not valid. → Write one name, domain or subnet, as .example.com.',
    '4:14 CLUSTER_INVALID ssh.user "ops; reboot" is not valid. → Write the name of a user, as root or ops.',
    '5:42 CLUSTER_FLAG The flag "allocate-node-cidrs=false" would leave nodes without a subnet for pods. → Remove it.',
    '5:99 CLUSTER_FLAG The value of the flag "v" has more than one line. → Write it on one line.',
    '7:75 a CLUSTER_INVALID hosts[0].interface "eth0 up" is not valid. → Write the name of an interface, as eth0.',
    '7:102 a CLUSTER_INVALID hosts[0].ssh.address "-oProxyCommand=x" is not valid. → Write a DNS name or an address, without user, port and scheme.',
  ],
  'unsupported-version.yaml': [
    '2:20 CLUSTER_VERSION Kubernetes "1.33.4" is not a version that this release can build. → Write a version of 1.34, 1.35, 1.36 or 1.37, such as 1.37.2.',
    '4:9 CLUSTER_VERSION etcd "3.5.9" is too old: apiservers of Kubernetes 1.34 and later ask for it. → Write 3.5.24 or later, or remove the key to get 3.7.3.',
    '5:15 CLUSTER_VERSION containerd "1.7.27" is too old: its configuration is written as version 3. → Write 2.0.0 or later, or remove the key to get 2.4.2.',
  ],
  'volatile-directories.yaml': [
    '2:9 CLUSTER_PATH The directory "/run/bin" is empty after a restart of the host. → Write a lasting one, such as /usr/local/bin.',
    '3:18 CLUSTER_PATH The directory "/tmp/etcd" is empty after a restart of the host. → Write a lasting one, such as /var/lib/etcd.',
  ],
  'wrong-indent.yaml': [
    '4:1 CLUSTER_YAML The line is not indented like the keys beside it. → Indent keys of one map by the same number of spaces.',
  ],
  'wrong-types.yaml': [
    '2:20 CLUSTER_INVALID kubernetesVersion is "1.37", a number, where a text is expected. → Write all three parts of the version: 1.37.2.',
    '4:10 CLUSTER_INVALID versions.pause is "3.10", a number, where a text is expected. → Put it in quotes: "3.10".',
    '5:1 CLUSTER_INVALID network is empty, where a map of keys and values is expected. → Write a value, or remove the key.',
    '7:9 CLUSTER_INVALID api.port is "6443", a text, where a number is expected. → Write it without quotes: 6443.',
    '8:13 CLUSTER_INVALID api.certSANs is "api.example.com", a text, where a list is expected. → Write a list: each value on a line of its own after “- ”, or all in [ ].',
    '11:33 CLUSTER_INVALID apiServer.extraArgs[0].value is "2", a number, where a text is expected. → Put it in quotes: "2".',
    '12:7 CLUSTER_INVALID apiServer.extraArgs[1] is "v=2", a text, where a map of keys and values is expected. → Write keys with values, indented below it.',
    '14:14 CLUSTER_INVALID scheduler.extraArgs is a map, where a list is expected. → Write a list: each value on a line of its own after “- ”, or all in [ ].',
    '16:12 CLUSTER_INVALID addons.coredns is "no", a text, where true or false is expected. → Write true or false, without quotes.',
    '18:79 a CLUSTER_INVALID hosts[0].labels.ssd is "true", a boolean, where a text is expected. → Put it in quotes: "true".',
  ],
  'names-like-addresses.yaml': [
    '3:13 10.0.0.9 CLUSTER_NAME The name "10.0.0.9" can be read as an address. → Write another name, such as node-1.',
    '4:13 10 CLUSTER_NAME The name "10" can be read as an address. → Write another name, such as node-1.',
    '5:60 a CLUSTER_NAME The hostname "10.1" can be read as an address. → Write another name, such as node-1.',
    '6:13 0x7f000001 CLUSTER_NAME The name "0x7f000001" can be read as an address. → Write another name, such as node-1.',
    '7:13 010.0.0.1 CLUSTER_NAME The name "010.0.0.1" can be read as an address. → Write another name, such as node-1.',
    '8:13 10.0.0.999 CLUSTER_NAME The name "10.0.0.999" can be read as an address. → Write another name, such as node-1.',
  ],
  'names-of-others.yaml': [
    '3:48 CLUSTER_SAN The name "b" leads to b, which is no master and has a certificate of its own for it: it could pass for the API server. → Write a name or an address that leads to masters, or to a load balancer outside of the cluster.',
    '3:51 CLUSTER_SAN The name "TWO.example.com" leads to b, which is no master and has a certificate of its own for it: it could pass for the API server. → Write a name or an address that leads to masters, or to a load balancer outside of the cluster.',
    '3:68 CLUSTER_SAN The name "*.example.com" leads to b, which is no master and has a certificate of its own for it: it could pass for the API server. → Write a name or an address that leads to masters, or to a load balancer outside of the cluster.',
    '3:85 CLUSTER_SAN The name "10.0.0.2" leads to b, which is no master and has a certificate of its own for it: it could pass for the API server. → Write a name or an address that leads to masters, or to a load balancer outside of the cluster.',
    '3:105 CLUSTER_SAN The name "::ffff:10.0.0.2" leads to b, which is no master and has a certificate of its own for it: it could pass for the API server. → Write a name or an address that leads to masters, or to a load balancer outside of the cluster.',
    '7:60 c CLUSTER_DUPLICATE The hostname "b" is the name of another host, whose certificates carry it too. → Write another hostname, or rename the other host.',
  ],
  'reserved-names.yaml': [
    '4:13 kubernetes CLUSTER_RESERVED_NAME The name "kubernetes" is a name of the API server. → Write another name, such as node-1.',
    '5:13 kubernetes.default.svc CLUSTER_RESERVED_NAME The name "kubernetes.default.svc" is a name of the API server. → Write another name, such as node-1.',
    '6:60 a CLUSTER_RESERVED_NAME The hostname "localhost" means each host itself. → Write another name, such as node-1.',
    '7:13 localhost4.localdomain4 CLUSTER_RESERVED_NAME The name "localhost4.localdomain4" means each host itself. → Write another name, such as node-1.',
    '8:13 ip6-loopback CLUSTER_RESERVED_NAME The name "ip6-loopback" means each host itself. → Write another name, such as node-1.',
    '9:13 db.localhost CLUSTER_RESERVED_NAME The name "db.localhost" means each host itself. → Write another name, such as node-1.',
    '10:60 b CLUSTER_RESERVED_NAME The hostname "node-1.lab.internal" is in network.dnsDomain "lab.internal", the Services’ own domain. → Write another name, such as node-1.',
    '11:13 lab.internal CLUSTER_RESERVED_NAME The name "lab.internal" is in network.dnsDomain "lab.internal", the Services’ own domain. → Write another name, such as node-1.',
    '12:13 metrics-server.kube-system.svc CLUSTER_RESERVED_NAME The name "metrics-server.kube-system.svc" has the form of a Service’s name. → Write another name, such as node-1.',
    '13:13 svc CLUSTER_RESERVED_NAME The name "svc" has the form of a Service’s name. → Write another name, such as node-1.',
  ],
  'service-addresses.yaml': [
    '2:27 CLUSTER_SUBNET_OVERLAP network.serviceSubnet "10.0.0.0/24" holds the address 10.0.0.1 of a and of 1 more. → Write a subnet outside of the network that the hosts are in.',
  ],
};
