import type { Lab } from '../../lab/lab.ts';

/**
 * What is on a host and runs there, a line each, without what logging in and time change: paths with type, mode and owner, the content of files,
 * units, users, mounts, interfaces, routes, rules, kernel settings of the host's own network, swap, name, programs.
 */
const command = String.raw`
export LC_ALL=C
cd /
find / /var/lib/containerd /var/lib/kubelet /var/lib/etcd -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /tmp -o -path /var/tmp -o -path /run -o -path /var/log/journal \) -prune -o -printf 'path %p %y %m %U:%G %l\n' | sort -u
find /etc /root /usr/local /opt /srv /var/lib -xdev -type f | grep -v -E '^/var/lib/(dpkg|apt|systemd)/' | tr '\n' '\0' | xargs -0 sha256sum | sed 's/^\([0-9a-f]*\)  \(.*\)/content \2 \1/'
find /run -mindepth 1 -maxdepth 1 | sed 's/^/memory /'
systemctl list-unit-files --plain --no-legend | awk '{ print "unit", $1, $2 }'
systemctl list-units --plain --no-legend --state=active,failed,activating | awk '{ print "runs", $1, $3 }' | grep -v -E ' (session-|user-|user@|run-|systemd-hostnamed)|\.device '
getent passwd | sed 's/^/user /'
getent group | sed 's/^/group /'
awk '{ print "mount", $2, $3 }' /proc/mounts
ip -o link | awk '{ sub(/@.*/, "", $2); print "interface", $2 }'
ip route | sed 's/^/route /'
ip -6 route | sed 's/^/route /'
ip rule | sed 's/^/rule /'
for tool in iptables ip6tables; do ! command -v "$tool-save" >/dev/null || "$tool-save" | grep -E '^-|^:[^ ]+ (-|DROP)' | sed "s/^/$tool /"; done
! command -v nft >/dev/null || nft list ruleset | sed 's/^/nft /'
grep -rs . /proc/sys/net | grep -v -E '/neigh/|random|_count:|/fib_' | sed 's/^/setting /'
sed 's/^/hosts /' /etc/hosts
sed 's/^/swap /' /proc/swaps
hostname | sed 's/^/name /'
for process in /proc/[0-9]*; do ! [ -e "$process/exe" ] || readlink "$process/exe"; done 2>/dev/null | grep -v -E '/(bash|dash|find|sed|sort|grep|awk|mawk|systemctl|xargs|sshd|readlink|sudo|systemd-hostnamed)$' | sed 's/^/program /'
`;

/** @throws Error if the listing broke off */
export async function hostListing(lab: Lab, host: string): Promise<readonly string[]> {
  const { stdout, stderr } = await lab.exec(host, ['sh', '-c', `${command}\necho 'that is all'`]);
  const lines = [...new Set(stdout.split('\n').filter(Boolean))];
  if (lines.pop() !== 'that is all' || lines.length < 1000)
    throw new Error(`${host}: ${lines.length} lines: ${stderr}`);
  return lines;
}

/** The named list of what may differ after a reset: what packages of the distribution brought, and what stays in memory. */
const named: readonly RegExp[] = [
  // Packages, what their scripts wrote, and the user that haproxy's made.
  /^(path|content) \/var\/(lib|cache|log)\/(dpkg|apt|debconf|ucf|alternatives\.log|dpkg\.log)/,
  /^(path|content) \/etc\/(alternatives|rc\d\.d|ld\.so\.cache|networks|systemd\/system\/multi-user\.target\.wants\/haproxy\.service)/,
  /^path \/usr\/s?bin\/\S+ l 777 0:0 \/etc\/alternatives\//,
  /^content \/etc\/(passwd|group|shadow|gshadow)-? /,
  /^(user|group) haproxy:/,
  /^unit haproxy\.service /,
  // Our claim, and whose host it was; what packages and logins made.
  /^memory \/run\/(k8s-ha-action|haproxy|adduser|motd\.dynamic)$/,
  // Masked at a start of the host; without swap it has nothing to do.
  /^runs swap\.target /,
  // Our units wanted it, and it stays reached.
  /^runs network-online\.target /,
];

/** What a reset did not give back: lines that only one of two listings has, without those of the named list. */
export async function notGivenBack(lab: Lab, host: string, before: readonly string[]): Promise<readonly string[]> {
  const after = await hostListing(lab, host);
  const { stdout } = await lab.exec(host, ['sh', '-c', 'cat /var/lib/dpkg/info/*.list']);
  // Debian lists /lib, which is /usr/lib.
  const packaged = new Set(stdout.split('\n').map((path) => path.replace(/^\/(bin|sbin|lib|lib64)\//, '/usr/$1/')));
  const isNamed = (line: string) =>
    named.some((each) => each.test(line)) || (/^(path|content) /.test(line) && packaged.has(line.split(' ')[1] ?? ''));
  const [was, is] = [new Set(before), new Set(after)];
  return [
    ...before.filter((line) => !is.has(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !was.has(line)).map((line) => `+ ${line}`),
  ].filter((line) => !isNamed(line.slice(2)));
}
