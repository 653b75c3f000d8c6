import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  AbortError,
  LineReader,
  allTargets,
  pRetry,
  remoteCodes,
  sessionOf
} from "./pki.js";
import {
  pLimit
} from "./p-limit.js";
import {
  parseJson
} from "./entry-json.js";
import {
  pTimeout
} from "./p-timeout.js";
import {
  describeOpening
} from "./cluster-cel-check.js";
import {
  byAddress,
  hostsWith
} from "./cluster-cluster.js";
import {
  Bytes,
  Tail,
  bytesOf,
  inUnits
} from "./entry-bytes.js";
import {
  Problem,
  problemsOf
} from "./errors.js";
import {
  cutLine,
  redact,
  redactLines
} from "./host-redact-keys.js";

// src/phases/cancelled.ts
async function orAborted(work, signal, graceMs = 0) {
  if (!signal) return await work();
  signal.throwIfAborted();
  const over = Promise.withResolvers();
  let timer;
  const abort = () => {
    if (graceMs === 0) over.reject(signal.reason);
    else if (Number.isFinite(graceMs)) timer = setTimeout(() => over.reject(signal.reason), graceMs);
  };
  signal.addEventListener("abort", abort, { once: true });
  const done = work();
  done.catch(() => void 0);
  try {
    return await Promise.race([done, over.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}
var mostNames = 20;
function problemsUntil(signal, error) {
  const parts = problemsOf(error);
  if (!signal.aborted) return parts;
  const { reason } = signal;
  return [naming(reason, parts), ...parts.filter((part) => !isSame(part, reason))];
}
function naming(reason, parts) {
  const copies = parts.flatMap((part) => part instanceof Problem && isSame(part, reason) ? [part] : []);
  const hosts = [...new Set(copies.flatMap(({ fields: { host } }) => host ?? []))];
  if (!(reason instanceof Problem) || hosts.length === 0) return reason;
  const few = hosts.slice(0, mostNames).join(", ");
  const more = hosts.length > mostNames ? `, and ${hosts.length - mostNames} more` : "";
  const detail = copies.flatMap(({ fields }) => fields.detail ?? []);
  return new Problem(`${reason.message}; not done: ${few}${more}`, {
    ...reason.fields,
    ...detail.length > 0 && { detail }
  });
}
function isSame(part, reason) {
  if (part === reason) return true;
  return part instanceof Problem && reason instanceof Problem && part.code === reason.code;
}

// src/phases/on-hosts.ts
async function onHosts(hosts, work, signal) {
  const settled = await Promise.allSettled(hosts.map((host) => orAborted(() => work(host), signal)));
  const failed = settled.flatMap(
    (outcome, index) => outcome.status === "rejected" ? problemsOf(outcome.reason).map((part) => placed(part, hosts[index])) : []
  );
  if (failed.length > 0) throw new AggregateError(failed, `${failed.length} of ${hosts.length} hosts failed`);
  return settled.flatMap((outcome) => outcome.status === "fulfilled" ? [outcome.value] : []);
}
function placed(error, host) {
  return error instanceof Problem ? error.within({ host: host?.name }) : error;
}

// src/phases/phase.ts
function onlyIf(when, { title, run }) {
  return {
    title,
    when,
    run: async (stage, signal) => {
      await run(stage, signal);
    }
  };
}
function unlessDry({ dryRun }) {
  return !dryRun;
}

// src/phases/claim-hosts.ts
var holdSeconds = 300;
var waitSeconds = holdSeconds + 60;
var restSeconds = 10;
function claimOf(run, host, position) {
  const commit = run.commit ? { commit: { id: run.commit, began: run.now } } : {};
  if (position === "first")
    return { as: position, waitSeconds: host === lockLeader(run) ? waitSeconds : restSeconds, ...commit };
  return { as: position, holdSeconds: host.roles.includes("master") ? holdSeconds : 0, ...commit };
}
function lockLeader(run) {
  return byAddress(hostsWith(run.cluster, "master"))[0];
}
var holdHosts = {
  title: "Reserve the cluster for later jobs",
  when: unlessDry,
  async run(run, signal) {
    await onHosts(hostsWith(run.cluster, "master"), (host) => sessionOf(run, host).holdClaim(holdSeconds), signal);
  }
};

// src/host/change-limit.ts
var stepSeconds = {
  /** Two runs of a package manager: each waits for its lock (system.sh, INSTALL_PATIENCE), updates its lists and installs. */
  package: 1800,
  swap: 300,
  module: 30
};
var downloadSeconds = 600;
var rollSeconds = 1800;
var restartSeconds = 180;
function changeMs(limits, steps, units2) {
  if (limits.workMs !== void 0) return limits.workMs;
  const downloads2 = steps.filter((step) => step.do === "download" || step.do === "stage").length;
  const packages = steps.some((step) => step.do === "package") ? stepSeconds.package : 0;
  const others = steps.filter((step) => step.do !== "package").map((step) => stepSeconds[step.do] ?? 0);
  const waits = units2.map(({ ready, rolling: rolling2 }) => {
    const settles = restartSeconds + (ready?.timeoutSeconds ?? 90);
    return rolling2 === void 0 ? settles : settles + rollSeconds + rolling2.healthy.timeoutSeconds;
  });
  const seconds = [packages ?? 0, downloadSeconds * Math.ceil(downloads2 / 3), ...others, ...waits];
  return limits.snapshotMs + 1e3 * seconds.reduce((sum, one) => sum + one, 0);
}

// src/host/bash-forward.ts
import { Duplex } from "node:stream";

// src/host/login-mark.ts
import { randomBytes } from "node:crypto";

// src/host/nonsense.ts
function hostNonsense(what, host) {
  return new Problem(`the host's answer makes no sense: ${what}`, {
    code: "HOST_NONSENSE",
    host,
    hint: "Nothing more was done on this host. Log in to it by hand: do its login shell, sudo or sshd print text without an end, or are sh, awk or base64 other programs there? If you cannot explain it, do not trust the host."
  });
}

// src/host/quote.ts
function quote(word) {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
function call(name2, ...args) {
  return [name2, ...args.map(quote)].join(" ");
}
function callWith(content, name2, ...args) {
  return `${call(name2, ...args)} <<'EOF'
${Buffer.from(content).toString("base64")}
EOF`;
}

// src/host/login-mark.ts
var mostWords = 256 * 1024;
var begin = String.raw`printf "\n%s%s\n" "$0" "$1"; printf "\n%s%s\n" "$0" "$1" >&2; shift; exec "$@"`;
var LoginMark = class {
  /** The mark in two words, as a command line has it. */
  halves = [randomBytes(8).toString("hex"), randomBytes(8).toString("hex")];
  #line = Buffer.from(`
${this.halves.join("")}
`);
  #before = new Bytes(mostWords, (what) => hostNonsense(`its login prints ${what}`));
  #passed = false;
  /** The command line that prints the mark first. */
  before(command) {
    return `${call("sh", "-c", begin, ...this.halves)} ${command}`;
  }
  /** Whether the mark has arrived: the host runs the command. */
  get passed() {
    return this.#passed;
  }
  /** What the host has said before the mark. */
  get words() {
    return this.#before.text();
  }
  /**
   * What a chunk of stdout has of the command's output.
   * @throws Problem HOST_NONSENSE when the login prints without an end
   */
  take(chunk) {
    if (this.#passed) return chunk;
    const from = Math.max(0, this.#before.length - this.#line.length);
    this.#before.add(chunk);
    const at = this.#before.view.indexOf(this.#line, from);
    if (at < 0) return Buffer.alloc(0);
    this.#passed = true;
    const rest = Buffer.from(this.#before.view.subarray(at + this.#line.length));
    this.#before.keepFirst(at);
    return rest;
  }
  /** stderr without what the host has said on it before the mark. */
  after(stderr) {
    const line = this.#line.toString();
    const at = stderr.indexOf(line);
    return at < 0 ? stderr : stderr.slice(at + line.length);
  }
};

// src/host/open-in-time.ts
async function openInTime(milliseconds, opening, late = new Error(`no answer within ${milliseconds} ms`)) {
  const over = Promise.withResolvers();
  const timer = setTimeout(() => {
    opening.then(end, () => void 0);
    over.reject(late);
  }, milliseconds);
  try {
    return await Promise.race([opening, over.promise]);
  } finally {
    clearTimeout(timer);
  }
}
function end(channel) {
  channel.on("error", () => void 0);
  channel.destroy();
}

// src/host/bash-forward.ts
var script = 'exec 3<>"/dev/tcp/$0/$1" 4<&0 || exit; printf "\\n%s%s\\n" "$2" "$3"; cat <&3 & cat <&4 >&3 & wait -n; kill %1 %2 2>/dev/null';
async function forwardByBash(start, { address, port }, answerTimeout) {
  const mark = new LoginMark();
  const channel = await start(call("env", "LC_ALL=C", "bash", "-c", script, address, String(port), ...mark.halves));
  const stream = new Duplex({
    read: () => void channel.resume(),
    write: (chunk, _, done) => void channel.write(chunk, () => done()),
    final: (done) => void channel.end(() => done()),
    destroy: (error, done) => {
      channel.destroy();
      done(error);
    }
  });
  stream.on("error", () => void 0);
  let stderr = "";
  channel.stderr.on("data", (chunk) => {
    stderr = `${stderr}${chunk.toString()}`.slice(-1e3);
  });
  const opening = new Promise((resolve, reject) => {
    const take = (chunk) => {
      const rest = mark.take(chunk);
      if (rest.length > 0 && !stream.push(rest)) channel.pause();
      if (mark.passed) resolve(stream);
    };
    channel.on("data", (chunk) => {
      try {
        take(chunk);
      } catch (error) {
        stream.destroy(error);
        reject(error);
      }
    });
    channel.once("error", (error) => void stream.destroy(error));
    channel.once("close", () => {
      stream.push(null);
      reject(new Error(stderr.trim().split("\n").at(-1) || "the host runs no bash"));
    });
  });
  try {
    return await openInTime(answerTimeout, opening);
  } catch (error) {
    stream.destroy();
    throw error;
  }
}

// src/host/private-key.ts
import { createPrivateKey, randomBytes as randomBytes2 } from "node:crypto";
function normalPrivateKey(text) {
  const clean = `${text.replaceAll("\r", "").trim()}
`;
  const kind = /^-----BEGIN ([A-Z0-9 ]*)-----$/m.exec(clean)?.[1];
  if (kind === void 0 || !kind.endsWith("PRIVATE KEY")) throw invalid(notAKey(clean));
  if (kind === "ENCRYPTED PRIVATE KEY" || /^Proc-Type: 4,ENCRYPTED/m.test(clean)) throw invalid(protectedKey);
  if (kind === "OPENSSH PRIVATE KEY") return clean;
  try {
    return convert(createPrivateKey(clean));
  } catch (cause) {
    throw cause instanceof Problem ? cause : invalid("its content is damaged");
  }
}
var protectedKey = "it is protected by a passphrase; use a separate key without one";
function notAKey(text) {
  if (/^(ssh-|ecdsa-|sk-)/.test(text)) return "it is a public key; the private one is needed";
  if (text.startsWith("PuTTY")) return "it is in PuTTY format; export it as an OpenSSH key";
  if (text.trim() === "") return "it is empty";
  return 'it has no separate line "-----BEGIN \u2026 PRIVATE KEY-----"; keep the line breaks when you paste it';
}
function invalid(why) {
  return new Problem(`the SSH private key cannot be read: ${why}`, {
    code: "SSH_KEY_INVALID",
    hint: 'Create one with: ssh-keygen -t ed25519 -N "" -f key, and store the complete file "key" as the secret.'
  });
}
function convert(key) {
  switch (key.asymmetricKeyType) {
    case "rsa":
      return key.export({ type: "pkcs1", format: "pem" }).toString();
    case "ec":
      return key.export({ type: "sec1", format: "pem" }).toString();
    case "ed25519":
      return openSshEd25519(key);
    default:
      throw invalid(`SSH does not support keys of the type ${key.asymmetricKeyType}`);
  }
}
function openSshEd25519(key) {
  const { d = "", x = "" } = key.export({ format: "jwk" });
  const publicPart = Buffer.from(x, "base64url");
  const type = field("ssh-ed25519");
  const check = randomBytes2(4);
  const privatePart = Buffer.concat([Buffer.from(d, "base64url"), publicPart]);
  const inner = Buffer.concat([check, check, type, field(publicPart), field(privatePart), field("")]);
  const padding = Buffer.from([1, 2, 3, 4, 5, 6, 7].slice(0, (8 - inner.length % 8) % 8));
  const outer = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    ...[field("none"), field("none"), field(""), Buffer.from([0, 0, 0, 1])],
    field(Buffer.concat([type, field(publicPart)])),
    field(Buffer.concat([inner, padding]))
  ]);
  const lines = outer.toString("base64").match(/.{1,70}/g) ?? [];
  return ["-----BEGIN OPENSSH PRIVATE KEY-----", ...lines, "-----END OPENSSH PRIVATE KEY-----", ""].join("\n");
}
function field(value) {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

// src/host/connection-problems.ts
var temporary = /booting up|going down|MaxStartups|not allowed at this time/i;
function isTemporary(error) {
  if (!(error instanceof Problem)) return false;
  const detail = error.fields.detail?.join("\n") ?? "";
  return error.code === "HOST_UNREACHABLE" || error.code === "LOGIN_REFUSED" && (!detail || temporary.test(detail));
}
function classify(to, cause, heard) {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  const level = "level" in error ? error.level : void 0;
  if (error instanceof Problem) return error;
  if (error.message.includes("privateKey")) return invalid(error.message.replace(/^.*privateKey:? */, ""));
  if (level === "client-authentication" || /too many authentication/i.test(error.message))
    return authFailed(to, error, heard);
  if (level === "agent") return invalid(`the SSH agent failed: ${error.message}`);
  const missing = /no matching (?:[CS]->[CS] )?(.+)/.exec(error.message)?.[1];
  if (level === "handshake" && missing !== void 0) return noAlgorithm(to, missing, error);
  return heard.isGreeted ? turnedAway(to, heard, error) : unreachable(to, error, heard.text);
}
function authFailed(to, cause, { text, wants }) {
  const second = `The host accepts the key and also asks for ${wants.join(" or ")} (AuthenticationMethods), which a job cannot give: exempt ${to.user} from it in sshd_config.`;
  const first = `Add the public key to ~${to.user}/.ssh/authorized_keys on the host, or set the right user. A certificate of the key (-cert.pub) is not used: the host must accept the key itself.`;
  return new Problem(`${to.address} does not accept the key for the user ${to.user}`, {
    code: "SSH_AUTH_FAILED",
    hint: /too many authentication/i.test(cause.message) ? "The agent has more keys than the host lets try (MaxAuthTries): give the right one in ssh-key." : wants.length > 0 ? second : first,
    detail: redactLines(text),
    cause
  });
}
function unreachable(to, cause, text = "") {
  const said2 = redactLines(text);
  const words = said2.length === 0 ? reasonOf(cause) : `it says: ${said2.join(" ").slice(0, 200)}`;
  return new Problem(`cannot reach ${to.address}:${to.port} by SSH: ${words}`, {
    code: "HOST_UNREACHABLE",
    hint: temporary.test(text) ? "Its SSH server takes no more logins at the moment: see MaxStartups and PerSourcePenalties in its sshd_config." : "Check that the host is up, that the address is right, and that no firewall blocks the runner.",
    detail: said2,
    cause
  });
}
function reasonOf(cause) {
  const parts = cause instanceof AggregateError ? cause.errors : [cause];
  return parts.map(({ message }) => message).join("; ");
}
function turnedAway(to, { text }, cause) {
  const detail = redactLines(text);
  const words = detail.length === 0 ? "it gives no reason" : `it says: ${detail.join(" ").slice(0, 200)}`;
  return new Problem(`${to.address} ends the login of the user ${to.user}; ${words}`, {
    code: "LOGIN_REFUSED",
    hint: `On the host, journalctl -t sshd has the reason: an expired account (chage -l ${to.user}), a rule of pam_access or pam_listfile, /etc/nologin or /run/nologin, or a limit of logins.`,
    detail,
    cause
  });
}
function slowLogin(to, milliseconds) {
  return new Problem(
    `${to.address} has not let the user ${to.user} in within ${milliseconds / 1e3} s, though its SSH server answers`,
    {
      code: "LOGIN_TIMEOUT",
      hint: "Look for what its login waits for (UseDNS in sshd_config, sssd or LDAP, PAM), or set ssh.loginSeconds in cluster.yaml."
    }
  );
}
var offers = {
  cipher: "Ciphers: aes128-gcm@openssh.com, aes256-gcm@openssh.com, aes128-ctr, aes256-ctr, chacha20-poly1305@openssh.com",
  "key exchange algorithm": "KexAlgorithms: curve25519-sha256, ecdh-sha2-nistp256, ecdh-sha2-nistp384, ecdh-sha2-nistp521, diffie-hellman-group14-sha256, diffie-hellman-group16-sha512",
  MAC: "MACs: hmac-sha2-256-etm@openssh.com, hmac-sha2-512-etm@openssh.com, hmac-sha2-256, hmac-sha2-512",
  "host key format": "HostKeyAlgorithms: ssh-ed25519, ecdsa-sha2-nistp256, rsa-sha2-512, rsa-sha2-256"
};
function noAlgorithm(to, kind, cause) {
  const offer = offers[kind];
  return new Problem(`the SSH server of ${to.address} and the runner have no ${kind} in common`, {
    code: "SSH_ALGORITHMS",
    hint: offer ? `Allow one of these in sshd_config on the host, under ${offer}.` : void 0,
    cause
  });
}
function lost(cause) {
  return new Problem("the connection to the host was lost", {
    code: "CONNECTION_LOST",
    hint: "Run the job again: it continues where this one stopped.",
    cause
  });
}
function reasonIn({ message }) {
  return redact(message.replace(/^\(SSH\) /, ""));
}
function noSession({ user }, cause) {
  return new Problem(`the host lets the user ${user} in, and its SSH server starts no command: ${reasonIn(cause)}`, {
    code: "LOGIN_REFUSED",
    hint: `Check MaxSessions, ForceCommand and Match blocks in sshd_config on the host, as root: sshd -T -C user=${user}`,
    cause
  });
}
function noChannel(milliseconds) {
  return new Problem(`the host's SSH server has not started a command within ${milliseconds / 1e3} s`, {
    code: "HOST_SILENT",
    hint: "Check its load and its disks, then run the job again."
  });
}
function notForwarded(address, port, cause) {
  return new Problem(`the host cannot reach ${address}:${port}: ${reasonIn(cause)}`, {
    code: "FORWARD_FAILED",
    hint: "Check that a program listens there, and that the host's SSH server allows TCP forwarding (AllowTcpForwarding) or that the host has bash.",
    cause
  });
}
var tried = /connection refused|timed out|no route to host|is unreachable|no answer within/i;
function notByBash(address, port, cause) {
  if (cause instanceof Problem) return cause;
  if (tried.test(cause.message)) return notForwarded(address, port, cause);
  return new Problem(`the host's SSH server forwards no connection, and its bash cannot connect: ${reasonIn(cause)}`, {
    code: "FORWARD_FORBIDDEN",
    hint: `In its sshd_config: AllowTcpForwarding yes (or local) and a PermitOpen that has ${address}:${port}; in authorized_keys no no-port-forwarding and no restrict before the key. Or install bash.`,
    cause
  });
}
function notThrough(jump, to, cause) {
  if (!isProhibited(cause)) return unreachable(to, cause);
  return new Problem(`the jump host ${jump.address} forwards no connection to ${to.address}:${to.port}`, {
    code: "FORWARD_FAILED",
    hint: `In its sshd_config: AllowTcpForwarding yes (or local) and PermitOpen for ${jump.user}; in its authorized_keys no no-port-forwarding and no restrict before the key.`,
    cause
  });
}
var administrativelyProhibited = 1;
var connectFailed = 2;
function isProhibited(cause) {
  return cause instanceof Error && "reason" in cause && cause.reason === administrativelyProhibited;
}
function isFull(cause) {
  return cause instanceof Error && "reason" in cause && (cause.reason === connectFailed || isProhibited(cause));
}

// src/host/known-hosts.ts
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
function parseKnownHosts(text) {
  return text.split(/\r?\n/).flatMap((line) => parseLine(line.trim()) ?? []);
}
function parseLine(line) {
  if (line === "" || line.startsWith("#")) return void 0;
  const words = line.split(/\s+/);
  const marker = words[0]?.startsWith("@") ? words.shift() : "";
  if (marker !== "" && marker !== "@revoked" && marker !== "@cert-authority") return void 0;
  const [names, type, encoded] = words;
  if (names === void 0 || type === void 0 || encoded === void 0) return void 0;
  const key = Buffer.from(encoded, "base64");
  if (keyType(key) !== type) return void 0;
  return { marker, patterns: names.split(","), type, key };
}
function keyType(key) {
  if (key.length < 4) return "";
  return key.subarray(4, 4 + key.readUInt32BE(0)).toString("latin1");
}
function fingerprint(key) {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}
function namesOf(address, port) {
  const bracketed = `[${address.toLowerCase()}]:${port}`;
  return port === 22 ? [address.toLowerCase(), bracketed] : [bracketed];
}
function matches(entry2, names) {
  const hit = (pattern) => names.some((name2) => matchesPattern(pattern, name2));
  if (entry2.patterns.some((pattern) => pattern.startsWith("!") && hit(pattern.slice(1)))) return false;
  return entry2.patterns.some((pattern) => !pattern.startsWith("!") && hit(pattern));
}
function matchesPattern(pattern, name2) {
  if (pattern.startsWith("|1|")) return matchesHash(pattern, name2);
  const source = pattern.toLowerCase().replaceAll(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*").replaceAll("?", ".");
  return new RegExp(`^${source}$`).test(name2);
}
function matchesHash(pattern, name2) {
  const [, , salt, hash] = pattern.split("|");
  if (salt === void 0 || hash === void 0) return false;
  const expected = Buffer.from(hash, "base64");
  const actual = createHmac("sha1", Buffer.from(salt, "base64")).update(name2).digest();
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}
function knownTypes(known, address, port) {
  const names = namesOf(address, port);
  return [...new Set(known.filter((e) => e.marker === "" && matches(e, names)).map((e) => e.type))];
}
function checkHostKey(known, address, port, key) {
  const entries = known.filter((entry2) => matches(entry2, namesOf(address, port)));
  const same = entries.filter((entry2) => entry2.key.equals(key));
  const shown = `${keyType(key)} ${fingerprint(key)}`;
  if (same.some((entry2) => entry2.marker === "@revoked")) throw revoked(shown);
  if (same.some((entry2) => entry2.marker === "")) return;
  const plain = entries.filter((entry2) => entry2.marker === "");
  if (plain.length > 0) throw changed(shown, plain);
  throw unknown(shown, knownHostsLine(address, port, key), entries.length > 0);
}
function knownHostsLine(address, port, key) {
  return `${port === 22 ? address : `[${address}]:${port}`} ${keyType(key)} ${key.toString("base64")}`;
}
function revoked(shown) {
  return new Problem(`the host\u2019s key is marked as revoked in known_hosts: ${shown}`, {
    code: "HOST_KEY_REVOKED",
    hint: "Generate new host keys (ssh-keygen -A after you have removed the old ones) and list them; nothing was sent to the host."
  });
}
function changed(shown, entries) {
  const expected = entries.map((entry2) => `${entry2.type} ${fingerprint(entry2.key)}`).join(", ");
  return new Problem(`the host shows the key ${shown}, known_hosts has ${expected}`, {
    code: "HOST_KEY_CHANGED",
    hint: "Either the host was reinstalled (then compare the fingerprints on its console and replace its lines in known_hosts), or another machine answers at its address."
  });
}
function unknown(shown, line, onlyAuthorities) {
  const authorities = onlyAuthorities ? " Lines with @cert-authority are not supported." : "";
  return new Problem(`known_hosts has no key for this host, which shows ${shown}`, {
    code: "HOST_KEY_UNKNOWN",
    hint: `Compare the fingerprint on the host's console (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub and so on), then add: ${line}${authorities}`
  });
}

// src/host/ssh-login.ts
import { connect as connectTcp } from "node:net";
var mostText = 4e3;
function dial(to, { timeout }) {
  return new Promise((resolve, reject) => {
    const attempt = Math.max(250, Math.floor(timeout / 4));
    const socket = connectTcp({
      host: to.address,
      port: to.port,
      noDelay: true,
      autoSelectFamilyAttemptTimeout: attempt
    });
    const timer = setTimeout(() => fail(new Error(`no answer within ${timeout} ms`)), timeout);
    const fail = (cause) => {
      clearTimeout(timer);
      socket.destroy();
      reject(unreachable(to, cause));
    };
    socket.once("error", fail);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.off("error", fail);
      socket.setNoDelay(true);
      resolve(socket);
    });
  });
}
async function logIn(to, sock, identity) {
  const { NodeSSH } = await import("./node-ssh.js");
  const ssh = new NodeSSH();
  const heard = { text: "", isGreeted: false, wants: [] };
  let refusal;
  const hostVerifier = (key) => {
    try {
      checkHostKey(identity.known, to.address, to.port, key);
      return true;
    } catch (error) {
      if (error instanceof Problem) refusal = error;
      return false;
    }
  };
  const late = Promise.withResolvers();
  let timer = setTimeout(() => late.reject(new Error(`no answer within ${identity.timeout} ms`)), identity.timeout);
  const keyOnce = authHandler(identity, (wants) => {
    heard.wants = wants;
  });
  const connecting = ssh.connect({
    ...sshConfig(to, identity),
    sock,
    hostVerifier,
    authHandler: keyOnce
  });
  const client = clientOf(ssh);
  const hear = (text) => {
    heard.text = `${heard.text}${text}`.slice(0, mostText);
  };
  const beforeVersion = (chunk) => {
    const [text = "", version] = chunk.toString().split(/^SSH-/m, 2);
    hear(text);
    if (version !== void 0) sock.off("data", beforeVersion);
  };
  sock.on("data", beforeVersion);
  client.on("banner", hear);
  client.once("handshake", () => {
    heard.isGreeted = true;
    clearTimeout(timer);
    const { loginTimeout } = identity;
    timer = setTimeout(() => late.reject(slowLogin(to, loginTimeout)), loginTimeout);
  });
  try {
    await Promise.race([connecting, late.promise]);
  } catch (cause) {
    connecting.catch(() => void 0);
    sock.destroy();
    throw refusal ?? classify(to, cause, heard);
  } finally {
    clearTimeout(timer);
    sock.off("data", beforeVersion);
  }
  client.on("error", () => {
  });
  const close = (abruptly = false) => {
    if (abruptly) sock.destroy();
    ssh.dispose();
    if (!abruptly) setTimeout(() => sock.destroy(), 1e3).unref();
  };
  return { ssh, close };
}
function clientOf(ssh) {
  if (ssh.connection === null) throw lost();
  return ssh.connection;
}
function authHandler({ privateKey }, onMore) {
  let isTried = false;
  return (methods, isPartial, next) => {
    if (isPartial) onMore(methods ?? []);
    next(isTried ? false : privateKey === void 0 ? "agent" : "publickey");
    isTried = true;
  };
}
function sshConfig(to, identity) {
  const { privateKey } = identity;
  return {
    username: to.user,
    ...privateKey === void 0 ? { agent: process.env.SSH_AUTH_SOCK ?? "" } : { privateKey },
    // logIn has the limits.
    readyTimeout: 0,
    keepaliveInterval: 5e3,
    keepaliveCountMax: 4,
    algorithms: {
      // The last one takes more of the runner's CPU time; some hardened servers have no other.
      cipher: [
        "aes128-gcm@openssh.com",
        "aes256-gcm@openssh.com",
        "aes128-ctr",
        "aes256-ctr",
        "chacha20-poly1305@openssh.com"
      ],
      serverHostKey: hostKeyOrder(knownTypes(identity.known, to.address, to.port)),
      // No compression: a compressed packet could grow to a thousand times its size.
      compress: ["none"]
    }
  };
}
var hostKeyAlgorithms = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256"
];
function hostKeyOrder(types) {
  const isKnown = (algorithm) => types.includes(algorithm.startsWith("rsa-") ? "ssh-rsa" : algorithm);
  return [...hostKeyAlgorithms.filter(isKnown), ...hostKeyAlgorithms.filter((name2) => !isKnown(name2))];
}

// src/host/sessions.ts
var Sessions = class {
  #to;
  #another;
  #answerTimeout;
  #seats;
  #isClosed = false;
  /**
   * @param another logs in again; it has a limit of its own, as long as the user's setting
   * @param answerTimeout limit for opening a session in a login, ms
   */
  constructor(to, first, another, answerTimeout) {
    this.#to = to;
    this.#another = another;
    this.#answerTimeout = answerTimeout;
    this.#seats = [{ login: first, open: 0, most: Number.POSITIVE_INFINITY, hasWorked: false }];
  }
  /** Starts a command. @throws Problem CONNECTION_LOST, HOST_SILENT, LOGIN_REFUSED, and those of a login */
  async start(command) {
    for (const seat2 of this.#seats) {
      const channel2 = await this.#startIn(seat2, command);
      if (channel2 !== void 0) return channel2;
    }
    const seat = { login: await this.#another(), open: 0, most: 1, hasWorked: false };
    if (this.#isClosed) seat.login.close(true);
    this.#seats.push(seat);
    const channel = await this.#startIn(seat, command);
    if (channel === void 0) throw noSession(this.#to, new Error("no session is allowed"));
    return channel;
  }
  close(abruptly) {
    this.#isClosed = true;
    for (const { login } of this.#seats) login.close(abruptly);
  }
  /** @returns nothing if the login has no room for one more */
  async #startIn(seat, command) {
    if (seat.open >= seat.most) return void 0;
    seat.open += 1;
    const leave = () => {
      seat.open -= 1;
    };
    try {
      const late = noChannel(this.#answerTimeout);
      const channel = await openInTime(this.#answerTimeout, execute(seat.login, command), late);
      seat.hasWorked = true;
      channel.once("close", leave);
      return channel;
    } catch (error) {
      leave();
      if (error instanceof Problem) throw error;
      if (!isFull(error)) throw clientIsOpen(seat.login) ? noSession(this.#to, error) : lost(error);
      if (seat.open === 0 && !seat.hasWorked) throw noSession(this.#to, error);
      seat.most = Math.max(1, seat.open);
      return void 0;
    }
  }
};
function clientIsOpen({ ssh }) {
  return ssh.connection !== null;
}
function execute({ ssh }, command) {
  return new Promise((resolve, reject) => {
    clientOf(ssh).exec(command, (error, channel) => error ? reject(error) : resolve(channel));
  });
}

// src/host/connection.ts
async function connect(host, access, log) {
  const identity = identityOf(host, access);
  return await pRetry(async () => connection(host, await loginTo(host, identity), identity), {
    retries: access.retries ?? 4,
    minTimeout: 500,
    factor: 2,
    randomize: true,
    shouldRetry: ({ error }) => isTemporary(error),
    onFailedAttempt: ({ error, retriesLeft }) => {
      if (retriesLeft > 0) log.debug(`${host.name}: ${error.message}, trying again`);
    }
  });
}
var usualLoginTimeout = 6e4;
function identityOf(host, access) {
  const { privateKey, knownHosts, connectTimeout = 1e4, answerTimeout = 3e4 } = access;
  if (privateKey === void 0 && !process.env.SSH_AUTH_SOCK) {
    throw invalid("none is given, and there is no SSH agent (SSH_AUTH_SOCK)");
  }
  const asked = host.loginSeconds === void 0 ? usualLoginTimeout : host.loginSeconds * 1e3;
  return {
    known: parseKnownHosts(knownHosts),
    privateKey: privateKey === void 0 ? void 0 : normalPrivateKey(privateKey),
    timeout: connectTimeout,
    loginTimeout: access.loginTimeout ?? asked,
    answerTimeout
  };
}
async function loginTo(host, identity) {
  if (host.jump === void 0) return await logIn(host, await dial(host, identity), identity);
  const jump = await jumpTo(host.jump, identity);
  try {
    const through = await openInTime(identity.timeout, forwardOut(clientOf(jump.ssh), host)).catch((cause) => {
      throw notThrough(host.jump, host, cause);
    });
    const login = await logIn(host, through, identity);
    clientOf(login.ssh).once("close", () => jump.close());
    const close = (abruptly) => {
      login.close(abruptly);
      if (abruptly) jump.close(true);
    };
    return { ...login, close };
  } catch (error) {
    jump.close();
    throw error;
  }
}
var mostLogins = 4;
var gates = /* @__PURE__ */ new Map();
async function jumpTo(jump, identity) {
  const name2 = `${jump.address}:${jump.port}`;
  const gate = gates.get(name2) ?? pLimit(mostLogins);
  gates.set(name2, gate);
  return await gate(async () => await logIn(jump, await dial(jump, identity), identity));
}
function forwardOut(client, to) {
  return new Promise((resolve, reject) => {
    client.forwardOut(
      "127.0.0.1",
      0,
      to.address,
      to.port,
      (error, channel) => error ? reject(error) : resolve(channel)
    );
  });
}
function connection(host, login, identity) {
  const { answerTimeout } = identity;
  const sessions = new Sessions(host, login, async () => await loginTo(host, identity), answerTimeout);
  const exec = async (command) => await sessions.start(command);
  const forward = async (address, port) => {
    const direct = openInTime(answerTimeout, forwardOut(clientOf(login.ssh), { address, port }));
    return await direct.catch(async (cause) => {
      if (!isProhibited(cause)) throw notForwarded(address, port, cause);
      return await forwardByBash(exec, { address, port }, answerTimeout).catch((reason) => {
        throw notByBash(address, port, reason);
      });
    });
  };
  return { exec, forward, close: (abruptly) => sessions.close(abruptly) };
}

// src/host/expand.ts
import { createHash as createHash2 } from "node:crypto";

// src/host/ledger.ts
function parseEntry(line) {
  const [kind = "", subject = "", ...extra] = line.split("	");
  return { kind, subject, extra: extra.join("	") };
}
function entry(kind, subject, extra = "") {
  return { kind, subject, extra };
}
function ledgerText(entries) {
  const lines = new Map(entries.map((e) => [keyOf(e), `${e.kind}	${e.subject}	${e.extra}
`]));
  return [...lines.values()].join("");
}
function keyOf(e) {
  return `${e.kind}	${e.subject}`;
}
function isPlain({ kind }) {
  return kind === "owner" || kind === "hostname" || kind === "swap" || kind === "hosts";
}
function sysctlPath(key) {
  const firstSlash = key.indexOf("/");
  const firstDot = key.indexOf(".");
  if (firstSlash >= 0 && (firstDot < 0 || firstSlash < firstDot)) return key;
  return key.replaceAll(/[./]/g, (c) => c === "." ? "/" : ".");
}
function systemEntries(scope, state) {
  return [
    ...state.owner === void 0 ? [] : [entry("owner", state.owner)],
    // One entry however the name changes: what counts is the name that was found.
    ...state.hostname === void 0 ? [] : [entry("hostname", "hostname")],
    ...state.swapOff ? [entry("swap", "swap")] : [],
    ...state.hostEntries.length > 0 ? [entry("hosts", scope)] : [],
    ...state.modules.map((m) => entry("module", m.name, m.check ?? "")),
    ...Object.keys(state.sysctls).map((key) => entry("sysctl", key, sysctlPath(key))),
    ...state.packages.map((p) => entry("package", p.command, p.instead?.join(" "))),
    ...state.users.map((u) => entry("user", u.name)),
    ...state.units.map((u) => entry("unit", u.name)),
    ...state.absent.map((path) => entry("absent", path))
  ];
}
function leavingEntries(leaves) {
  return leaves.map(({ kind, subject }) => entry(kind, subject, kind === "tuned" ? sysctlPath(subject) : ""));
}

// src/host/remote/program.ts
var base = `# shellcheck shell=dash disable=SC2034
# The base of the remote program: its directories, and its JSON answer lines.

# A unit's start also runs it, with systemd's environment; a session has its own environment (as-root.ts).
LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
unset CDPATH ENV
umask 077

# Tests without a host set these directories.
STATE=\${K8S_HA_TEST_ROOT:-}/var/lib/k8s-ha-action
UNITS=\${K8S_HA_TEST_ROOT:-}/etc/systemd/system
TAB=$(printf '\\t')
NL='
'

# json TEXT: sets JSON to the text as a JSON string. Forks only if characters need escaping.
json() {
  case $1 in
    *[!\\ -~]* | *[\\\\\\"]*)
      JSON=$(printf '%s\\n' "$1" | awk '
        NR > 1 { text = text "\\\\n" }
        { gsub(/[\\\\"]/, "\\\\\\\\&"); gsub(/\\t/, "\\\\t"); gsub(/[\\001-\\037\\177]/, ""); text = text $0 }
        END { print "\\"" text "\\"" }')
      ;;
    *) JSON="\\"$1\\"" ;;
  esac
}

# event KIND [NAME VALUE]\u2026: one line of JSON for the runner. Exits if the connection is closed.
event() {
  event_line="{\\"t\\":\\"$1\\""
  shift
  while [ $# -gt 1 ]; do
    json "$2"
    event_line="$event_line,\\"$1\\":$JSON"
    shift 2
  done
  printf '%s}\\n' "$event_line" 2>/dev/null || exit 1
}

log() { event log text "$1"; }

# A keep-alive: it restarts the runner's silence timer, and ends this program when the connection is gone.
tick() { event tick; }

# die CODE MESSAGE [NAME VALUE]\u2026: reports an error to the runner and ends the request.
die() {
  die_code=$1 die_message=$2
  shift 2
  event problem code "$die_code" message "$die_message" "$@"
  exit 1
}

# write_failed PATH: dies with the error in $TMP/error of the last command, which failed to write PATH.
write_failed() {
  write_error=$(cat "$TMP/error" 2>/dev/null)
  case $write_error in
    *'No space left'* | *'quota exceeded'*) die DISK_FULL "no space left to write $1" file "$1" ;;
    *'Read-only file system'*) die DISK_READ_ONLY "the file system of $1 is read-only" file "$1" ;;
    *) die WRITE_FAILED "cannot write $1" file "$1" detail "$write_error" ;;
  esac
}

# request_begin MARK: the first call of each request. The runner chooses a random mark: earlier output belongs to
# another request, and no data contains the mark, so data cannot be taken for a section's name.
request_begin() {
  MARK=$1
  event begin id "$1"
}

# section NAME: starts a section; it ends at the next one.
section() { printf '\\001%s %s\\n' "$MARK" "$1"; }

# as_lines: turns a stream of sections into events. A mark can be in the middle of a line, after a file without a last line end.
# The mark is not in the arguments, because every user of the host can read those.
as_lines() {
  MARK=$MARK awk '
    function plain(text) {
      gsub(/[\\\\"]/, "\\\\\\\\&", text)
      gsub(/\\t/, "\\\\t", text)
      gsub(/[\\001-\\037\\177]/, "", text)
      return text
    }
    BEGIN { mark = "\\001" ENVIRON["MARK"] " "; size = length(mark) }
    function tell(text) { print "{\\"t\\":\\"line\\",\\"s\\":\\"" name "\\",\\"v\\":\\"" plain(text) "\\"}" }
    { at = index($0, mark) }
    at == 0 { tell($0); next }
    at > 1 { tell(substr($0, 1, at - 1)) }
    { name = plain(substr($0, at + size)) }'
}
`;
var describe = `# shellcheck shell=dash
# The current state of files, and what a unit read when it started. Shared with the script that runs at each start of a unit.

# describe PATH\u2026: for each that exists, fields separated by tabs: path, raw mode in hex, owner, inode:size:mtime:ctime,
# sha256, and its origin: hashed, recorded (a download whose stat is unchanged) or '' (big and not recorded).
# With HASH_ALL=1 big files without a record are hashed too. Records have nanoseconds: a file may change in the second in which it was placed.
describe() {
  describe_stats=$(stat -L -c "%n\${TAB}%f\${TAB}%U:%G\${TAB}%i:%s:%.9Y:%.9Z" -- "$@" 2>/dev/null)
  [ -n "$describe_stats" ] || return 0
  describe_marked=$(printf '%s\\n' "$describe_stats" | awk -F '\\t' -v OFS='\\t' -v sums="$STATE/sums" -v all="\${HASH_ALL:-0}" '
    function whole(stat) { gsub(/\\.[0-9]+/, "", stat); return stat }
    BEGIN { while ((getline line < sums) > 0) { split(line, f, "\\t"); recorded[f[1] "\\t" f[2]] = f[3] } }
    {
      split($4, s, ":")
      if (length($2) != 4 || $2 !~ /^8/) how = ""
      else if (s[2] < 1048576) how = "hash"
      else if (($1 "\\t" $4) in recorded) how = recorded[$1 "\\t" $4]
      # By an earlier version, or with the stat of busybox.
      else if (($1 "\\t" whole($4)) in recorded) how = recorded[$1 "\\t" whole($4)]
      else how = all ? "hash" : ""
      print $0, how
    }')
  describe_hash=$(
    set -f
    IFS=$NL
    # shellcheck disable=SC2046
    set -- $(printf '%s\\n' "$describe_marked" | awk -F '\\t' '$5 == "hash" { print $1 }')
    [ $# -eq 0 ] || sha256sum -- "$@" 2>/dev/null
  )
  printf '%s\\n%s\\n' "$describe_hash" "$describe_marked" | awk -F '\\t' -v OFS='\\t' '
    NF == 1 { sum[substr($0, 67)] = substr($0, 1, 64); next }
    NF == 5 && $5 == "hash" { print $1, $2, $3, $4, sum[$1], "hashed"; next }
    NF == 5 { print $1, $2, $3, $4, $5, ($5 == "" ? "" : "recorded") }'
}

# describe_reads UNIT: the paths of the unit's file and of the files it reads, one per line, then their descriptions.
describe_reads() {
  describe_unit=$1
  set -- "$UNITS/$1"
  if [ -f "$STATE/reads/$describe_unit" ]; then
    while IFS= read -r describe_path; do set -- "$@" "$describe_path"; done <"$STATE/reads/$describe_unit"
  fi
  printf '%s\\n' "$@"
  describe "$@"
}

# identity(STAT) for awk: inode:size:mtime of a big file in whole seconds, as the record of a unit's start has it.
describe_identity='function identity(stat, s) { split(stat, s, ":"); sub(/\\..*/, "", s[3]); return s[1] ":" s[2] ":" s[3] }'

# fingerprint UNIT: path and value, one line each: the sha256, or the identity of a big file, or its type.
fingerprint() {
  describe_reads "$1" | awk -F '\\t' "$describe_identity"'
    NF == 1 { order[++n] = $1; next }
    $5 != "" { value[$1] = $5; next }
    { value[$1] = length($2) == 4 && $2 ~ /^8/ ? identity($4) : "other" }
    END { for (i = 1; i <= n; i++) print order[i] "\\t" ((order[i] in value) ? value[order[i]] : "absent") }'
}
`;
var lock = `# shellcheck shell=dash
# Locks that only our sessions can hold. flock needs only an open file: an ordinary user, or a pod that can read /run, could block
# every run permanently. Here a lock is a file in a directory that only root can write to. It is held while any process of the session
# that took it is running; so a package manager that outlives the connection still excludes other runs. No other process can extend that.
# The files of a lock are numbered: x.1, x.2 \u2026; the highest one counts. Its first line names the session: its id (setsid(2)) and the start
# time of its leader; an empty file is a released lock. To take the lock, a session creates the next number, which link(2) allows only
# one session to do. The last file stays after a release, so a number is never used twice.

# lock_session: sets LOCK_ID, the id of this session in lock files. Without a fork.
lock_session() {
  read -r lock_stat </proc/$$/stat
  # A program's name can contain spaces and brackets. Source: proc(5)
  lock_stat=\${lock_stat##*) }
  # shellcheck disable=SC2086
  set -- $lock_stat
  lock_leader=$4
  read -r lock_stat 2>/dev/null <"/proc/$lock_leader/stat" || lock_stat=''
  lock_stat=\${lock_stat##*) }
  # shellcheck disable=SC2086
  set -- $lock_stat
  LOCK_ID="$lock_leader \${20:-0}"
}

# lock_alive FILE: is a process of the session in the file running? Sets LOCK_HOLDER to its name.
lock_alive() {
  lock_leader='' lock_start='' LOCK_HOLDER=''
  { read -r lock_leader lock_start && read -r LOCK_HOLDER; } 2>/dev/null <"$1"
  [ -n "$lock_start" ] || return 1
  # A leader with that id and another start time is another session: an id is reused when all processes of the old session are gone.
  cat /proc/[0-9]*/stat 2>/dev/null | awk -v leader="$lock_leader" -v start="$lock_start" '
    { pid = $1; sub(/^.*\\) /, "") }
    $4 == leader && $1 !~ /[ZX]/ { alive = 1 }
    pid == leader && $20 != start && start != 0 { other = 1 }
    END { exit !(alive && !other) }'
}

# lock_newest DIRECTORY: sets LOCK_TOP to the highest number, 0 when there is none.
lock_newest() {
  LOCK_TOP=0
  for lock_file in "$1"/x.*; do
    lock_number=\${lock_file##*.}
    [ "$lock_number" = '*' ] || [ "$lock_number" -le "$LOCK_TOP" ] || LOCK_TOP=$lock_number
  done
}

# lock_try DIRECTORY: takes the lock, or fails at once while another session holds it. Sets LOCK_FILE.
lock_try() {
  lock_newest "$1"
  [ "$LOCK_TOP" -eq 0 ] || ! lock_alive "$1/x.$LOCK_TOP" || return 1
  LOCK_FILE=$1/x.$((LOCK_TOP + 1))
  # Created with its content, because an empty file is a free lock.
  printf '%s\\n%s\\n' "$LOCK_ID" "$RUN (pid $$ there)" >"$1/.new.$$"
  ln "$1/.new.$$" "$LOCK_FILE" 2>/dev/null || { rm -f "$1/.new.$$" && return 1; }
  rm -f "$1/.new.$$"
  # A session with an old view of the directory may have created a number that was used before.
  lock_newest "$1"
  [ "$1/x.$LOCK_TOP" = "$LOCK_FILE" ] || { rm -f "$LOCK_FILE" && return 1; }
  for lock_file in "$1"/x.*; do [ "$lock_file" = "$LOCK_FILE" ] || rm -f "$lock_file"; done
}

# lock_free FILE: releases it.
lock_free() { : >"$1"; }

# lock_shared DIRECTORY: takes a shared lock, while no session holds the exclusive one. Sets LOCK_FILE.
lock_shared() {
  LOCK_FILE=$1/s.$$
  printf '%s\\n%s\\n' "$LOCK_ID" 'a dry run' >"$LOCK_FILE"
  lock_newest "$1"
  [ "$LOCK_TOP" -eq 0 ] || ! lock_alive "$1/x.$LOCK_TOP" || { rm -f "$LOCK_FILE" && return 1; }
}

# lock_alone DIRECTORY: are all holders of the shared lock gone? Removes the files of dead ones.
lock_alone() {
  for lock_sharer in "$1"/s.*; do
    [ -e "$lock_sharer" ] || continue
    ! lock_alive "$lock_sharer" || return 1
    rm -f "$lock_sharer"
  done
}

# locked DIRECTORY COMMAND\u2026: runs a short function while no other session runs one for the same directory.
locked() {
  locked_directory=$1 locked_tries=100
  shift
  until lock_try "$locked_directory"; do
    locked_tries=$((locked_tries - 1))
    [ "$locked_tries" -gt 0 ] || die LOCK_FAILED "the lock $locked_directory is held by $LOCK_HOLDER"
    sleep 0.1
  done
  locked_file=$LOCK_FILE
  "$@"
  locked_status=$?
  lock_free "$locked_file"
  return "$locked_status"
}
`;
var session = `# shellcheck shell=dash
# The session: takes the host's lock, then executes requests one after the other until the connection ends.

# The runtime files of sessions, in memory: a reboot deletes them. Only root can read them.
RUNTIME=\${K8S_HA_TEST_ROOT:-}/run/k8s-ha-action
HOST_LOCK=$RUNTIME/lock
RESTART_LEFT='a restart that an earlier run started'

# runtime_make: creates the directories of all sessions; the umask closes them to other users.
runtime_make() {
  [ -d "$HOST_LOCK" ] && [ -d "$RUNTIME/claim-lock" ] && return
  mkdir -p "$HOST_LOCK" "$RUNTIME/claim-lock" || die WRITE_FAILED "cannot make $RUNTIME"
}

# try_lock MODE: x: exclusive; s: shared with other read-only sessions.
try_lock() {
  if [ "$1" = s ]; then
    lock_shared "$HOST_LOCK"
    return
  fi
  # Already held while the sharing sessions end.
  [ -n "$LOCK_HELD" ] || { lock_try "$HOST_LOCK" && LOCK_HELD=$LOCK_FILE; } || return 1
  lock_alone "$HOST_LOCK"
}

# take_lock MODE SECONDS
take_lock() {
  LOCK_HELD=''
  try_lock "$1" && LOCK_HELD=$LOCK_FILE && return
  event waiting holder "\${LOCK_HOLDER:-another run}"
  lock_tries=$(($2 * 2)) lock_patience=600
  while [ "$lock_tries" -gt 0 ]; do
    sleep 0.5
    try_lock "$1" && LOCK_HELD=$LOCK_FILE && return
    # Work that a dead run has started ends by itself, within its own limits.
    if [ "$lock_patience" -gt 0 ] && [ "$LOCK_HOLDER" = "$RESTART_LEFT" ]; then lock_patience=$((lock_patience - 1)); else lock_tries=$((lock_tries - 1)); fi
    tick
  done
  lock_holder=$LOCK_HOLDER
  give_lock
  die HOST_LOCKED "another run holds this host's lock: \${lock_holder:-another run}"
}

# give_lock: a shared lock's file is deleted; an exclusive lock's file is emptied.
give_lock() {
  case \${LOCK_HELD:-} in
    '') ;;
    */s.*) rm -f "$LOCK_HELD" ;;
    *) lock_free "$LOCK_HELD" ;;
  esac
  LOCK_HELD=''
}

# remove_left: removes the files of killed runs. Under the lock no other session changes the host, but some may
# read from it: their files stay while they run.
remove_left() {
  rm -rf "$RUNTIME"/tmp.??????
  for left_place in "$RUNTIME"/ask.*; do
    left_pid=\${left_place##*/ask.}
    kill -0 "\${left_pid%%.*}" 2>/dev/null || rm -rf "$left_place"
  done
}

# A restart that continues under the cluster's lock needs its files and the host's lock: it removes both at its end, or
# the next session does.
session_end() {
  claim_end "$CLAIM_HOW"
  # Written before the question, so that a restart that ends in between finds it.
  printf '%s\\n' "\${LOCK_HELD:-}" >"$TMP/ended"
  if [ -e "$TMP/rolling" ]; then
    printf '%s\\n%s\\n' "$LOCK_ID" "$RESTART_LEFT" >"$TMP/left" && mv -f "$TMP/left" "$LOCK_HELD"
  else
    give_lock
    rm -rf "$TMP"
  fi
}

# need_commands: commands that every distribution has, but minimal container images may lack.
need_commands() {
  need_missing=
  for need_word in awk base64 cat chmod cut date df grep head ln mktemp sed sha256sum sort stat tail timeout tr xargs; do
    command -v "$need_word" >/dev/null || need_missing="$need_missing $need_word"
  done
  [ -z "$need_missing" ] || die HOST_UNFIT "these commands are missing:$need_missing"
}

# session MODE SECONDS RUN [HOW SECONDS [COMMIT TIME]]: MODE is x (exclusive), s (shared, for dry runs) or n (no lock, for read-only sessions); RUN is the name of this run; the rest is for the claim, see claim_begin: COMMIT is what this run applies, TIME when it began.
session() {
  need_commands
  MODE=$1 LOCK_SECONDS=$2 RUN=$3 CLAIM_HOW=\${4:-} COMMIT=\${6:-} TIME=\${7:-}
  runtime_make
  lock_session
  trap 'give_lock' EXIT
  [ "$MODE" = n ] || take_lock "$MODE" "$LOCK_SECONDS"
  claim_begin "$CLAIM_HOW" "\${5:-0}"
  [ "$MODE" != x ] || remove_left
  session_place=tmp
  [ "$MODE" != n ] || session_place=ask.$$
  TMP=$(mktemp -d "$RUNTIME/$session_place.XXXXXX") || die WRITE_FAILED "cannot make a directory in $RUNTIME"
  trap 'session_end' EXIT
  trap 'exit 1' HUP INT TERM PIPE
  TMPDIR=$TMP HOME=$TMP
  export TMPDIR HOME
  cd /
  event ready
  while IFS= read -r request_size; do
    head -c "$request_size" >"$TMP/request" || exit 1
    # shellcheck disable=SC1091
    (. "$TMP/request") </dev/null
    event end status "$?"
  done
}
`;
var claim = `# shellcheck shell=dash
# The claim: which run has reserved this host, also between its jobs, when the lock is free. A file in memory, which a reboot
# deletes. First line: the time until which no other run may take the host, in seconds since boot, and, if the newest run has one, its commit
# and when it began; then the runs that had it, newest first.

CLAIM=$RUNTIME/claim

# claim_read: sets CLAIM_UNTIL, CLAIM_COMMIT, CLAIM_TIME and CLAIM_RUN, and NOW.
claim_read() {
  CLAIM_UNTIL=0 CLAIM_COMMIT='' CLAIM_TIME='' CLAIM_RUN=''
  [ ! -s "$CLAIM" ] || { read -r CLAIM_UNTIL CLAIM_COMMIT CLAIM_TIME && read -r CLAIM_RUN; } <"$CLAIM"
  now
}

# claim_write SECONDS: after claim_read, and under a lock. Without a fork, because every job waits for it.
claim_write() {
  claim_text="$((NOW + $1))\${COMMIT:+ $COMMIT $TIME}$NL$RUN$NL" claim_line=0
  [ ! -e "$CLAIM" ] || while read -r claim_name; do
    claim_line=$((claim_line + 1))
    [ "$claim_line" -eq 1 ] || [ "$claim_line" -gt 50 ] || [ "$claim_name" = "$RUN" ] || claim_text=$claim_text$claim_name$NL
  done <"$CLAIM"
  printf '%s' "$claim_text" >"$CLAIM"
}

claim_ours() { [ "$CLAIM_RUN" = "$RUN" ]; }

# Is it reserved for another run?
claim_kept() { [ -n "$CLAIM_RUN" ] && ! claim_ours && [ "$CLAIM_UNTIL" -gt "$NOW" ]; }

# Did this run have it before another run took it?
claim_lost() { ! claim_ours && [ -e "$CLAIM" ] && grep -Fqx -e "$RUN" "$CLAIM"; }

# Is this run older than the one that changed the host last, with another commit, and so perhaps with an older file? It had the host before that one, or
# it has a smaller number: GitHub counts runs, and one that is started again keeps its number and its commit.
claim_older() {
  [ -n "$COMMIT" ] && [ -n "$CLAIM_COMMIT" ] && [ "$COMMIT" != "$CLAIM_COMMIT" ] || return 1
  claim_lost || { [ "\${RUN% run *}" = "\${CLAIM_RUN% run *}" ] && claim_before "\${RUN##* run }" "\${CLAIM_RUN##* run }"; }
}

# claim_before NUMBER NUMBER: false for what is no number.
claim_before() {
  case $1$2 in *[!0-9]*) return 1 ;; esac
  [ "$1" -lt "$2" ]
}

claim_refuse_older() {
  ! claim_older || die RUN_OVERTAKEN "another run has changed this cluster since: $CLAIM_RUN, with commit $CLAIM_COMMIT, at $CLAIM_TIME"
}

# claim_wait SECONDS: waits until no other run has reserved the host. That run's jobs need the lock meanwhile.
claim_wait() {
  now
  claim_deadline=$((NOW + $1)) claim_told=''
  while claim_read && claim_kept; do
    [ -n "$claim_told" ] || event waiting holder "$CLAIM_RUN"
    claim_told=1
    give_lock
    [ "$NOW" -lt "$claim_deadline" ] || die RIVAL_RUN "another run has reserved this cluster: $CLAIM_RUN; unless it continues, the reservation ends in $((CLAIM_UNTIL - NOW)) s"
    sleep 1
    tick
    [ "$MODE" = n ] || take_lock "$MODE" "$LOCK_SECONDS"
  done
}

# claim_take: the first job takes the claim when it has every host's lock; later jobs have it already.
claim_take() { [ "$CLAIM_HOW" != first ] || claim_put 0; }

# claim_put SECONDS: reserves the host for this run for SECONDS.
claim_put() { locked "$RUNTIME/claim-lock" claim_set "$1" || die WRITE_FAILED "cannot write $CLAIM"; }

claim_set() {
  claim_read
  claim_write "$1"
}

# claim_renew SECONDS: the same, unless another run has taken it; read-only sessions do this without the host's lock.
claim_renew() { locked "$RUNTIME/claim-lock" claim_prolong "$1"; }

claim_prolong() {
  claim_read
  claim_kept || claim_lost || claim_write "$1"
}

# claim_begin HOW SECONDS: the first job of a run waits for its turn. Later jobs proceed if the first job of the same run holds the claim;
# so does a single-job run.
claim_begin() {
  CLAIM_KEEP=0
  case $1 in
    first)
      claim_wait "$2"
      claim_refuse_older
      ;;
    later | last)
      CLAIM_KEEP=$2
      claim_read
      claim_refuse_older
      ! claim_lost || die RUN_OVERTAKEN "another run has changed this cluster since: $CLAIM_RUN"
      claim_wait "$LOCK_SECONDS"
      claim_renew "$2"
      ;;
  esac
}

# claim_end HOW: at the end of a session, for any reason. Restarts the time of the claim, or releases the host.
claim_end() {
  case $1 in
    later) claim_renew "$CLAIM_KEEP" ;;
    last) claim_renew 0 ;;
  esac
}
`;
var inspect = `# shellcheck shell=dash
# The first exchange: facts, and the state of the items in the host's ledgers. Raw lines in sections; the runner parses
# them, so that this side stays small and fast. Read-only.

# The runner compares this with its own clock, so it is sent before anything slow.
inspect_clock() { event clock now "$(date +%s.%N)"; }

# dpkg(1) has files in updates while it runs, and leaves them when it was interrupted; then it refuses every change until it has been
# repaired. After a run of ours that was killed, the next one does that.
DPKG=\${K8S_HA_TEST_ROOT:-}/var/lib/dpkg
dpkg_runs() { facts_lock=$(stat -c %i "$DPKG/lock" 2>/dev/null) && grep -q ":$facts_lock " /proc/locks; }

inspect_facts() {
  section facts
  printf 'machine %s\\n' "$(uname -m)"
  [ -e /sys/fs/cgroup/cgroup.controllers ] && printf 'cgroup 2\\n'
  for facts_word in apt-get dnf zypper; do
    command -v "$facts_word" >/dev/null && printf 'package-manager %s\\n' "$facts_word" && break
  done
  for facts_word in "$DPKG"/updates/[0-9]*; do
    [ -e "$facts_word" ] && ! dpkg_runs && [ ! -e "$INSTALLING" ] && printf 'dpkg interrupted\\n' && break
  done
  # The library's file name has systemd's version, so systemctl need not run.
  for facts_word in /usr/lib/systemd/libsystemd-shared-*.so /usr/lib/*/systemd/libsystemd-shared-*.so; do
    [ -e "$facts_word" ] && printf 'systemd %s\\n' "\${facts_word##*/libsystemd-shared-}"
  done
  section file
  set --
  for facts_word in /etc/os-release /etc/machine-id /proc/sys/kernel/hostname /etc/hostname /proc/sys/kernel/osrelease \\
    /proc/meminfo /proc/swaps /sys/devices/system/cpu/online /sys/fs/selinux/enforce /etc/ufw/ufw.conf \\
    /proc/sys/kernel/modules_disabled /proc/sys/net/ipv4/ip_local_port_range /proc/sys/net/ipv4/ip_local_reserved_ports; do
    [ -r "$facts_word" ] && set -- "$@" "$facts_word"
  done
  awk 'FNR == 1 { print "=" FILENAME } { print "-" $0 }' "$@"
  section address
  if command -v ip >/dev/null; then ip -o addr show; else awk '
    /\\|--/ { address = $2 } /32 host LOCAL/ { print "0: ? inet " address "/32" }' /proc/net/fib_trie | sort -u; fi
  section foreign
  for facts_word in /etc/kubernetes/manifests/*.yaml /var/lib/rancher /etc/rancher /var/lib/k0s /etc/k0s /var/snap/microk8s \\
    /var/lib/minikube /etc/kubernetes/kubelet.conf /etc/kubernetes/admin.conf /opt/rke /etc/rke2; do
    [ -e "$facts_word" ] && printf '%s\\n' "$facts_word"
  done
  for facts_word in kubelet kube-proxy kube-apiserver kube-controller-manager kube-scheduler etcd k3s k3s-agent rke2-server \\
    rke2-agent k0scontroller k0sworker; do
    for facts_unit in "$UNITS/$facts_word.service" "/usr/lib/systemd/system/$facts_word.service" \\
      "/lib/systemd/system/$facts_word.service"; do
      [ -e "$facts_unit" ] && printf '%s\\n' "$facts_unit" && break
    done
  done
}

# Listening TCP sockets and UDP sockets without a peer, with the unit of the process that owns them: /proc only, one pass.
inspect_listening() {
  section listening
  # shellcheck disable=SC2012
  ls -l /proc/[0-9]*/fd 2>/dev/null | awk '
    function unit_of(pid,   line, found, n, part, i) {
      if (pid in units) return units[pid]
      while ((getline line < ("/proc/" pid "/cgroup")) > 0) {
        if (line !~ /^0::|name=systemd/) continue
        n = split(line, part, "/")
        for (i = n; i > 1 && found == ""; i--) if (part[i] ~ /\\.(service|scope)$/) found = part[i]
      }
      close("/proc/" pid "/cgroup")
      return units[pid] = found
    }
    BEGIN {
      m = split("tcp tcp6 udp udp6", table, " ")
      for (i = 1; i <= m; i++) {
        while ((getline line < ("/proc/net/" table[i])) > 0) {
          split(line, f, " ")
          if (f[4] != (i < 3 ? "0A" : "07")) continue
          # Those of the kernel itself, such as of VXLAN, have no inode.
          inode = f[10] == "0" ? "kernel" ++kernels : f[10]
          if (!(inode in address)) { address[inode] = (i < 3 ? "" : "udp ") f[2]; order[++n] = inode }
        }
      }
    }
    /^\\/proc\\// { split($1, p, "/"); pid = p[3]; next }
    / -> socket:\\[/ {
      inode = $NF; gsub(/[^0-9]/, "", inode)
      if ((inode in address) && !(inode in owner)) owner[inode] = unit_of(pid)
    }
    END { for (i = 1; i <= n; i++) print address[order[i]], owner[order[i]] }'
}

# inspect_disks PATH\u2026: free kB and file system of each; for a path that does not exist, of its nearest existing parent.
inspect_disks() {
  section disk
  disk_count=$#
  while [ "$disk_count" -gt 0 ]; do
    disk_there=$1
    while [ ! -e "$disk_there" ]; do
      disk_there=\${disk_there%/*}
      disk_there=\${disk_there:-/}
    done
    set -- "$@" "$disk_there" "$1"
    shift
    disk_count=$((disk_count - 1))
  done
  disk_asked='' disk_paths=''
  while [ $# -gt 1 ]; do
    disk_asked="$disk_asked$1$NL" disk_paths="$disk_paths$2$NL"
    shift 2
  done
  (
    set -f
    IFS=$NL
    # shellcheck disable=SC2086
    { stat -L -c '%d' -- $disk_asked; stat -f -c '%a %S' -- $disk_asked; printf '%s' "$disk_paths"; } 2>/dev/null
  ) | awk '
    NF == 1 && !/^\\// { device[++devices] = $1; next }
    !/^\\// { free[++sizes] = int($1 * $2 / 1024); next }
    { path[++paths] = $0 }
    END { if (devices == paths && sizes == paths) for (i = 1; i <= paths; i++) printf "%.0f %s %s\\n", free[i], device[i], path[i] }'
}

# inspect_read PATTERN\u2026: sizes and names, then all contents as one base64 text.
inspect_read() {
  set -- "$@"
  read_patterns=$(printf '%s\\n' "$@")
  set --
  read_ifs=$IFS
  IFS=$NL
  for read_path in $read_patterns; do [ -f "$read_path" ] && set -- "$@" "$read_path"; done
  IFS=$read_ifs
  [ $# -gt 0 ] || return 0
  section read
  stat -L -c "%s$TAB%n" -- "$@"
  section content
  cat -- "$@" | base64
}

# certificates_only: filters stdin: the certificates up to the first private key.
certificates_only() {
  sed -n -e '/PRIVATE KEY/q' -e '/^-----BEGIN CERTIFICATE-----/,/^-----END CERTIFICATE-----/p'
}

one_line() { base64 | tr -d '\\n'; }

# inspect_certificates PATH\u2026: the certificates of each file, in base64; a key in the same file stays here.
inspect_certificates() {
  section certificates
  for read_path in "$@"; do
    [ -f "$read_path" ] || continue
    printf '%s\\t' "$read_path"
    certificates_only <"$read_path" | one_line
    echo
  done
}

# inspect_withheld PATH\u2026: facts about files with secrets, without their text. For each file: its hash; the hash of its text
# without a kubeconfig's key and without line ends at the end; the hash of the public key, "?" if this host can't compute it,
# "!" if there is no readable key; whether the key is "alone" or "among" other text; and the certificate in a kubeconfig, in base64.
# A master has a dozen of these files, and each process takes a millisecond: so the shell does what it can.
inspect_withheld() {
  section withheld
  for read_path in "$@"; do
    [ -f "$read_path" ] || continue
    withheld_hash=$(sha256sum <"$read_path") withheld_certificate=''
    # Without line ends at the end.
    withheld_text=$(cat -- "$read_path")
    withheld_rest=$withheld_text withheld_key=$withheld_text
    case $withheld_text in *client-key-data:* | *client-certificate-data:*) withheld_kubeconfig "$read_path" ;; esac
    withheld_rest=$(printf %s "$withheld_rest" | sha256sum)
    withheld_half
    withheld_place=$(printf '%s\\n' "$withheld_key" | withheld_alone)
    printf '%s\\t%s\\t%s\\t%s\\t%s\\t%s\\n' "$read_path" "\${withheld_hash%% *}" "\${withheld_rest%% *}" "$withheld_public" "$withheld_place" \\
      "$withheld_certificate"
  done
}

# withheld_kubeconfig PATH: the key, the rest of the text and the certificate of a kubeconfig.
withheld_kubeconfig() {
  withheld_rest=$(sed 's/^\\( *client-key-data: \\).*/\\1/' "$1")
  withheld_certificate=$(sed -n 's/^ *client-certificate-data: *//p' "$1" | base64 -d 2>/dev/null | certificates_only | one_line)
  ! grep -q '^ *client-key-data: ' "$1" || withheld_key=$(sed -n 's/^ *client-key-data: *//p' "$1" | base64 -d 2>/dev/null)
}

# withheld_half: sets withheld_public from the text, to the hash of the public key of the key in it.
withheld_half() {
  withheld_public='?'
  case $withheld_text in *EncryptionConfiguration*) case $withheld_text in *secret*) return ;; esac ;; esac
  if ! command -v openssl >/dev/null; then
    [ -n "$withheld_text" ] || withheld_public='!'
    return
  fi
  withheld_public=$(printf '%s\\n' "$withheld_key" | openssl pkey -passin pass: -pubout -outform DER 2>/dev/null | sha256sum)
  withheld_public=\${withheld_public%% *}
  # That of an empty text: openssl has written none.
  [ "$withheld_public" != e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 ] || withheld_public='!'
}

# withheld_alone <TEXT: "alone" if the text is exactly one private key in PEM, otherwise "among".
withheld_alone() {
  awk '
    { sub(/\\r$/, "") }
    /^[ \\t]*$/ { if (state == 1) state = 3; next }
    state == 0 && /^-----BEGIN [A-Z ]*PRIVATE KEY-----$/ { state = 1; last = "-----END" substr($0, 11); next }
    state == 1 && $0 == last { state = 2; next }
    state == 1 && /^[A-Za-z0-9+\\/]+=?=?$/ { next }
    { state = 3 }
    END { print state == 2 ? "alone" : "among" }'
}

# inspect_ask NUMBER COMMAND
inspect_ask() {
  section "ask $1"
  timeout 30 sh -c "$2" </dev/null 2>/dev/null
  ask_status=$?
  # Ends a last line without line end, so that the next section's mark is on its own line.
  printf '\\n'
  section status
  printf '%s %s\\n' "$1" "$ask_status"
}
`;
var beside = `# shellcheck shell=dash
# What others have configured on the host that decides beside us: what is applied at boot after our settings, what is merged into our
# units, which name servers pods would get, what another cluster left, what the firewall drops. Lines of fields with tabs between; the
# first one is the kind. Read-only, and by one awk for all files.

BESIDE=\${K8S_HA_TEST_ROOT:-}
BESIDE_FILES='' BESIDE_KEYS='' BESIDE_PATHS='' BESIDE_REAL=''

# beside_begin: starts the questions to the kernel's tables, which take long in a large cluster, in the background.
beside_begin() {
  : >"$TMP/firewall"
  beside_firewall >"$TMP/firewall" 2>/dev/null &
  beside_pid=$!
}

# beside_end: all that was asked for.
beside_end() {
  section beside
  beside_read
  wait "$beside_pid"
  section firewall
  [ ! -s "$TMP/firewall" ] || cat "$TMP/firewall"
}

# beside_file KIND PATH [UNIT]
beside_file() {
  [ -f "$2" ] && [ -r "$2" ] || return 0
  BESIDE_FILES="\${BESIDE_FILES}kind=$1\${NL}unit=\${3:-}$NL$2$NL"
}

# beside_fragments KIND DIRECTORY: of files of one name only the first counts (sysctl.d(5), tmpfiles.d(5)).
beside_fragments() {
  beside_seen=' '
  for beside_word in "$BESIDE/etc/$2"/*.conf "$BESIDE/run/$2"/*.conf "$BESIDE/usr/local/lib/$2"/*.conf \\
    "$BESIDE/usr/lib/$2"/*.conf "$BESIDE/lib/$2"/*.conf; do
    case $beside_seen in *" \${beside_word##*/} "*) continue ;; esac
    beside_seen="$beside_seen\${beside_word##*/} "
    beside_file "$1" "$beside_word"
  done
}

# beside_places PATH\u2026: how the file systems of these are mounted, and what empties them at boot. On some systems /usr/local or /opt is a link.
beside_places() {
  beside_real=$(for beside_word in "$@"; do printf '%s\\n' "$BESIDE$beside_word"; done | tr '\\n' '\\000' | xargs -0 readlink -m --)
  for beside_word in "$@"; do
    BESIDE_PATHS="$BESIDE_PATHS$beside_word$NL"
    beside_line=\${beside_real%%"$NL"*}
    beside_real=\${beside_real#"$beside_line"}
    beside_real=\${beside_real#"$NL"}
    case $beside_line in "$BESIDE"/*) beside_line=\${beside_line#"$BESIDE"} ;; *) beside_line=$beside_word ;; esac
    BESIDE_REAL="$BESIDE_REAL$beside_line$NL"
  done
  beside_file mounts "$BESIDE/proc/self/mounts"
  beside_fragments tmpfiles tmpfiles.d
}

# beside_sysctls KEY\u2026: ufw has a file of its own.
beside_sysctls() {
  BESIDE_KEYS=$*
  beside_fragments sysctl sysctl.d
  beside_file sysctl "$BESIDE/etc/ufw/sysctl.conf"
  beside_ifs=$IFS
  for beside_key in "$@"; do
    IFS=.
    # shellcheck disable=SC2086
    set -- $beside_key
    IFS=/
    beside_word="$BESIDE/proc/sys/$*"
    IFS=$beside_ifs
    # Of a container, as a rule. A part of /proc/sys may be read-only.
    [ ! -f "$beside_word" ] || [ -w "$beside_word" ] || BESIDE_LOCKED="\${BESIDE_LOCKED:-}$beside_key$TAB$(tr '\\t' ' ' <"$beside_word")$NL"
  done
}

# beside_secure DIRECTORY\u2026: whether others could change what root runs there.
beside_secure() {
  beside_word=$(for beside_place in "$@"; do printf '%s\\n' "$BESIDE$beside_place"; done | tr '\\n' '\\000' | xargs -0 readlink -m --)
  beside_ifs=$IFS
  IFS=$NL
  set -f
  # shellcheck disable=SC2086
  BESIDE_OPEN=$(open_place $beside_word)
  set +f
  IFS=$beside_ifs
  BESIDE_OPEN=\${BESIDE_OPEN#"$BESIDE"}
}

# beside_units UNIT\u2026: drop-ins of services that are not ours: of the unit, of its kind by its first words (kube-.service.d), of all services.
beside_units() {
  for beside_place in etc/systemd/system.control run/systemd/system.control run/systemd/transient etc/systemd/system \\
    run/systemd/system usr/local/lib/systemd/system usr/lib/systemd/system; do
    [ -d "$BESIDE/$beside_place" ] || continue
    for beside_unit in "$@"; do
      beside_word=\${beside_unit%.service}
      beside_drop_ins "$beside_unit"
      while [ "$beside_word" != "\${beside_word%-*}" ]; do
        beside_word=\${beside_word%-*}
        beside_drop_ins "$beside_word-.service"
      done
    done
    beside_drop_ins service
  done
}

beside_drop_ins() {
  [ -d "$BESIDE/$beside_place/$1.d" ] || return 0
  for beside_conf in "$BESIDE/$beside_place/$1.d"/*.conf; do
    [ "\${beside_conf##*/}" = 10-k8s-ha-action.conf ] || beside_file dropin "$beside_conf" "$1"
    # Masked: a link to /dev/null.
    [ ! -c "$beside_conf" ] || BESIDE_MASKS="\${BESIDE_MASKS:-}\${beside_conf#"$BESIDE"}$TAB$1$NL"
  done
}

# beside_swap: what is started at boot beside swap.target, which we mask: swap units that hang elsewhere, and the programs of services.
beside_swap() {
  for beside_word in "$BESIDE"/etc/systemd/system/*.wants/* "$BESIDE"/etc/systemd/system/*.requires/* \\
    "$BESIDE"/run/systemd/generator/*.wants/* "$BESIDE"/run/systemd/generator.late/*.wants/*; do
    beside_unit=\${beside_word##*/}
    case $beside_word in */swap.target.*) continue ;; esac
    case $beside_unit in
      *.service | *.swap) ;;
      *.timer)
        # The service of its name, next to it or of a package.
        beside_masked "$beside_unit" && continue
        beside_unit=\${beside_unit%.timer}.service
        beside_word=$BESIDE/etc/systemd/system/$beside_unit
        [ -f "$beside_word" ] || beside_word=$BESIDE/usr/lib/systemd/system/$beside_unit
        [ -f "$beside_word" ] || beside_word=$BESIDE/lib/systemd/system/$beside_unit
        ;;
      *) continue ;;
    esac
    beside_masked "$beside_unit" && continue
    case $beside_unit in
      *.swap) BESIDE_SWAPS="\${BESIDE_SWAPS:-}$beside_unit$NL" ;;
      *) beside_file exec "$beside_word" "$beside_unit" ;;
    esac
  done
  beside_file azure "$BESIDE/etc/waagent.conf"
  for beside_word in "$BESIDE"/etc/udev/rules.d/*.rules; do beside_file udev "$beside_word"; done
  for beside_word in "$BESIDE/etc/crontab" "$BESIDE"/etc/cron.d/* "$BESIDE"/var/spool/cron/crontabs/root "$BESIDE"/var/spool/cron/root; do
    beside_file cron "$beside_word"
  done
}

# beside_services UNIT\u2026: those that are started at boot; and what fapolicyd, if it is one of them, lets run.
beside_services() {
  for beside_unit in "$@"; do
    beside_masked "$beside_unit" && continue
    for beside_word in "$BESIDE"/etc/systemd/system/*.wants/"$beside_unit" "$BESIDE"/usr/lib/systemd/system/*.wants/"$beside_unit"; do
      [ -e "$beside_word" ] || [ -L "$beside_word" ] || continue
      BESIDE_SERVICES="\${BESIDE_SERVICES:-}$beside_unit$NL"
      break
    done
  done
  for beside_word in "$BESIDE/etc/fapolicyd/fapolicyd.conf" "$BESIDE/etc/fapolicyd/fapolicyd.rules" "$BESIDE"/etc/fapolicyd/rules.d/*.rules; do
    beside_file allow "$beside_word"
  done
}

# A masked unit is a link to /dev/null.
beside_masked() { [ -e "$BESIDE/etc/systemd/system/$1" ] && [ ! -f "$BESIDE/etc/systemd/system/$1" ]; }

# beside_resolvers PATH\u2026: the name servers in each file that exists.
beside_resolvers() {
  for beside_word in "$@"; do
    [ -f "$BESIDE$beside_word" ] || continue
    BESIDE_RESOLVERS="\${BESIDE_RESOLVERS:-}$beside_word$NL"
    beside_file resolver "$BESIDE$beside_word"
  done
}

# beside_left PATTERN\u2026: what exists of these.
beside_left() {
  beside_ifs=$IFS
  IFS=$NL
  for beside_pattern in "$@"; do
    # shellcheck disable=SC2231
    for beside_word in $BESIDE$beside_pattern; do
      [ ! -e "$beside_word" ] || BESIDE_LEFT="\${BESIDE_LEFT:-}\${beside_word#"$BESIDE"}$NL"
    done
  done
  IFS=$beside_ifs
}

# beside_modules [NAME CHECK]\u2026: those that are not there and that modprobe cannot load or may not. A kernel whose lists are not in the
# host's own file system, as in a container, says nothing.
beside_modules() {
  beside_names=''
  while [ $# -gt 1 ]; do
    BESIDE_MODULES="\${BESIDE_MODULES:-}$1 "
    module_there "$1" "$2" || beside_names="$beside_names|$1"
    shift 2
  done
  for beside_word in "$BESIDE"/etc/modprobe.d/*.conf "$BESIDE"/run/modprobe.d/*.conf "$BESIDE"/usr/lib/modprobe.d/*.conf; do
    beside_file modprobe "$beside_word"
  done
  [ -n "$beside_names" ] && kernel_lists || return 0
  # Where no module can be loaded any more, only those count that are built in.
  beside_word=$KERNEL_LISTS/modules.dep
  [ "$(cat "$BESIDE/proc/sys/kernel/modules_disabled" 2>/dev/null)" != 1 ] || beside_word=/dev/null
  beside_known=$(grep -hoE "^[^:]*/(\${beside_names#|})\\.ko" "$KERNEL_LISTS/modules.builtin" "$beside_word")
  beside_ifs=$IFS
  IFS='|'
  for beside_word in \${beside_names#|}; do
    case "$beside_known$NL" in *"/$beside_word.ko$NL"*) ;; *) BESIDE_MISSING="\${BESIDE_MISSING:-}$beside_word$NL" ;; esac
  done
  IFS=$beside_ifs
}

# beside_kernel: what the kernel offers to the kubelet: controllers of cgroup v2, or those of v1 that are on; what SELinux lets haproxy do.
beside_kernel() {
  beside_file controllers "$BESIDE/sys/fs/cgroup/cgroup.controllers"
  [ -f "$BESIDE/sys/fs/cgroup/cgroup.controllers" ] || beside_file cgroups "$BESIDE/proc/cgroups"
  beside_file boolean "$BESIDE/sys/fs/selinux/booleans/haproxy_connect_any"
}

# beside_firewall: the chains that packets to this host and through it pass, of nftables and of the older iptables.
beside_firewall() {
  # Only if nftables is there: the question alone would load its module.
  if command -v nft >/dev/null && { [ -e /sys/module/nf_tables ] || ! kernel_lists || module_told nf_tables; }; then
    # iptables-nft may have rules that nft cannot print; it prints the others.
    # One command for each: with several, nft 1.0 finds only the chains of the last one.
    timeout 10 nft list chains | awk '
      $1 == "table" { table = $2 " " $3 }
      $1 == "chain" { chain = $2 }
      $1 == "type" && $4 ~ /^(input|forward)$/ { print table, chain }' | while read -r beside_family beside_table beside_chain; do
      timeout 10 nft list chain "$beside_family" "$beside_table" "$beside_chain" </dev/null
    done | grep -E '^table|chain|hook|drop|reject'
  fi
  [ -r /proc/net/ip_tables_names ] && command -v iptables-legacy >/dev/null || return 0
  while read -r beside_table; do
    [ "$beside_table" = filter ] || continue
    iptables-legacy -w 2 -S INPUT
    iptables-legacy -w 2 -S FORWARD
  done </proc/net/ip_tables_names
}
`;
var besideRead = '# shellcheck shell=dash\n# Reads the files that beside.sh has found, by one awk, and prints a line for each matter.\n\nbeside_print() {\n  beside_ifs=$IFS\n  IFS=$NL\n  for beside_word in $2; do printf \'%s\\t%s\\n\' "$1" "$beside_word"; done\n  IFS=$beside_ifs\n}\n\n# beside_read: reads all files, and those programs of services that are scripts.\nbeside_read() {\n  beside_print left "${BESIDE_LEFT:-}"\n  beside_print swap "${BESIDE_SWAPS:-}"\n  beside_print service "${BESIDE_SERVICES:-}"\n  beside_print locked "${BESIDE_LOCKED:-}"\n  beside_print open "${BESIDE_OPEN:-}"\n  beside_print resolver "${BESIDE_RESOLVERS:-}"\n  beside_print missing "${BESIDE_MISSING:-}"\n  beside_print dropin "${BESIDE_MASKS:-}"\n  beside_tries=3\n  until beside_awk >"$TMP/beside" 2>"$TMP/error"; do\n    beside_tries=$((beside_tries - 1))\n    [ "$beside_tries" -gt 0 ] || { printf \'unread\\t%s\\n\' "$(tail -n 1 "$TMP/error")"; break; }\n    beside_again\n  done\n  cat "$TMP/beside"\n}\n\n# beside_again: only what is still there. mawk ends at a file that vanished after it was found, and knows nothing of the others then.\nbeside_again() {\n  beside_ifs=$IFS\n  IFS=$NL\n  set -f\n  # shellcheck disable=SC2086\n  set -- $BESIDE_FILES\n  set +f\n  IFS=$beside_ifs\n  BESIDE_FILES=\'\'\n  while [ $# -gt 2 ]; do\n    beside_file "${1#kind=}" "$3" "${2#unit=}"\n    shift 3\n  done\n}\n\nbeside_awk() {\n  [ -n "$BESIDE_FILES" ] || return 0\n  (\n    set -f\n    IFS=$NL\n    export BESIDE_PATHS BESIDE_REAL\n    # shellcheck disable=SC2086\n    exec awk -v root="$BESIDE" -v keys="$BESIDE_KEYS" -v modules="${BESIDE_MODULES:-}" -v OFS=\'\\t\' "$BESIDE_AWK" $BESIDE_FILES\n  )\n}\n\n# shellcheck disable=SC2016\nBESIDE_AWK=\'\n  function trim(text) { gsub(/^[ \\t]+|[ \\t\\r]+$/, "", text); return text }\n  function split_line() { at = index($0, "="); name = trim(substr($0, 1, at - 1)); value = trim(substr($0, at + 1)) }\n  BEGIN {\n    n = split(keys, key, " "); for (i = 1; i <= n; i++) { gsub(/[.\\/]/, ".", key[i]); wanted[key[i]] = 1 }\n    n = split(modules, key, " "); for (i = 1; i <= n; i++) loads[key[i]] = 1\n    places = split(ENVIRON["BESIDE_PATHS"], place, "\\n") - 1\n    split(ENVIRON["BESIDE_REAL"], real, "\\n")\n    for (i = 1; i <= places; i++) if (real[i] == "") real[i] = place[i]\n  }\n  # Whether a pattern of sysctl.d(5) has one of the wanted keys.\n  function covers(pattern,   each) {\n    gsub(/\\./, "\\\\.", pattern); gsub(/\\*/, "[^.]*", pattern)\n    for (each in wanted) if (each ~ "^" pattern "$") return 1\n    return 0\n  }\n  function holds(outer, inner) { return outer == "/" || outer == inner || index(inner, outer "/") == 1 }\n  FNR == 1 { path = substr(FILENAME, length(root) + 1) }\n  /^[ \\t]*([#;]|$)/ { next }\n  kind == "resolver" { if ($1 == "nameserver") print kind, path, $2; next }\n  kind == "cron" { if (/^[ \\t]*@reboot.*swapon/) print "swap", path; next }\n  kind == "controllers" { for (i = 1; i <= NF; i++) print kind, $i; next }\n  kind == "cgroups" { if ($4 == 1) print "controllers", $1; next }\n  kind == "boolean" { print kind, $1; next }\n  kind == "udev" { if (/RUN[^,]*swapon/) print "swap", path; next }\n  kind == "allow" && /^[ \\t]*permissive[ \\t]*=[ \\t]*1/ { print kind, "/" }\n  kind == "allow" { if ($1 ~ /^allow/ && /perm=(any|execute)/) for (i = 2; i <= NF; i++) if ($i ~ /^dir=\\//) print kind, substr($i, 5); next }\n  kind == "modprobe" { if (($1 == "blacklist" || ($1 == "install" && $3 ~ /\\/(true|false)$/)) && ($2 in loads)) print kind, path, $2; next }\n  kind == "mounts" {\n    for (i = 1; i <= places; i++) if (holds($2, real[i]) && length($2) >= length(mount[i])) { mount[i] = $2; type[i] = $3; options[i] = "," $4 "," }\n    next\n  }\n  kind == "tmpfiles" {\n    # Removed at each boot, or emptied by age.\n    if ($1 !~ /^[rRD]/ && ($1 !~ /^[devqQ]/ || $6 == "" || $6 == "-")) next\n    for (i = 1; i <= places; i++) if (holds($2, place[i]) || holds(place[i], $2) || holds($2, real[i]) || holds(real[i], $2)) { print kind, path, $2; next }\n    next\n  }\n  kind == "azure" { if (/^[ \\t]*ResourceDisk\\.EnableSwap[ \\t]*=[ \\t]*y/) print "swap", path; next }\n  !index($0, "=") { next }\n  { split_line() }\n  kind == "sysctl" {\n    sub(/^-[ \\t]*/, "", name)\n    plain = name\n    gsub(/[.\\/]/, ".", plain)\n    if ((plain in wanted) || (index(plain, "*") && covers(plain))) print kind, path, name, value\n  }\n  kind == "dropin" && name ~ /^(UMask|ProcSubset|MountFlags|TemporaryFileSystem)$|^(Private|Protect)[A-Z]|Paths$/ { print kind, path, unit, name, value; next }\n  kind == "dropin" { print kind, path, unit, name }\n  kind == "exec" && name ~ /^ExecStart(Pre|Post)?$/ && value != "" {\n    # swapspace makes swap files by itself, and is no script.\n    if (value ~ /(^|[^a-z])(swapon|swapspace)([^a-z]|$)/) { swaps[unit] = 1; next }\n    n = split(value, word, /[ \\t;"\\047]+/)\n    sub(/^[-@:+!]+/, "", word[1])\n    if (word[1] !~ /\\//) for (i = split("/usr/sbin/ /usr/bin/ /usr/local/sbin/ /usr/local/bin/", bin, " "); i > 0; i--) runs(bin[i] word[1])\n    runs(word[1])\n    # Only a shell reads a script from its words. What is no file could block the look.\n    if (word[1] ~ /(^|\\/)([a-z]*sh|env)$/) for (i = 2; i <= n; i++) if (word[i] !~ /^\\/(dev|proc|run|sys)\\//) runs(word[i])\n  }\n  function runs(program) { if (program ~ /^\\//) scripts[program] = scripts[program] unit "\\n" }\n  function turns_swap_on(file,   line, on, first) {\n    first = (getline line < file) > 0 && line ~ /^#!/\n    while (first && !on && (getline line < file) > 0) on = line !~ /^[ \\t]*#/ && line ~ /(^|[^a-z_])swapon([^a-z]|$)/\n    close(file)\n    return on\n  }\n  END {\n    for (program in scripts) if (turns_swap_on(root program)) {\n      n = split(scripts[program], word, "\\n")\n      for (i = 1; i < n; i++) swaps[word[i]] = 1\n    }\n    for (unit in swaps) print "swap", unit\n    for (i = 1; i <= places; i++) {\n      if (options[i] ~ /,noexec,/) print "noexec", place[i], mount[i]\n      if (options[i] ~ /,ro,/) print "readonly", place[i], mount[i]\n      if (type[i] ~ /^(tmpfs|ramfs)$/) print "volatile", place[i], mount[i]\n      if (type[i] ~ /^(nfs4?|cifs|smb3|ceph|9p|fuse\\..*|glusterfs)$/) print "network", place[i], mount[i]\n    }\n  }\'\n';
var snapshot = `# shellcheck shell=dash
# A look at things by name: those that the host's own lists name (snapshot_ledger) and those that the runner asks for.

SNAPSHOT_UNITS='' SNAPSHOT_LINKS='' SNAPSHOT_SYSCTLS=''

snapshot_begin() { : >"$TMP/paths"; }
snapshot_paths() { printf '%s\\n' "$@" >>"$TMP/paths"; }
snapshot_links() { for snapshot_word in "$@"; do SNAPSHOT_LINKS="$SNAPSHOT_LINKS$snapshot_word$NL"; done; }
snapshot_units() { SNAPSHOT_UNITS="$SNAPSHOT_UNITS $*"; }

# snapshot_sysctl KEY PATH_UNDER_PROC_SYS
snapshot_sysctl() { SNAPSHOT_SYSCTLS="$SNAPSHOT_SYSCTLS$1$TAB$2$NL"; }

# command_there COMMAND [ANOTHER]\u2026: is one of them there? Each does the same.
command_there() {
  for there_word in "$@"; do command -v "$there_word" >/dev/null && return; done
  return 1
}

snapshot_command() { command_there "$@" && section command && printf '%s\\n' "$1"; :; }
snapshot_user() { id -u "$1" >/dev/null 2>&1 && section user && printf '%s\\n' "$1"; :; }

# kernel_lists: sets KERNEL_LISTS to the directory of the kernel's lists of modules. Fails if they are not in the host's own file system,
# as in a container.
kernel_lists() {
  IFS= read -r KERNEL_LISTS </proc/sys/kernel/osrelease
  KERNEL_LISTS=\${K8S_HA_TEST_ROOT:-}/lib/modules/$KERNEL_LISTS
  [ -f "$KERNEL_LISTS/modules.dep" ] && [ -f "$KERNEL_LISTS/modules.builtin" ]
}

# module_told NAME: a feature that shows no sign: built in by the kernel's lists, or without them tried by an earlier run.
module_told() {
  if kernel_lists; then grep -q "/$1\\.ko\\$" "$KERNEL_LISTS/modules.builtin"; else grep -q "^$1$TAB" "$STATE/modules" 2>/dev/null; fi
}

# module_there NAME [CHECK]
module_there() {
  case \${2:-} in
    '') [ -e "/sys/module/$1" ] ;;
    untellable) [ -e "/sys/module/$1" ] || module_told "$1" ;;
    filesystem:*) grep -qw "\${2#filesystem:}" /proc/filesystems ;;
    *) [ -e "$2" ] ;;
  esac
}

snapshot_module() { module_there "$1" "\${2:-}" && section module && printf '%s\\n' "$1"; :; }

# snapshot_ledger: the lists of all scopes, and a look at all that they name.
snapshot_ledger() {
  for snapshot_scope in "$STATE"/scopes/*; do
    [ -f "$snapshot_scope" ] || continue
    section scope
    printf '%s\\n' "\${snapshot_scope##*/}"
    section ledger
    cat "$snapshot_scope"
    while IFS=$TAB read -r snapshot_kind snapshot_subject snapshot_extra; do
      # shellcheck disable=SC2086
      case $snapshot_kind in
        file | directory | download | absent) printf '%s\\n' "$snapshot_subject" >&4 ;;
        link) SNAPSHOT_LINKS="$SNAPSHOT_LINKS$snapshot_subject$NL" ;;
        unit) SNAPSHOT_UNITS="$SNAPSHOT_UNITS $snapshot_subject" ;;
        sysctl) snapshot_sysctl "$snapshot_subject" "\${snapshot_extra%%"$TAB"*}" ;;
        module) snapshot_module "$snapshot_subject" "\${snapshot_extra%%"$TAB"*}" ;;
        package) snapshot_command "$snapshot_subject" $snapshot_extra ;;
        user) snapshot_user "$snapshot_subject" ;;
      esac
    done <"$snapshot_scope" 4>>"$TMP/paths"
  done
  if [ -f "$RUNTIME/reset" ]; then section reset && cat "$RUNTIME/reset"; fi
  for snapshot_word in sums modules; do
    [ -f "$STATE/$snapshot_word" ] && section "$snapshot_word" && cat "$STATE/$snapshot_word"
  done
  if [ -f "$STATE/pending" ]; then section pending && cat "$STATE/pending"; fi
  for snapshot_word in "$STATE"/staged/*; do
    if [ -d "$snapshot_word" ]; then section staged && printf '%s\\n' "\${snapshot_word##*/}"; fi
  done
}

# snapshot_end: what is cheaper asked once for all.
snapshot_end() {
  snapshot_unit_records
  section path
  (
    set -f
    IFS=$NL
    # shellcheck disable=SC2046
    set -- $(sort -u "$TMP/paths")
    [ $# -eq 0 ] || HASH_ALL=1 describe "$@"
  )
  section link
  (
    set -f
    IFS=$NL
    # shellcheck disable=SC2086
    set -- $SNAPSHOT_LINKS
    [ $# -eq 0 ] || stat -c '%N' -- "$@" 2>/dev/null
  )
  section sysctl
  # By awk: the kernel returns a number only in one piece, and read of dash requests single bytes.
  [ -z "$SNAPSHOT_SYSCTLS" ] || printf '%s' "$SNAPSHOT_SYSCTLS" | awk -F '\\t' '
    { file = "/proc/sys/" $2; if ((getline value < file) > 0) print $1 "\\t" value; close(file) }'
  section hostname
  IFS= read -r snapshot_word </proc/sys/kernel/hostname && printf '%s\\n' "$snapshot_word"
  section swap
  while IFS= read -r snapshot_word; do printf '%s\\n' "$snapshot_word"; done </proc/swaps
  section hosts
  cat "\${K8S_HA_TEST_ROOT:-}/etc/hosts" 2>/dev/null
  section unit
  # shellcheck disable=SC2086
  set -- systemd-resolved.service firewalld.service ufw.service $SNAPSHOT_UNITS
  systemctl show -p Id -p LoadState -p ActiveState -p SubState -p InvocationID -p NeedDaemonReload "$@" 2>/dev/null
}

# The records of units: what each read at its last start, and what it reads in general.
snapshot_unit_records() {
  # shellcheck disable=SC2086
  for snapshot_word in $SNAPSHOT_UNITS; do
    for snapshot_kind in started reads; do
      [ -f "$STATE/$snapshot_kind/$snapshot_word" ] || continue
      section "$snapshot_kind $snapshot_word"
      cat "$STATE/$snapshot_kind/$snapshot_word"
      [ "$snapshot_kind" = started ] || cat "$STATE/reads/$snapshot_word" >>"$TMP/paths"
    done
  done
}
`;
var found = `# shellcheck shell=dash
# What was on the host before something was placed there for the first time: $STATE/found, a line of kind, subject and value for each
# entry of the host's lists. A reset restores it. What was overwritten is in $STATE/kept.

FOUND=$STATE/found

# found_note FILE: records the entries of a ledger that this host's lists do not have yet. Before anything is changed.
found_note() {
  found_wanted=$1
  # Lists without a record are of an earlier version: what is in their places may already be ours.
  found_how=found_look
  set -- "$FOUND"
  for found_scope in "$STATE"/scopes/*; do [ ! -f "$found_scope" ] || set -- "$@" "$found_scope"; done
  if [ ! -f "$FOUND" ]; then
    [ $# -eq 1 ] || found_how=found_unknown
    : >"$FOUND" 2>"$TMP/error" || write_failed "$FOUND"
  fi
  : >"$TMP/again"
  # What was missing when one entry was recorded was missing for every other entry of that path: since then it is ours.
  awk -F '\\t' -v OFS='\\t' -v wanted="$found_wanted" -v own="$STATE/" -v again="$TMP/again" '
    { key = $1 FS $2 }
    FILENAME != wanted { known[key] = 1; if ($3 == "absent") missing[$2] = 1; next }
    (key in known) || index($2, own) == 1 { next }
    { known[key] = 1 }
    ($2 in missing) && $2 ~ /^\\// { print $1, $2, "absent" >again; next }
    { print $1, $2, $3 }' "$@" "$found_wanted" >"$TMP/new"
  [ -s "$TMP/new" ] || [ -s "$TMP/again" ] || return 0
  { "$found_how" <"$TMP/new" >"$TMP/noted" && cat "$FOUND" "$TMP/again" "$TMP/noted" >"$STATE/.found" && sync_paths "$STATE/.found" &&
    mv -f "$STATE/.found" "$FOUND"; } 2>"$TMP/error" || write_failed "$FOUND"
}

found_unknown() { awk -F '\\t' -v OFS='\\t' '{ print $1, $2, "unknown" }'; }

# found_look: stdin: entries; prints a line for each. Without a fork for what does not exist.
found_look() {
  found_units='' found_parents=''
  while IFS=$TAB read -r found_kind found_subject found_extra; do
    found_value=
    # shellcheck disable=SC2086
    case $found_kind in
      file | link | download | directory | tree) found_path ;;
      sysctl | tuned) found_setting "/proc/sys/$found_extra" ;;
      module) if [ -e "/sys/module/$found_subject" ]; then found_value=loaded; else found_value=absent; fi ;;
      package) if command_there "$found_subject" $found_extra; then found_value=present; else found_value=absent; fi ;;
      interface) if [ -e "/sys/class/net/$found_subject" ]; then found_value=present; else found_value=absent; fi ;;
      table) if found_table "$found_subject"; then found_value=present; else found_value=absent; fi ;;
      chain) [ -n "\${found_tables:-}" ] || found_base_tables ;;
      hostname) found_hostname ;;
      swap) found_swaps ;;
      unit) found_units="$found_units $found_subject" ;;
    esac
    [ -z "$found_value" ] || printf '%s\\t%s\\t%s\\n' "$found_kind" "$found_subject" "$found_value"
  done
  # shellcheck disable=SC2086
  [ -z "$found_units" ] || show_units $found_units | awk -v OFS='\\t' '{ print "unit", $1, $2 }'
}

# found_path: sets found_value for found_subject; also prints missing parents, and what is in a directory that will be emptied.
found_path() {
  if [ -d "$found_subject" ] && [ "$found_kind" != link ]; then
    # A link to a directory serves as one.
    found_value="directory $(stat -L -c '%a %U:%G' "$found_subject")"
    [ "$found_kind" != tree ] || found_inside
  elif [ -L "$found_subject" ]; then
    found_value="link $(found_keep "$found_subject") $(readlink "$found_subject")"
  elif [ -e "$found_subject" ]; then
    found_value="file $(found_keep "$found_subject") $(stat -c '%a %U:%G' "$found_subject")"
  else
    found_value=absent
    found_parent=\${found_subject%/*}
    while [ -n "$found_parent" ] && [ ! -d "$found_parent" ]; do
      case $found_parents in *"$NL$found_parent$NL"*) break ;; esac
      found_parents="$found_parents$NL$found_parent$NL"
      printf 'parent\\t%s\\tabsent\\n' "$found_parent"
      found_parent=\${found_parent%/*}
    done
  fi
}

# What is in a directory that a reset empties, and what is mounted below it.
found_inside() {
  awk -v OFS='\\t' -v root="$found_subject/" 'index($5, root) == 1 { print "mounted", $5, "present" }' /proc/self/mountinfo
  for found_name in "$found_subject"/* "$found_subject"/.[!.]*; do
    [ -e "$found_name" ] || [ -L "$found_name" ] || continue
    printf 'inside\\t%s\\tpresent\\n' "$found_name"
  done
}

# found_keep PATH: keeps what will be overwritten; prints its number. A big file gets a second name: it is replaced, not written to. A copy
# is on the disk before its original goes.
found_keep() {
  make_directories "$STATE/kept"
  found_number=1
  while [ -e "$STATE/kept/$found_number" ] || [ -L "$STATE/kept/$found_number" ]; do found_number=$((found_number + 1)); done
  if [ "$(stat -c %s "$1")" -le 1048576 ] || ! ln -P "$1" "$STATE/kept/$found_number" 2>/dev/null; then
    cp -pP "$1" "$STATE/kept/$found_number" 2>"$TMP/error" || write_failed "$1"
    [ -L "$1" ] || sync_paths "$STATE/kept/$found_number"
  fi
  printf '%s' "$found_number"
}

# found_setting FILE: the value of a kernel setting, on one line.
found_setting() {
  found_value=absent
  [ ! -r "$1" ] || found_value=$(tr '\\t' ' ' <"$1" 2>/dev/null)
}

found_table() {
  # shellcheck disable=SC2086
  command -v nft >/dev/null && nft list table $1 >/dev/null 2>&1
}

# iptables makes these tables when a rule needs them.
found_base_tables() {
  found_tables=1
  for found_base in 'ip filter' 'ip nat' 'ip mangle' 'ip raw' 'ip6 filter' 'ip6 nat' 'ip6 mangle' 'ip6 raw'; do
    ! found_table "$found_base" || printf 'base\\t%s\\tpresent\\n' "$found_base"
  done
}

found_hostname() {
  IFS= read -r found_value </proc/sys/kernel/hostname
  found_kept=$found_value found_kind=file found_subject=/etc/hostname
  found_path
  printf 'file\\t/etc/hostname\\t%s\\n' "$found_value"
  found_kind=hostname found_subject=hostname found_value=$found_kept
}

# The devices and files that are swapped to, with their priority.
found_swaps() {
  while read -r found_device _ _ _ found_priority; do
    [ "$found_device" = Filename ] || printf 'device\\t%s\\t%s\\n' "$found_device" "$found_priority"
  done </proc/swaps
  found_value=seen
}
`;
var files = `# shellcheck shell=dash
# Changes of files. A new file is written to a temporary file in the same directory, synced with all others of the request, and renamed.

# apply_begin SCOPE: stdin: the scope's old and new ledger entries, so a kill at any moment leaves no unlisted file.
apply_begin() {
  SCOPE=$1 RELOAD='' WORKERS=''
  trap 'kill $WORKERS 2>/dev/null' EXIT
  trap 'exit 1' HUP INT TERM PIPE
  make_directories "$STATE" "$STATE/scopes" "$STATE/started" "$STATE/reads"
  remove_pending
  base64 -d >"$TMP/ledger" 2>"$TMP/error" || write_failed "$STATE/scopes/$SCOPE"
  found_note "$TMP/ledger"
  ledger_write "$TMP/ledger"
  : >"$TMP/renames"
  : >"$TMP/records"
  # An earlier request of the session may have fetched the same.
  : >"$TMP/queue"
  rm -rf "$TMP"/taken.*
}

# ledger_write [FILE]: it becomes the scope's ledger; without it stdin, in base64.
ledger_write() {
  { { if [ $# -gt 0 ]; then cat "$1"; else base64 -d; fi; } >"$STATE/scopes/.$SCOPE" && sync_paths "$STATE/scopes/.$SCOPE" &&
    mv -f "$STATE/scopes/.$SCOPE" "$STATE/scopes/$SCOPE"; } 2>"$TMP/error" || write_failed "$STATE/scopes/$SCOPE"
}

# apply_end: removes the list of temporary files.
apply_end() {
  rm -rf "$STATE/pending" "$STATE/downloads" "$STATE/staged/$SCOPE"
  rmdir "$STATE/staged" 2>/dev/null
  # shellcheck disable=SC2086
  former_forget \${UNIT_NAMES:-}
}

# ledger_drop: removes an empty scope; the last one also removes the state directory.
ledger_drop() {
  rm -f "$STATE/scopes/$SCOPE"
  rmdir "$STATE/scopes" 2>/dev/null && rm -rf "$STATE"
  :
}

# pending: stdin, in base64: the temporary names that the request may leave if it is killed.
pending() { base64 -d >"$STATE/pending" 2>"$TMP/error" || write_failed "$STATE/pending"; }

remove_pending() {
  [ -f "$STATE/pending" ] || return 0
  while IFS= read -r pending_path; do rm -f "$pending_path"; done <"$STATE/pending"
  rm -f "$STATE/pending"
}

# An old sync does not accept file arguments; then everything is synced.
sync_paths() { sync -d -- "$@" 2>/dev/null || sync; }

# sync_directories: stdin: paths. What was renamed to them stays so after a power cut.
sync_directories() { sed 's|/[^/]*$||; s|^$|/|' | sort -u | tr '\\n' '\\000' | xargs -0 sync -- 2>/dev/null || sync; }

make_directories() { mkdir -p -- "$@" 2>"$TMP/error" || write_failed "$1"; }

# temp_path PATH: sets TEMP_PATH to a temporary name in the same directory, and creates the directory.
temp_path() {
  temp_path_dir=\${1%/*}
  [ -d "\${temp_path_dir:=/}" ] || {
    umask 022
    make_directories "$temp_path_dir"
    umask 077
  }
  [ ! -d "$1" ] || die WRONG_TYPE "$1 is a directory, but must be a file" file "$1"
  TEMP_PATH=$temp_path_dir/.k8s-ha-action.\${1##*/}
  # Removes the file of an interrupted run or an attacker's one: a link would lead elsewhere, and an old file keeps its mode.
  rm -f "$TEMP_PATH"
}

# open_place DIRECTORY\u2026: prints which of them or of their parents does not belong to root, or can be written by others: root runs the files
# there. The group staff counts as root: it owns /usr/local on upgraded Debian systems (Debian Policy 9.1.2).
open_place() {
  readlink -m -- "$@" | awk '
    { path = ""; n = split($0, step, "/"); for (i = 2; i <= n; i++) if (step[i] != "") { path = path "/" step[i]; if (!seen[path]++) print path } }' |
    tr '\\n' '\\000' | xargs -0 stat -c "%U$TAB%G$TAB%a$TAB%n" 2>/dev/null | awk -F '\\t' -v root="\${K8S_HA_TEST_ROOT:-}" '
    root != "" && (index($4, root) != 1 || $4 == root) { next }
    { others = $3 % 10; group = int($3 / 10) % 10 }
    $1 != "root" { print $4 " belongs to " $1; exit }
    others % 4 > 1 || (group % 4 > 1 && $2 != "root" && $2 != "staff") { print $4 " can be written by other users (mode " $3 ")"; exit }'
}

# secure_places DIRECTORY\u2026: dies if one of them is open.
secure_places() {
  places_open=$(open_place "$@")
  [ -z "$places_open" ] || die PLACE_INSECURE "$places_open" file "\${places_open%% *}"
}

# chmod_chown PATH MODE OWNER: for a temporary file, which is created with 600 root:root.
chmod_chown() {
  { [ "$2" = 600 ] || chmod "$2" "$1"; } 2>"$TMP/error" || write_failed "$1"
  { [ "$3" = root:root ] || chown "$3" "$1"; } 2>"$TMP/error" || write_failed "$1"
}

# put_file PATH MODE OWNER: stdin: the content in base64.
put_file() {
  temp_path "$1"
  # O_EXCL: does not follow a link that was created meanwhile.
  set -C
  base64 -d 2>|"$TMP/error" >"$TEMP_PATH" || write_failed "$1"
  set +C
  chmod_chown "$TEMP_PATH" "$2" "$3"
  printf '%s\\t%s\\n' "$TEMP_PATH" "$1" >>"$TMP/renames"
}

put_directory() {
  [ -d "$1" ] || { [ ! -e "$1" ] && [ ! -L "$1" ]; } || die WRONG_TYPE "$1 is not a directory, but must be one" file "$1"
  umask 022
  make_directories "$1"
  umask 077
  { chmod "$2" "$1" && chown "$3" "$1"; } 2>"$TMP/error" || write_failed "$1"
}

# put_link PATH TARGET
put_link() {
  temp_path "$1"
  { ln -sf "$2" "$TEMP_PATH" && mv -f "$TEMP_PATH" "$1"; } 2>"$TMP/error" || write_failed "$1"
}

# commit_files: one sync for all written files, then all renames, which are on the disk before anything that reads the files is started.
commit_files() {
  [ -s "$TMP/renames" ] || return 0
  set --
  while IFS=$TAB read -r commit_from commit_to; do set -- "$@" "$commit_from"; done <"$TMP/renames"
  sync_paths "$@"
  while IFS=$TAB read -r commit_from commit_to; do
    mv -f "$commit_from" "$commit_to" 2>"$TMP/error" || write_failed "$commit_to"
  done <"$TMP/renames"
  cut -f 2 "$TMP/renames" | sync_directories
  if [ -e /sys/fs/selinux/enforce ] && command -v restorecon >/dev/null; then
    cut -f 2 "$TMP/renames" | tr '\\n' '\\000' | xargs -0 restorecon 2>/dev/null
  fi
  : >"$TMP/renames"
}

# set_owner PATH MODE OWNER: the content is already correct.
set_owner() { { chown "$3" "$1" && chmod "$2" "$1"; } 2>"$TMP/error" || write_failed "$1"; }

# put_hosts_block: stdin: the lines of the scope's block in /etc/hosts in base64; if empty, removes the block.
put_hosts_block() {
  hosts_file=\${K8S_HA_TEST_ROOT:-}/etc/hosts
  base64 -d >"$TMP/block"
  {
    awk -v begin="# BEGIN k8s-ha-action $SCOPE" -v end="# END k8s-ha-action $SCOPE" '
      $0 == begin { inside = 1 } !inside { print } $0 == end { inside = 0 }' "$hosts_file"
    [ ! -s "$TMP/block" ] || {
      printf '# BEGIN k8s-ha-action %s\\n' "$SCOPE"
      cat "$TMP/block"
      printf '# END k8s-ha-action %s\\n' "$SCOPE"
    }
  } >"$TMP/hosts" 2>/dev/null
  temp_path "$hosts_file"
  # A bind-mounted hosts file cannot be replaced, only written.
  { cp "$TMP/hosts" "$TEMP_PATH" && chmod 644 "$TEMP_PATH" && sync_paths "$TEMP_PATH" && { mv -f "$TEMP_PATH" "$hosts_file" 2>/dev/null ||
    { rm -f "$TEMP_PATH" && cat "$TMP/hosts" >"$hosts_file" && sync_paths "$hosts_file"; }; }; } 2>"$TMP/error" || write_failed "$hosts_file"
}

# remove_path PATH: a file, link or empty directory of ours; a directory with other files stays.
remove_path() {
  if [ -d "$1" ] && [ ! -L "$1" ]; then
    rmdir "$1" 2>/dev/null || log "kept $1: it is not empty"
  else
    rm -f "$1" 2>"$TMP/error" || write_failed "$1"
  fi
}

remove_tree() { rm -rf "$1" 2>"$TMP/error" || write_failed "$1"; }
`;
var system = `# shellcheck shell=dash
# Changes of the system itself: name, swap, kernel, packages, users.

set_hostname() {
  hostnamectl set-hostname "$1" 2>/dev/null || { printf '%s\\n' "$1" >/etc/hostname && hostname "$1"; } 2>"$TMP/error" ||
    write_failed /etc/hostname
  sync_paths /etc/hostname
}

# All swap units depend on swap.target: masked (by our link), they stay off, and fstab stays unchanged.
swap_off() {
  RELOAD=1
  swapoff -a 2>"$TMP/error" || die SWAP_STAYS 'swapoff failed' detail "$(cat "$TMP/error")"
}

# load_module NAME CHECK: does nothing if the feature is built in; a loadable module is also loaded at boot.
# With check \`untellable\`, a host without the kernel's lists cannot say whether the feature is built in: a failure of modprobe is ignored
# there, and the attempt recorded.
load_module() {
  module_there "$1" "$2" || modprobe "$1" 2>"$TMP/error" || module_there "$1" "$2" || { [ "$2" = untellable ] && ! kernel_lists; } ||
    die MODULE_MISSING "the kernel feature $1 is missing and modprobe cannot load it" detail "$(cat "$TMP/error")"
  if modprobe -n -q "$1" 2>/dev/null; then module_boots=yes; else module_boots=no; fi
  { grep -v "^$1$TAB" "$STATE/modules" 2>/dev/null
    printf '%s\\t%s\\n' "$1" "$module_boots"; } >"$TMP/modules"
  cp "$TMP/modules" "$STATE/modules" 2>"$TMP/error" || write_failed "$STATE/modules"
  modules_at_boot
}

modules_at_boot() {
  module_file=\${K8S_HA_TEST_ROOT:-}/etc/modules-load.d/k8s-ha-action.conf
  module_names=$(awk -F '\\t' '$2 == "yes" { print $1 }' "$STATE/modules")
  if [ -n "$module_names" ]; then
    make_directories "\${module_file%/*}"
    { printf '%s\\n' "$module_names" >"$module_file" && chmod 644 "$module_file"; } 2>"$TMP/error" || write_failed "$module_file"
    sync_paths "$module_file" "$STATE/modules"
  else
    rm -f "$module_file"
  fi
}

forget_module() {
  sed -i "/^$1$TAB/d" "$STATE/modules" 2>/dev/null
  modules_at_boot
}

# set_sysctl PATH_UNDER_PROC_SYS VALUE
set_sysctl() {
  { printf '%s\\n' "$2" >"/proc/sys/$1"; } 2>"$TMP/error" ||
    die SYSCTL_REFUSED "the kernel refuses $2 for $1" detail "$(cat "$TMP/error")"
}

# use_proxy HTTP HTTPS NO_PROXY: the proxy for downloads and package managers only.
use_proxy() { PROXY_HTTP=$1 PROXY_HTTPS=$2 PROXY_NONE=$3; }

# export_proxy: in a subshell, before the program that uses it.
export_proxy() {
  [ -z "\${PROXY_HTTP:-}" ] || export http_proxy="$PROXY_HTTP"
  [ -z "\${PROXY_HTTPS:-}" ] || export https_proxy="$PROXY_HTTPS"
  [ -z "\${PROXY_NONE:-}" ] || export no_proxy="$PROXY_NONE"
}

package_manager() {
  for manager in apt-get dnf zypper; do command -v "$manager" >/dev/null && return; done
  die NO_PACKAGE_MANAGER 'the host has none of apt-get, dnf, zypper'
}

# Seconds for which a package manager that another process uses is waited for: unattended upgrades take minutes.
INSTALL_PATIENCE=600

# Exists while packages are installed: a run that was killed then leaves a package manager that needs a repair.
INSTALLING=$STATE/installing

# install_packages APT DNF ZYPPER: each a list of names separated by spaces.
install_packages() {
  package_manager
  install_repairs=no
  [ ! -e "$INSTALLING" ] || install_repairs=yes
  make_directories "$STATE"
  : >"$INSTALLING"
  case $manager in
    apt-get) install_names=$1 ;;
    dnf) install_names=$2 ;;
    *) install_names=$3 ;;
  esac
  log "installing $install_names"
  install_left=$((INSTALL_PATIENCE * 2)) install_told=$install_left
  until install_once "$install_names"; do
    { install_is_locked && [ "$install_left" -gt 0 ]; } || install_failed
    for install_word in 1 2 3 4 5 6; do install_wait; done
  done
  # rpm does not sync the files that it writes, and neither does dpkg where images set force-unsafe-io.
  sync -f -- / /usr /etc /var 2>/dev/null || sync
  rm -f "$INSTALLING"
}

install_failed() {
  rm -f "$INSTALLING"
  grep -q 'No space left' "$TMP/install" && die DISK_FULL "no space left to install $install_names"
  die PACKAGE_FAILED "$manager cannot install $install_names" detail "$(tail -n 15 "$TMP/install")"
}

# install_once NAMES: one try; a package manager may wait for the lock by itself.
install_once() {
  install_run "$1" >"$TMP/install" 2>&1 &
  install_pid=$!
  while kill -0 "$install_pid" 2>/dev/null; do install_wait; done
  wait "$install_pid"
  set -- $?
  install_pid=0
  return "$1"
}

# install_wait: half a second; reports a process that holds the lock, at once and then every 30 s.
install_wait() {
  tick
  sleep 0.5
  install_is_locked || return
  install_left=$((install_left - 1))
  [ "$install_left" -lt "$install_told" ] || return
  install_told=$((install_left - 60))
  log "waiting for another process that uses $manager: $(install_newest | grep -E "$INSTALL_LOCKED" | head -n 1)"
}

# How apt, dnf, dnf5 (which does not wait), zypper and rpm name a lock that another process holds.
INSTALL_LOCKED='Could not get lock|Unable to lock|Unable to acquire the dpkg|is another process using it|Waiting for process|[Ww]aiting for .*lock|lock is held|[Ll]ocked by|Failed to obtain (the|rpm) transaction lock|transaction lock on .*temporarily unavailable|currently holding the .*lock'
install_is_locked() { install_newest | grep -qE "$INSTALL_LOCKED"; }

# install_newest: what the package manager says now. Its wait is of the past when it says more, as dnf does in a long install; of one
# that has ended, the lock may be the reason of a later line.
install_newest() { tail -n 10 "$TMP/install" | grep . | if [ "$install_pid" = 0 ]; then cat; else tail -n 1; fi; }

install_run() {
  export_proxy
  # shellcheck disable=SC2086
  case $manager in
    # One source that fails must not keep packages of the others away.
    apt-get)
      [ "$install_repairs" = no ] || DEBIAN_FRONTEND=noninteractive dpkg --force-confold --force-confdef --configure -a
      install_apt $1 || { apt-get -q update; install_apt $1; }
      ;;
    dnf) dnf -y --setopt=install_weak_deps=False install $1 ;;
    zypper) ZYPP_LOCK_TIMEOUT=60 zypper --non-interactive --quiet install --no-recommends $1 ;;
  esac
}

install_apt() {
  DEBIAN_FRONTEND=noninteractive apt-get -y -q --no-install-recommends -o DPkg::Lock::Timeout=120 \\
    -o Dpkg::Options::=--force-confold -o Dpkg::Options::=--force-confdef install "$@"
}

# A package's own service must not start: it would take our unit's port.
hold_unit() { systemctl mask --runtime "$1" >/dev/null 2>&1; :; }
release_unit() {
  systemctl unmask --runtime "$1" >/dev/null 2>&1
  systemctl disable --now "$1" >/dev/null 2>&1
  :
}

# need_command COMMAND [ANOTHER]\u2026: after an install, one of them is there.
need_command() {
  command_there "$@" || die PACKAGE_FAILED "the command $1 is still missing after its package was installed"
}

# add_user NAME HOME: a group of its name, of a directory service or of an earlier user, becomes its group.
add_user() {
  id -u "$1" >/dev/null 2>&1 && return
  add_shell=/usr/sbin/nologin
  [ -x "$add_shell" ] || add_shell=/sbin/nologin
  if getent group "$1" >/dev/null 2>&1; then add_group="--gid=$1"; else add_group=--user-group; fi
  useradd --system "$add_group" --home-dir "$2" --no-create-home --shell "$add_shell" "$1" 2>"$TMP/error" ||
    die USER_FAILED "cannot add the user $1" detail "$(cat "$TMP/error")"
}

remove_user() {
  userdel "$1" 2>"$TMP/error" || log "kept the user $1: $(cat "$TMP/error")"
}
`;
var downloads = `# shellcheck shell=dash
# Verified downloads. A partial file is kept under the name of the sum it is to have, so a later run resumes it.

# want SHA URL: queues a download.
want() { printf '%s\\t%s\\n' "$1" "$2" >>"$TMP/queue"; }

# fetch_start: three at a time, in the background, while the rest of the request continues.
fetch_start() {
  [ -s "$TMP/queue" ] || return 0
  make_directories "$STATE/downloads"
  for fetch_worker in 1 2 3; do
    fetch_queue &
    WORKERS="$WORKERS $!"
  done
}

# One worker: takes what no other has taken.
fetch_queue() {
  transfer_pid=
  trap '[ -z "$transfer_pid" ] || kill "$transfer_pid" 2>/dev/null; exit 1' TERM HUP INT PIPE
  trap - EXIT
  while IFS=$TAB read -r fetch_sum fetch_url; do
    mkdir "$TMP/taken.$fetch_sum" 2>/dev/null || continue
    fetch "$fetch_sum" "$fetch_url"
  done <"$TMP/queue"
}

# sum_of FILE: by openssl where the host has it, which uses the processor's SHA instructions: a quarter of coreutils' time.
sum_of() {
  sum_hex=$(openssl dgst -sha256 -r <"$1" 2>/dev/null | cut -c 1-64)
  [ "\${#sum_hex}" -eq 64 ] || sum_hex=$(sha256sum <"$1" | cut -c 1-64)
  printf '%s\\n' "$sum_hex"
}

# fetch SHA URL: leaves the verified content in $STATE/downloads/SHA, or dies.
fetch() {
  fetch_file=$STATE/downloads/$1
  fetch_errors=$TMP/transfer.$1
  if [ -s "$fetch_file" ] && [ "$(sum_of "$fetch_file")" = "$1" ]; then return; fi
  if fetch_staged "$1"; then return; fi
  fetch_try=1
  while :; do
    fetch_resumed=
    [ -s "$fetch_file" ] && fetch_resumed=1
    if transfer "$2" "$fetch_file"; then
      fetch_got=$(sum_of "$fetch_file")
      if [ "$fetch_got" = "$1" ]; then
        log "downloaded \${2##*/}"
        return
      fi
      rm -f "$fetch_file"
      # The resumed part may be from another file: downloads again from the start.
      [ -n "$fetch_resumed" ] || die DOWNLOAD_SUM_MISMATCH "$2 has the sha256 $fetch_got, expected $1" url "$2"
    else
      fetch_failed "$2" "$?"
    fi
    fetch_try=$((fetch_try + 1))
    if [ "$fetch_try" -gt 3 ]; then
      die DOWNLOAD_FAILED "cannot download $2: $(tail -n 1 "$fetch_errors")" url "$2"
    fi
    sleep 1
  done
}

# fetch_staged SHA: uses what an earlier request has staged. What is staged for another scope stays there.
fetch_staged() {
  for fetch_from in "$STATE"/staged/*/"$1"; do
    [ -f "$fetch_from" ] || continue
    [ "$(sum_of "$fetch_from")" = "$1" ] || continue
    if [ "$fetch_from" = "$STATE/staged/\${STAGING:-$SCOPE}/$1" ]; then
      mv -f "$fetch_from" "$fetch_file" && return
    else
      cp "$fetch_from" "$fetch_file" && return
    fi
  done
  return 1
}

# staging SCOPE: the downloads of this request are for a scope that places them later.
staging() { STAGING=$1; }

# stage [SHA]\u2026: keeps these downloads, and removes those that earlier runs have staged for the scope.
stage() {
  stage_place=$STATE/staged/$STAGING
  make_directories "$stage_place"
  for stage_file in "$stage_place"/*; do
    case " $* " in *" \${stage_file##*/} "*) ;; *) rm -f "$stage_file" ;; esac
  done
  for stage_sum in "$@"; do
    mv -f "$STATE/downloads/$stage_sum" "$stage_place/$stage_sum" 2>"$TMP/error" || write_failed "$stage_place/$stage_sum"
  done
  rmdir "$stage_place" "$STATE/staged" 2>/dev/null
  :
}

# transfer URL FILE: in the background, so that a signal to us ends it too. Without the host's .curlrc and wgetrc.
transfer() {
  if command -v curl >/dev/null; then
    (
      export_proxy
      exec curl -q -fsSL --connect-timeout 15 --speed-limit 1000 --speed-time 30 -C - -o "$2" "$1"
    ) 2>"$fetch_errors" &
  else
    (
      export_proxy
      # Busybox' wget reads no configuration, and doesn't know the option.
      case $(wget --version 2>/dev/null) in *GNU*) set -- "$1" "$2" --no-config ;; esac
      # shellcheck disable=SC2086
      exec wget \${3:-} -q -c -O "$2" "$1"
    ) 2>"$fetch_errors" &
  fi
  transfer_pid=$!
  wait "$transfer_pid"
  transfer_status=$?
  transfer_pid=
  return "$transfer_status"
}

# fetch_failed URL STATUS: dies at once on errors that a retry cannot fix.
fetch_failed() {
  case $2 in
    # The server cannot resume (33), or the part is longer than the whole (416).
    33) rm -f "$fetch_file" ;;
    3 | 23) [ "$(df -Pk "$fetch_file" | awk 'NR == 2 { print $4 }')" -ge 1024 ] || {
      rm -f "$fetch_file"
      die DISK_FULL "no space left to download $1" file "$fetch_file"
    } ;;
    22) case $(cat "$fetch_errors") in
      *416*) rm -f "$fetch_file" ;;
      *40[0134]*) die DOWNLOAD_FAILED "cannot download $1: $(tail -n 1 "$fetch_errors")" url "$1" ;;
    esac ;;
  esac
}

# fetch_wait: until all are there.
fetch_wait() {
  fetch_status=0
  for fetch_worker in $WORKERS; do
    while kill -0 "$fetch_worker" 2>/dev/null; do
      tick
      sleep 0.2
    done
    wait "$fetch_worker" || fetch_status=1
  done
  WORKERS=''
  [ "$fetch_status" = 0 ] || exit 1
}

# place_file SHA URL MODE PATH: a download that is the file itself.
place_file() {
  temp_path "$4"
  mv -f "$STATE/downloads/$1" "$TEMP_PATH" 2>"$TMP/error" || write_failed "$4"
  chmod_download "$TEMP_PATH" "$3"
  printf '%s\\t%s\\n' "$TEMP_PATH" "$4" >>"$TMP/renames"
  record "$4" "$1" "$2" "$1"
}

# place_members SHA URL MODE [MEMBER PATH]\u2026: only these members leave the archive.
place_members() {
  place_sum=$1 place_url=$2 place_mode=$3 place_dir=$STATE/downloads/$1.d
  shift 3
  rm -rf "$place_dir"
  make_directories "$place_dir"
  place_names=
  place_count=$#
  while [ "$place_count" -gt 0 ]; do
    place_names="$place_names$1$NL"
    set -- "$@" "$1" "$2"
    shift 2
    place_count=$((place_count - 2))
  done
  unpack "$STATE/downloads/$place_sum" "$place_dir" || write_failed "$place_dir"
  while [ $# -gt 1 ]; do
    { [ -f "$place_dir/$1" ] && [ ! -L "$place_dir/$1" ]; } || die ARCHIVE_MEMBER_MISSING "$place_url holds no file $1" url "$place_url"
    temp_path "$2"
    mv -f "$place_dir/$1" "$TEMP_PATH" 2>"$TMP/error" || write_failed "$2"
    chmod_download "$TEMP_PATH" "$place_mode"
    printf '%s\\t%s\\n' "$TEMP_PATH" "$2" >>"$TMP/renames"
    record "$2" "$(sum_of "$TEMP_PATH")" "$place_url" "$place_sum"
    shift 2
  done
}

# unpack ARCHIVE DIRECTORY: the members in place_names. Some archives write their names with ./ before them.
unpack() {
  (
    set -f
    IFS=$NL
    # shellcheck disable=SC2086
    set -- "$1" "$2" $place_names
    unpack_from=$1
    cd "$2" || exit 1
    shift 2
    tar -xzof "$unpack_from" -- "$@" 2>"$TMP/error" && exit
    grep -q 'No space left' "$TMP/error" && exit 1
    unpack_left=$#
    while [ "$unpack_left" -gt 0 ]; do
      set -- "$@" "./$1"
      shift
      unpack_left=$((unpack_left - 1))
    done
    tar -xzof "$unpack_from" -- "$@" 2>"$TMP/error"
    grep -q 'No space left' "$TMP/error" && exit 1
    exit 0
  )
}

chmod_download() { { chmod "$2" "$1" && chown root:root "$1"; } 2>"$TMP/error" || write_failed "$1"; }

# record PATH SHA URL ARCHIVE_SHA: the file at PATH, written to the checksum list by records_write.
record() { printf '%s\\t%s\\t%s\\t%s\\n' "$@" >>"$TMP/records"; }

# forget_record PATH
forget_record() { printf '%s\\n' "$1" >>"$TMP/records"; }

# records_write: a stat is only worth something after the rename.
records_write() {
  [ -s "$TMP/records" ] || return 0
  cut -f 1 "$TMP/records" | tr '\\n' '\\000' | xargs -0 stat -L -c "%n\${TAB}%i:%s:%.9Y:%.9Z" 2>/dev/null >"$TMP/stats"
  touch "$STATE/sums"
  {
    awk -F '\\t' -v OFS='\\t' -v records="$TMP/records" -v stats="$TMP/stats" '
      BEGIN {
        while ((getline line < stats) > 0) { split(line, f, "\\t"); stat[f[1]] = f[2] }
        while ((getline line < records) > 0) {
          n = split(line, f, "\\t"); gone[f[1]] = 1
          if (n == 4 && f[1] in stat) print f[1], stat[f[1]], f[2], f[3], f[4]
        }
      }
      !($1 in gone)' "$STATE/sums" >"$STATE/.sums" && sync_paths "$STATE/.sums" && mv -f "$STATE/.sums" "$STATE/sums"
  } 2>"$TMP/error" || write_failed "$STATE/sums"
}
`;
var units = `# shellcheck shell=dash
# Starts, restarts and reloads. A unit is restarted if the files that it read at its last start differ from those on disk, or reloaded if that is enough.

# unit NAME TEXT_HASH SECONDS READY HINT REASON\u2026: one of the units that must run, in order of start; for these reasons it is only reloaded.
unit() {
  UNIT_NAMES="\${UNIT_NAMES:-} $1"
  printf '%s\\n' "$2" >"$TMP/$1.hash"
  printf '%s\\n' "$3" >"$TMP/$1.seconds"
  printf '%s' "$4" >"$TMP/$1.ready"
  printf '%s\\n' "$5" >"$TMP/$1.hint"
  unit_name=$1
  shift 5
  printf '%s' "$@" >"$TMP/$unit_name.rereads"
}

# restart_reason NAME TEXT_HASH INVOCATION: prints the reason for a restart, or if there is none, for a reload; prints nothing if none is due.
restart_reason() {
  [ -f "$STATE/started/$1" ] || { printf 'no record of the configuration it was started with\\n' && return; }
  describe_reads "$1" | awk -F '\\t' -v hash="$2" -v invocation="$3" -v started="$STATE/started/$1" -v rereads="$TMP/$1.rereads" "$describe_identity"'
    function why(text) { if (!(text in reread)) { if (!printed) print text; printed = 1 } else if (soft == "") soft = text }
    BEGIN {
      while ((getline line < started) > 0) { split(line, f, "\\t"); was[f[1]] = f[2] }
      while ((getline line < rereads) > 0) reread[line]
    }
    NF == 1 { order[++n] = $1; next }
    { big[$1] = identity($4); sum[$1] = $5 == "" ? "other" : $5 }
    END {
      if (was["invocation"] != "" && was["invocation"] != invocation) why("no record of the configuration it was started with")
      if (was["loaded"] != hash) why("its unit text changed since its start")
      for (i = 1; i <= n; i++) {
        path = order[i]
        now = path in sum ? sum[path] : "absent"
        if (was[path] != now && !(path in big && was[path] == big[path])) why(path " changed since its start")
      }
      if (!printed && soft != "") print soft
    }'
}

# show_units NAME\u2026: name, active state, sub-state, number of restarts and invocation, one line each.
show_units() {
  systemctl show -p Id -p ActiveState -p SubState -p InvocationID -p NRestarts "$@" 2>/dev/null | awk -F = '
    function out() { if (v["Id"] != "") print v["Id"], v["ActiveState"], v["SubState"], v["NRestarts"] + 0, v["InvocationID"]; split("", v) }
    $0 == "" { out(); next }
    { v[$1] = $2 }
    END { out() }'
}

# units_apply: starts and restarts units so that all run with the files on disk.
units_apply() {
  [ -z "$RELOAD" ] || systemctl daemon-reload 2>"$TMP/error" || die RELOAD_FAILED 'systemctl daemon-reload failed' detail "$(cat "$TMP/error")"
  # shellcheck disable=SC2086
  [ -z "\${UNIT_NAMES:-}" ] || units_run $UNIT_NAMES
}

# units_run NAME\u2026: units up to the first that takes its turn, or up to the last that may take turns and starts, start in parallel, ordered
# by systemd. Those behind it follow when it is ready: a controller-manager must not be newer than its API server, and a new cluster's
# API server does not know its rights before, so that its first request fails, and it waits for seconds.
units_run() {
  units_start='' units_restart='' units_reload='' units_roll='' units_behind='' units_wait='' units_first='' units_last=''
  for unit_name in "$@"; do [ ! -f "$TMP/$unit_name.live" ] || units_last=$unit_name; done
  show_units "$@" >"$TMP/units"
  # All units are checked before any is changed.
  while read -r unit_name unit_active unit_sub _ unit_invocation; do
    if [ -n "$units_first" ]; then units_behind="$units_behind $unit_name"; else unit_classify; fi
  done <"$TMP/units"
  [ -z "$units_start" ] || log "starting$units_start"
  for unit_name in $units_start; do event unit name "$unit_name" did started; done
  for unit_name in $units_restart; do
    log "restarting $unit_name: $(cat "$TMP/$unit_name.reason")"
    event unit name "$unit_name" did restarted
  done
  # shellcheck disable=SC2086
  {
    [ -z "$units_start" ] || systemctl reset-failed $units_start 2>/dev/null
    [ -z "$units_start" ] || systemctl start --no-block $units_start 2>"$TMP/error" || units_refused $units_start
    [ -z "$units_restart" ] || systemctl restart --no-block $units_restart 2>"$TMP/error" || units_refused $units_restart
  }
  for unit_name in $units_reload; do unit_reload "$unit_name"; done
  # shellcheck disable=SC2086
  units_ready $units_wait
  for unit_name in $units_roll; do roll "$unit_name"; done
  # shellcheck disable=SC2086
  [ -z "$units_behind" ] || units_run $units_behind
}

# Sorts a unit into those to start, to restart, or to restart with care.
unit_classify() {
  case $unit_active in
    active | reloading | activating) ;;
    *)
      units_start="$units_start $unit_name" units_wait="$units_wait $unit_name"
      unit_leads
      return
      ;;
  esac
  restart_reason "$unit_name" "$(cat "$TMP/$unit_name.hash")" "$unit_invocation" >"$TMP/$unit_name.reason"
  if [ ! -s "$TMP/$unit_name.reason" ]; then
    [ "$unit_active" != active ] || return 0
    units_wait="$units_wait $unit_name"
  elif [ "$unit_active" = active ] && grep -qxF -f "$TMP/$unit_name.reason" "$TMP/$unit_name.rereads"; then
    units_reload="$units_reload $unit_name" units_wait="$units_wait $unit_name"
  elif unit_serves; then
    units_roll="$units_roll $unit_name" units_first=$unit_name
  else
    units_restart="$units_restart $unit_name" units_wait="$units_wait $unit_name"
  fi
  unit_leads
}

# unit_reload NAME: what it reads now is recorded, as at a start. A reload that fails leaves the unit as it was.
unit_reload() {
  log "reloading $1: $(cat "$TMP/$1.reason")"
  {
    head -n 2 "$STATE/started/$1"
    fingerprint "$1"
  } >"$STATE/started/.$1"
  timeout 60 systemctl reload "$1" 2>"$TMP/error" || unit_broken "$1" "refuses to reload: $(tail -n 1 "$TMP/error")"
  mv -f "$STATE/started/.$1" "$STATE/started/$1"
  event unit name "$1" did reloaded
}

# The units behind the last that may take turns wait for it, also when it starts or restarts without a turn.
unit_leads() { [ "$unit_name" != "$units_last" ] || units_first=$unit_name; }

# Must the unit take turns, because a running cluster depends on it? Dies if that is unknown, unless FORCE_RESTART is set.
unit_serves() {
  [ -f "$TMP/$unit_name.live" ] && [ "$unit_active" = active ] || return 1
  rolling_alive "$unit_name"
  unit_alive=$?
  case $unit_alive in
    0) return 0 ;;
    11) die RESTART_REFUSED "$unit_name must not restart now: $(tail -n 1 "$TMP/$unit_name.alive")" unit "$unit_name" ;;
    10) log "$unit_name restarts without waiting for others: $(tail -n 1 "$TMP/$unit_name.alive")" ;;
    *)
      [ "$unit_alive" != 124 ] || echo 'no answer within 90 s' >>"$TMP/$unit_name.alive"
      [ -n "\${FORCE_RESTART:-}" ] || die RESTART_UNKNOWN "nothing was restarted, because it is unknown whether a running cluster depends on $unit_name" \\
        unit "$unit_name" detail "$(tail -n 5 "$TMP/$unit_name.alive")"
      log "$unit_name restarts although it is unknown whether a running cluster depends on it: force-restart"
      ;;
  esac
  return 1
}

units_refused() { die UNIT_FAILED "systemd refuses to start $*" unit "$1" detail "$(cat "$TMP/error")"; }

# unit_journal NAME: the last lines, for an error.
unit_journal() { journalctl -u "$1" -n 15 -o cat --no-pager 2>/dev/null; }

# unit_broken NAME WHAT
unit_broken() {
  die UNIT_FAILED "$1 $2" unit "$1" detail "$(unit_journal "$1")" hint "$(cat "$TMP/$1.hint")"
}

# units_ready NAME\u2026: waits for each, and watches all of them meanwhile, so a failure is noticed at once.
units_ready() {
  [ $# -gt 0 ] || return 0
  ready_base=$TMP/restarts
  show_units "$@" >"$ready_base"
  now
  ready_began=$NOW
  for ready_name in "$@"; do
    unit_ready "$ready_name" "$TMP/$ready_name.ready" "$(cat "$TMP/$ready_name.seconds")" "$@"
    now
    log "$ready_name is ready after $((NOW - ready_began)) s"
  done
  ready_unchecked=
  for ready_name in "$@"; do
    [ -s "$TMP/$ready_name.ready" ] || ready_unchecked=1
    case $ready_name in *.service) ;; *) record_other "$ready_name" ;; esac
  done
  # A process that exits at once is active for a moment; a successful check excludes that.
  [ -z "$ready_unchecked" ] || sleep 0.3
  units_alive "$@"
}

# Sets NOW to the seconds since boot, without a fork, because loops call it often and seven lab hosts share two cores.
now() {
  IFS=. read -r NOW _ </proc/uptime
}

# unit_ready NAME COMMAND_FILE SECONDS NAME\u2026: waits until the first is ready, and watches all.
unit_ready() {
  ready_unit=$1 ready_file=$2 ready_seconds=$3
  shift 3
  now
  ready_start=$NOW
  ready_watched=$NOW
  ready_settled=
  until unit_settled "$ready_unit" "$ready_file" && unit_answers "$ready_file"; do
    now
    if [ $((NOW - ready_start)) -ge "$ready_seconds" ]; then
      units_alive "$@"
      die UNIT_NOT_READY "$ready_unit is not ready after $ready_seconds s$(ready_last)" unit "$ready_unit" \\
        detail "$(unit_journal "$ready_unit")" hint "$(cat "$TMP/$ready_unit.hint")"
    fi
    if [ "$NOW" != "$ready_watched" ]; then
      ready_watched=$NOW
      units_alive "$@"
      tick
    fi
    sleep 0.15
  done
}

# The last output of the check, if any.
ready_last() { [ ! -s "$TMP/answer" ] || printf ': %s' "$(tail -n 1 "$TMP/answer")"; }

unit_active() { systemctl is-active -q "$1"; }

# unit_settled NAME CHECK_FILE: active, and without a pending stop or start job: before that, a check could be answered
# by the process that is about to stop. A unit with a check may also still be starting: the first etcd member
# reports readiness only with a quorum, and the other members may be set up by later runs.
# Checked until it is true, and then not again: from then on only the readiness check counts.
unit_settled() {
  [ -z "$ready_settled" ] || return 0
  case $(systemctl show -p ActiveState -p SubState -p Job "$1" 2>/dev/null) in
    *SubState=start"$NL"* | *SubState=start) [ -s "$2" ] || return 1 ;;
    *Job=[1-9]*) return 1 ;;
    *ActiveState=active*) ;;
    *) return 1 ;;
  esac
  ready_settled=1
}

# unit_answers FILE: an empty check is always true.
unit_answers() {
  [ -s "$1" ] || return 0
  timeout 20 sh "$1" </dev/null >"$TMP/answer" 2>&1
}

# units_alive NAME\u2026: dies if one has failed or keeps restarting.
units_alive() {
  show_units "$@" >"$TMP/alive"
  while read -r alive_name alive_active alive_sub alive_restarts _; do
    [ "$alive_active" != failed ] || unit_failed "$alive_name"
    alive_base=$(awk -v name="$alive_name" '$1 == name { print $4 }' "$ready_base")
    # systemd resets its counter after a manual start.
    [ "$alive_restarts" -ge "\${alive_base:-0}" ] || alive_base=0
    [ $((alive_restarts - \${alive_base:-0})) -lt 3 ] || unit_broken "$alive_name" "keeps failing and restarting ($alive_restarts times)"
    [ "$alive_active" != inactive ] || unit_stopped "$alive_name"
  done <"$TMP/alive"
}

has_job() { systemctl show -p Job "$1" | grep -q 'Job=[1-9]'; }

# A unit that was stopped while it was waiting to start is shown as failed for a moment before it starts again.
unit_failed() {
  has_job "$1" || ! systemctl is-failed -q "$1" || unit_broken "$1" 'has failed'
}

# No pending job and not running: a dependency failed, or it exited.
unit_stopped() {
  has_job "$1" || unit_active "$1" || unit_broken "$1" 'does not run'
}

# Only services run the script that records what they read; for other units it is recorded here.
record_other() {
  {
    printf 'invocation\\t\\nloaded\\t%s\\n' "$(cat "$TMP/$1.hash")"
    fingerprint "$1"
  } >"$STATE/started/.$1" && mv -f "$STATE/started/.$1" "$STATE/started/$1"
}

# remove_unit NAME: before its files go.
remove_unit() {
  RELOAD=1
  systemctl disable --now "$1" >/dev/null 2>&1
  systemctl reset-failed "$1" 2>/dev/null
  rm -f "$STATE/started/$1" "$STATE/reads/$1"
}
`;
var former = `# shellcheck shell=dash
# The way back of a unit that rolls: the files that it and the units behind it run with are kept until its restart has succeeded.
# $STATE/former/UNIT has their paths, one per line; the file of line N is in the file N, unless there was none.

# former_keep UNIT PATH\u2026: keeps these files, which the request is about to replace. Files that a killed run has kept stay: what is on the disk
# by then may be new, and the unit does not run with it.
former_keep() {
  former_unit=$1 former=$STATE/former/$1
  shift
  former_active='' former_invocation=''
  read -r _ former_active _ _ former_invocation <<EOF
$(show_units "$former_unit")
EOF
  if [ "$former_active" != active ]; then
    rm -rf "$former"
    return 0
  fi
  # A link that a killed run has made changes the times by which a big file is known.
  # shellcheck disable=SC2034
  former_reason=$(HASH_ALL=1 && restart_reason "$former_unit" "$(sum_of "$UNITS/$former_unit")" "$former_invocation")
  if [ -z "$former_reason" ]; then
    rm -rf "$former"
  elif [ ! -s "$former/paths" ]; then
    # It runs with files that are gone.
    log "$former_unit has no way back: $former_reason"
    return 0
  fi
  make_directories "$former"
  touch "$former/paths" "$former/sums"
  for former_path in "$@"; do
    grep -Fqx -- "$former_path" "$former/paths" || former_copy "$former_path"
  done
  sync_paths "$former"/*
}

# former_copy PATH: a link where possible, because a binary is big.
former_copy() {
  former_copied=$former/$(($(wc -l <"$former/paths") + 1))
  if [ -e "$1" ]; then
    ln -f -- "$1" "$former_copied" 2>/dev/null || cp -p -- "$1" "$former_copied" 2>"$TMP/error" || write_failed "$former_copied"
  fi
  [ ! -f "$STATE/sums" ] || awk -F '\\t' -v OFS='\\t' -v path="$1" '$1 == path { print $1, $3, $4, $5 }' "$STATE/sums" >>"$former/sums"
  printf '%s\\n' "$1" >>"$former/paths"
}

# former_restore UNIT: puts the kept files back; fails if there are none.
former_restore() {
  former=$STATE/former/$1
  [ -s "$former/paths" ] || return 1
  : >"$TMP/renames"
  : >"$TMP/records"
  former_number=0
  while IFS= read -r former_path; do
    former_number=$((former_number + 1))
    former_back "$former/$former_number" "$former_path"
  done <"$former/paths"
  commit_files
  cat "$former/sums" >>"$TMP/records"
  # Before the stats are recorded: a file's last change is also that of the number of its links.
  former_forget "$1"
  records_write
  timeout 60 systemctl daemon-reload
}

# former_forget UNIT\u2026: the restart has succeeded.
former_forget() {
  for former_unit in "$@"; do rm -rf "$STATE/former/$former_unit"; done
  rmdir "$STATE/former" 2>/dev/null
  :
}

# former_back KEPT PATH
former_back() {
  if [ ! -e "$1" ]; then
    rm -f -- "$2"
    forget_record "$2"
  elif [ "$(stat -c %d:%i "$1")" != "$(stat -c %d:%i "$2" 2>/dev/null)" ]; then
    temp_path "$2"
    ln -- "$1" "$TEMP_PATH" 2>/dev/null || cp -p -- "$1" "$TEMP_PATH" 2>"$TMP/error" || write_failed "$2"
    printf '%s\\t%s\\n' "$TEMP_PATH" "$2" >>"$TMP/renames"
  fi
}
`;
var rolling = `# shellcheck shell=dash
# A restart while other members serve: under a cluster-wide lock, only if allowed, and complete when the unit is healthy again.

# rolling NAME LIVE LOCK TURN ALLOW BEFORE HEALTHY SECONDS HINT AFTER HOLD HELD FAILED RECORD: each command is lines of sh; '' for none.
rolling() {
  printf '%s\\n' "$2" >"$TMP/$1.live"
  printf '%s\\n' "$3" >"$TMP/$1.lock"
  printf '%s' "$4" >"$TMP/$1.turn"
  printf '%s' "$5" >"$TMP/$1.allow"
  printf '%s' "$6" >"$TMP/$1.before"
  printf '%s' "$7" >"$TMP/$1.healthy"
  printf '%s\\n' "$8" >"$TMP/$1.healthy-seconds"
  printf '%s\\n' "$9" >"$TMP/$1.healthy-hint"
  printf '%s' "\${10}" >"$TMP/$1.after"
  printf '%s' "\${11}" >"$TMP/$1.hold"
  printf '%s' "\${12}" >"$TMP/$1.held"
  printf '%s' "\${13}" >"$TMP/$1.failed"
  printf '%s' "\${14}" >"$TMP/$1.record"
}

# attempt NAME: for the lines of sh that run under the lock.
attempt() {
  ATTEMPT=$1
  export ATTEMPT
}

# rolling_alive NAME: does a running cluster depend on the unit? 0: yes, 10: certainly not, 11: yes, but it must not restart,
# other: unknown; the reason is in NAME.alive.
rolling_alive() {
  timeout 90 sh "$TMP/$1.live" </dev/null >"$TMP/$1.alive" 2>&1 &
  alive_pid=$!
  while kill -0 "$alive_pid" 2>/dev/null; do
    sleep 0.1
    now
    [ "$NOW" = "\${alive_ticked:-}" ] || tick
    alive_ticked=$NOW
  done
  wait "$alive_pid"
}

# roll NAME: waits for the lock; the output of the work under it is relayed from a file, because the lock's command owns stdout.
roll() {
  roll_name=$1
  roll_file=$TMP/$1.roll
  # A script file, because the lock's command would parse sh's options as its own.
  printf '%s\\n' "$PROGRAM" "roll_locked '$TMP' '$1'" >"$TMP/roll.sh"
  : >"$roll_file"
  log "$1 must restart, waiting for the lock"
  (
    # With a limit: restarting too early costs less than not restarting.
    [ ! -s "$TMP/$roll_name.turn" ] || timeout 300 sh "$TMP/$roll_name.turn"
    exec sh "$TMP/$roll_name.lock" sh "$TMP/roll.sh"
  ) >"$TMP/lock-output" 2>&1 </dev/null &
  roll_pid=$!
  # The lock's command may be killed while it waits, but never between a stop and a start.
  trap 'kill $WORKERS 2>/dev/null; [ -e "$TMP/rolling" ] || kill "$roll_pid" 2>/dev/null' EXIT
  roll_waited=0
  roll_lines=0
  # A started restart is completed, even if the lock's command was killed meanwhile.
  while kill -0 "$roll_pid" 2>/dev/null || [ -e "$TMP/rolling" ]; do
    tick
    roll_relay
    sleep 0.2
    [ -e "$TMP/rolling" ] && continue
    roll_waited=$((roll_waited + 1))
    [ "$roll_waited" -lt 3000 ] || die LOCK_TIMEOUT "waited 600 s for the lock to restart $1" unit "$1"
  done
  wait "$roll_pid" || ! grep -q '"t":"over"' "$roll_file" || log "the lock was lost while $1 restarted"
  roll_relay
  [ -s "$roll_file" ] || die LOCK_FAILED "cannot take the lock to restart $1" unit "$1" detail "$(tail -n 5 "$TMP/lock-output")"
  grep -q '"t":"over"' "$roll_file" || die UNIT_FAILED "the restart of $1 under the lock did not complete" unit "$1" detail "$(tail -n 5 "$TMP/lock-output")"
}

# roll_relay: forwards new lines; an error among them ends the request.
roll_relay() {
  roll_forward
  grep -q '"t":"problem"' "$roll_file" || return 0
  wait "$roll_pid"
  # It may have been written after the lines were counted.
  roll_forward
  exit 1
}

roll_forward() {
  roll_all=$(wc -l <"$roll_file")
  [ "$roll_all" -gt "$roll_lines" ] || return 0
  sed -n "$((roll_lines + 1)),\${roll_all}p" "$roll_file" || exit 1
  roll_lines=$roll_all
}

# roll_locked TMP NAME: runs under the lock, in a separate process.
roll_locked() {
  TMP=$1
  # Once started, it is completed, even without a runner: the session keeps the files that it needs.
  : >"$TMP/rolling"
  trap 'roll_end' EXIT
  trap '' PIPE
  exec >>"$TMP/$2.roll"
  read -r _ _ _ _ roll_invocation <<EOF
$(show_units "$2")
EOF
  if [ -z "$(restart_reason "$2" "$(cat "$TMP/$2.hash")" "$roll_invocation")" ]; then
    event over
    return
  fi
  roll_stopped "$2"
  roll_step allow "$2" || die RESTART_REFUSED "$2 must not restart now: $(tail -n 3 "$TMP/answer")" unit "$2"
  roll_hold "$2"
  roll_step before "$2" || die RESTART_REFUSED "the step before the restart of $2 failed: $(tail -n 3 "$TMP/answer")" unit "$2"
  log "restarting $2 under the lock"
  roll_attempt "$2" || roll_back "$2"
  former_forget "$2"
  if roll_step after "$2" && [ -s "$TMP/answer" ]; then event log level warning text "$(tail -n 3 "$TMP/answer")"; fi
  event unit name "$2" did restarted
  event over
}

# roll_attempt NAME: restarts it and waits until it is healthy. Fails with the code and the reason in $TMP/failure, and does not end the request.
roll_attempt() (
  trap - EXIT
  # shellcheck disable=SC2317
  die() {
    printf '%s\\n%s\\n' "$1" "$2" >"$TMP/failure"
    exit 1
  }
  ready_base=$TMP/roll-restarts
  show_units "$1" >"$ready_base"
  now
  roll_began=$NOW
  # A start without its own time limit must not hold the lock: systemd continues it, and the checks below judge it.
  timeout 120 systemctl restart "$1" 2>"$TMP/answer"
  case $? in 0 | 124) ;; *) unit_broken "$1" 'has failed' ;; esac
  unit_ready "$1" "$TMP/$1.ready" "$(cat "$TMP/$1.seconds")" "$1"
  cp "$TMP/$1.healthy-hint" "$TMP/$1.hint"
  unit_ready "$1" "$TMP/$1.healthy" "$(cat "$TMP/$1.healthy-seconds")" "$1"
  now
  log "$1 is healthy again after $((NOW - roll_began)) s"
)

# roll_back NAME: after a failed restart: the former files are put back, and the unit is restarted with them. Always ends the request.
roll_back() {
  { read -r back_code && IFS= read -r back_reason; } <"$TMP/failure"
  back_detail=$(unit_journal "$1")
  back_hint=$(cat "$TMP/$1.hint")
  # Of other hosts: also where nothing can be put back here.
  roll_step record "$1" || log "the failure could not be recorded for other hosts: $(tail -n 1 "$TMP/answer")"
  former_restore "$1" || die "$back_code" "$back_reason" unit "$1" detail "$back_detail" hint "$back_hint"
  log "$back_reason: restarting it with its former files"
  roll_attempt "$1" || die "$back_code" "$back_reason, and does not start with its former files either" unit "$1" detail "$back_detail" hint "$back_hint"
  die RESTART_REVERTED "$back_reason with its new files; the former ones are back, and it runs with them" unit "$1" detail "$back_detail" hint "$back_hint"
}

# roll_stopped NAME: after a failed restart on another host in this attempt, this unit is not restarted, and its former files are put back.
roll_stopped() {
  [ -s "$TMP/$1.failed" ] || return 0
  roll_step failed "$1"
  case $? in
    0) ;;
    1) return 0 ;;
    *) die RESTART_REFUSED "it is unknown whether another host of this run has failed: $(tail -n 1 "$TMP/answer")" unit "$1" ;;
  esac
  stopped_where=$(tail -n 1 "$TMP/answer")
  stopped_files='its former files are back'
  former_restore "$1" || stopped_files='its new files stay, because the former ones were not kept'
  die RESTART_STOPPED "$1 was not restarted, because its restart on $stopped_where failed; $stopped_files" unit "$1"
}

# roll_end: without a session, whose files and lock it kept, the restart removes both.
roll_end() {
  rm -f "$TMP/rolling"
  [ -e "$TMP/ended" ] || return
  read -r roll_lock <"$TMP/ended"
  [ -z "$roll_lock" ] || lock_free "$roll_lock"
  rm -rf "$TMP"
}

# roll_hold UNIT: work during which the runner holds the unit's clients. If the runner is gone or cannot reach them, the work is skipped.
roll_hold() {
  [ -s "$TMP/$1.hold" ] || return 0
  for roll_try in 1 2 3; do
    roll_step hold "$1" || return 0
    event hold unit "$1"
    HOLD_TRY=$roll_try
    export HOLD_TRY
    roll_step held "$1"
    roll_held=$?
    [ "$roll_held" = 1 ] || break
  done
  [ "$roll_held" = 0 ] || log "the clients of $1 could not be held (status $roll_held, try $roll_try)"
}

# roll_step NAME UNIT: runs its lines of sh; does nothing if there are none.
roll_step() {
  : >"$TMP/answer"
  [ -s "$TMP/$2.$1" ] || return 0
  timeout 60 sh "$TMP/$2.$1" </dev/null >"$TMP/answer" 2>&1
}
`;
var reset = `# shellcheck shell=dash
# A reset: the host becomes what it was before the first thing was placed on it. It works from the host's own lists (scopes, found), and
# they go last: a reset that is killed is completed by the next one. A dry one reports the same and changes nothing.

GONE=\${STATE%/*}/.k8s-ha-action.gone
RESET_MARK=$RUNTIME/reset

# reset_host wet|dry
reset_host() {
  RESET=$1
  [ "$RESET" = dry ] || rm -rf "$GONE"
  reset_plan
  reset_units
  reset_processes
  reset_mounts
  reset_network
  reset_trees
  reset_files
  reset_users
  reset_kernel
  reset_directories
  reset_services
  reset_left
  reset_end
}

# does KIND SUBJECT REASON: reports a change; true if it is to be made.
does() {
  event change kind "$1" subject "$2" reason "$3"
  [ "$RESET" = wet ]
}

# reset_plan: $TMP/plan: kind, subject, what was found, whether it is on a list, and the rest of its entry; and the owners, for the end.
reset_plan() {
  set -- "$TMP/found"
  cat "$FOUND" >"$TMP/found" 2>/dev/null
  for reset_scope in "$STATE"/scopes/*; do [ ! -f "$reset_scope" ] || set -- "$@" "$reset_scope"; done
  awk -F '\\t' -v OFS='\\t' -v found="$TMP/found" '
    { key = $1 FS $2 }
    FILENAME == found { was[key] = $3; if (!(key in order)) { order[key] = ++n; keys[n] = key } next }
    { listed[key] = 1; if (!(key in rest) || $3 != "") rest[key] = $3; if (!(key in order)) { order[key] = ++n; keys[n] = key } }
    END {
      for (i = 1; i <= n; i++) {
        key = keys[i]
        print key, was[key] == "" ? "unknown" : was[key], key in listed ? "listed" : "found", rest[key] == "" ? "-" : rest[key]
      }
    }' "$@" >"$TMP/plan"
  reset_pick owner | cut -f 2 >"$TMP/owners"
}

# reset_pick KIND\u2026: the plan's lines of these kinds.
reset_pick() {
  awk -F '\\t' -v kinds=" $* " 'index(kinds, " " $1 " ")' "$TMP/plan"
}

# reset_names KIND: the subjects of the listed entries of a kind.
reset_names() { awk -F '\\t' -v kind="$1" '$1 == kind && $4 == "listed" { print $2 }' "$TMP/plan"; }

# reset_watch COMMAND\u2026: runs it in the background, with keep-alives, and returns its status.
reset_watch() {
  "$@" &
  reset_job=$!
  while kill -0 "$reset_job" 2>/dev/null; do
    tick
    sleep 0.1
  done
  wait "$reset_job"
}

# The units end at once: what they would still do for their clients and data, the reset undoes.
reset_units() {
  reset_running=''
  # shellcheck disable=SC2046
  set -- $(reset_names unit)
  [ $# -gt 0 ] || return 0
  reset_healers
  show_units "$@" >"$TMP/units"
  while read -r reset_unit reset_active _; do
    [ "$reset_active" != inactive ] || continue
    does stop "$reset_unit" "$reset_active" && reset_running="$reset_running $reset_unit"
  done <"$TMP/units"
  [ -n "$reset_running" ] || return 0
  # shellcheck disable=SC2086
  systemctl kill --kill-who=main --signal=KILL $reset_running 2>/dev/null
  # shellcheck disable=SC2086
  reset_watch systemctl stop $reset_running 2>"$TMP/error" || die UNIT_FAILED "systemd does not stop$reset_running" detail "$(cat "$TMP/error")"
}

# A check of the failover that was killed has a timer that undoes its fault: it runs now, while what it needs is still there.
reset_healers() {
  systemctl list-units --all --plain --no-legend 'k8s-ha-action-*' 2>/dev/null | cut -d ' ' -f 1 >"$TMP/healers"
  while read -r reset_unit; do
    does stop "$reset_unit" 'of an earlier run' || continue
    case $reset_unit in
      *.timer) systemctl start "\${reset_unit%.timer}.service" 2>/dev/null ;;
    esac
    systemctl stop "$reset_unit" 2>/dev/null
  done <"$TMP/healers"
}

# Containers outlive the runtime, and their processes are not in its unit.
reset_processes() {
  reset_tries=100
  while reset_pids && [ -s "$TMP/pids" ]; do
    does stop "$(wc -l <"$TMP/pids") processes" 'of containers' || break
    reset_tries=$((reset_tries - 1))
    [ "$reset_tries" -gt 0 ] || die RESET_BUSY "processes of containers do not end: $(tr '\\n' ' ' <"$TMP/pids")"
    xargs kill -KILL <"$TMP/pids" 2>/dev/null
    sleep 0.1
    tick
  done
  for reset_name in $(reset_names cgroup); do reset_cgroup "$reset_name"; done
}

# reset_pids: $TMP/pids: the processes in the listed control groups, the listed programs, and the descendants of these.
reset_pids() {
  reset_groups=$(reset_names cgroup)
  reset_programs=$(reset_names program)
  [ -n "$reset_groups$reset_programs" ] || return 1
  # shellcheck disable=SC2012
  {
    ls -l /proc/[0-9]*/exe 2>/dev/null
    cat /proc/[0-9]*/stat 2>/dev/null
    grep -E '^[0-9]+:' /proc/[0-9]*/cgroup 2>/dev/null
  } | awk -v groups="$reset_groups" -v programs="$reset_programs" '
    BEGIN {
      n = split(groups, part, "\\n"); for (i = 1; i <= n; i++) group[part[i]] = 1
      n = split(programs, part, "\\n"); for (i = 1; i <= n; i++) program[part[i]] = 1
    }
    match($0, /\\/proc\\/[0-9]+\\/exe -> /) {
      target = substr($0, RSTART + RLENGTH); sub(/ \\(deleted\\)$/, "", target)
      split(substr($0, RSTART), p, "/")
      if (target in program) mine[p[3]] = 1
      next
    }
    /^\\/proc\\// {
      split($0, p, "/"); pid = p[3]
      n = split(substr($0, index($0, ":") + 1), part, "/")
      for (i = 2; i <= n; i++) { name = part[i]; sub(/\\.slice$/, "", name); if (name in group) mine[pid] = 1 }
      next
    }
    {
      pid = $1; line = $0; sub(/^.*\\) /, "", line); split(line, f, " ")
      if (f[1] !~ /[ZX]/) parent[pid] = f[2]
    }
    END {
      do {
        more = 0
        for (pid in parent) if (!(pid in mine) && parent[pid] in mine) { mine[pid] = 1; more = 1 }
      } while (more)
      for (pid in mine) if (pid in parent) print pid
    }' >"$TMP/pids"
}

# reset_cgroup NAME: the empty groups, of systemd's or of the kubelet's own making.
reset_cgroup() {
  if systemctl is-active -q "$1.slice" 2>/dev/null; then
    does stop "$1.slice" active && systemctl stop "$1.slice" 2>/dev/null
  fi
  awk -v name="$1" '$3 ~ /^cgroup2?$/ { print $2 "/" name; print $2 "/" name ".slice" }' /proc/mounts >"$TMP/groups"
  while IFS= read -r reset_group; do
    [ -d "$reset_group" ] || continue
    does remove "$reset_group" 'control group' || continue
    find "$reset_group" -depth -type d -exec rmdir {} + 2>/dev/null
  done <"$TMP/groups"
}

# reset_mounts: what is mounted below the listed trees, the last one first. Nothing may be left there when they are removed: it could be
# a volume with data of others.
reset_mounts() {
  reset_names tree >"$TMP/trees"
  awk -F '\\t' '$1 == "mounted" { print $2 }' "$TMP/plan" >"$TMP/mounted"
  reset_mounted "$TMP/mounts"
  while IFS= read -r reset_mount; do
    does unmount "$reset_mount" mounted || continue
    umount "$reset_mount" 2>/dev/null || umount -l "$reset_mount" 2>"$TMP/error" || log "$(cat "$TMP/error")"
    tick
  done <"$TMP/mounts"
  [ "$RESET" = wet ] || return 0
  reset_mounted "$TMP/mounts"
  [ ! -s "$TMP/mounts" ] || die RESET_BUSY "$(head -n 1 "$TMP/mounts") cannot be unmounted" file "$(head -n 1 "$TMP/mounts")"
}

# reset_mounted FILE: writes the mount points below the trees, but for those that were there before; of a tree with a pattern also those
# that it matches.
reset_mounted() {
  [ -s "$TMP/trees" ] || { : >"$1" && return; }
  awk -v trees="$TMP/trees" -v mounted="$TMP/mounted" '
    BEGIN {
      while ((getline line < mounted) > 0) kept[line] = 1
      while ((getline line < trees) > 0) { n++; whole[n] = line !~ /[*?]/; sub(/[*?].*$/, "", line); root[n] = whole[n] ? line "/" : line }
    }
    $5 in kept { next }
    {
      path = $5
      gsub(/\\\\040/, " ", path); gsub(/\\\\011/, "\\t", path); gsub(/\\\\134/, "\\\\", path)
      for (i = 1; i <= n; i++) if (index(path, root[i]) == 1) { found[++m] = path; break }
    }
    END { for (i = m; i > 0; i--) print found[i] }' /proc/self/mountinfo >"$1"
}

# reset_left: what stays, because others may use it.
reset_left() {
  reset_left=$(awk -F '\\t' '
    $1 == "package" && $3 == "absent" { packages = packages " " $2 }
    $1 == "module" && $3 == "absent" { modules = modules " " $2 }
    ($1 == "sysctl" || $1 == "tuned") && $3 == "unknown" { settings = settings " " $2 }
    END {
      if (packages) print "left: the packages that brought" packages
      if (modules) print "left until a restart of the host: the kernel modules" modules
      if (settings) print "left: the kernel settings" settings ", as their earlier values are not known"
    }' "$TMP/plan")
  [ -z "$reset_left" ] || printf '%s\\n' "$reset_left" | while IFS= read -r reset_line; do log "$reset_line"; done
}

# reset_end: the lists go last, and at once. The mark is in memory: it lets a later run tell this host from one that never was ours.
reset_end() {
  [ "$RESET" = wet ] || return 0
  if [ -d "$STATE" ]; then
    cp "$TMP/owners" "$RESET_MARK" 2>"$TMP/error" || write_failed "$RESET_MARK"
    sync
    mv "$STATE" "$GONE" 2>"$TMP/error" || write_failed "$STATE"
  fi
  rm -rf "$GONE"
}
`;
var resetNetwork = `# shellcheck shell=dash
# A reset of the network: interfaces, routes, rules.

reset_network() {
  reset_pick interface >"$TMP/interfaces"
  while IFS=$TAB read -r _ reset_name reset_was _; do
    if [ "$reset_was" = present ] || [ ! -e "/sys/class/net/$reset_name" ]; then continue; fi
    for reset_port in "/sys/class/net/$reset_name/brif"/*; do
      [ ! -e "$reset_port" ] || reset_interface "\${reset_port##*/}"
    done
    reset_interface "$reset_name"
  done <"$TMP/interfaces"
  for reset_subnet in $(reset_names route); do reset_routes "$reset_subnet"; done
  reset_rules
}

reset_interface() {
  does remove "$1" interface || return 0
  ip link delete "$1" 2>"$TMP/error" || [ ! -e "/sys/class/net/$1" ] || die RESET_BUSY "the interface $1 cannot be removed" detail "$(cat "$TMP/error")"
}

reset_routes() {
  command -v ip >/dev/null || return 0
  case $1 in *:*) reset_family=-6 ;; *) reset_family=-4 ;; esac
  [ -n "$(ip "$reset_family" route show root "$1" 2>/dev/null)" ] || return 0
  does remove "$1" routes || return 0
  ip "$reset_family" route flush root "$1" 2>/dev/null
}

# The rules of iptables, of both its kinds, then ipsets, then tables of nftables.
reset_rules() {
  reset_names chain >"$TMP/chains"
  if [ -s "$TMP/chains" ]; then
    for reset_tool in iptables ip6tables; do
      if command -v "$reset_tool-nft-save" >/dev/null; then
        reset_chains "$reset_tool-nft"
        reset_chains "$reset_tool-legacy"
      else
        reset_chains "$reset_tool"
      fi
    done
    reset_sets
  fi
  command -v nft >/dev/null || return 0
  reset_pick table >"$TMP/tables"
  while IFS=$TAB read -r _ reset_name reset_was _; do
    if [ "$reset_was" = present ] || ! found_table "$reset_name"; then continue; fi
    # shellcheck disable=SC2086
    does remove "table $reset_name" nftables && nft delete table $reset_name
  done <"$TMP/tables"
  [ ! -s "$TMP/chains" ] || [ "$RESET" = dry ] || reset_base_tables
}

# reset_chains TOOL: the rules that lead to the listed chains, and the chains, in one transaction a table.
reset_chains() {
  command -v "$1-save" >/dev/null || return 0
  "$1-save" 2>/dev/null | awk -v prefixes="$TMP/chains" '
    BEGIN { while ((getline line < prefixes) > 0) prefix[++n] = line }
    function ours(name,   i) { for (i = 1; i <= n; i++) if (index(name, prefix[i]) == 1) return 1; return 0 }
    /^\\*/ { table = $0; rules = chains = flushes = ""; next }
    /^:/ { name = substr($1, 2); if (ours(name)) { flushes = flushes ":" name " - [0:0]\\n"; chains = chains "-X " name "\\n" }; next }
    /^-A / {
      if (ours($2)) next
      for (i = 3; i < NF; i++) if (($i == "-j" || $i == "-g") && ours($(i + 1))) { sub(/^-A/, "-D"); rules = rules $0 "\\n"; break }
      next
    }
    /^COMMIT/ { if (rules flushes != "") printf "%s\\n%s%s%sCOMMIT\\n", table, flushes, rules, chains }' >"$TMP/undo"
  [ -s "$TMP/undo" ] || return 0
  does remove "$(grep -c '^-X' "$TMP/undo") chains and $(grep -c '^-D' "$TMP/undo") rules" "$1" || return 0
  "$1-restore" --noflush <"$TMP/undo" 2>"$TMP/error" || die RESET_BUSY "$1 does not remove the rules" detail "$(cat "$TMP/error")"
}

reset_sets() {
  command -v ipset >/dev/null || return 0
  ipset list -name 2>/dev/null | awk -v prefixes="$TMP/chains" '
    BEGIN { while ((getline line < prefixes) > 0) prefix[++n] = line }
    { for (i = 1; i <= n; i++) if (index($0, prefix[i]) == 1) { print; break } }' >"$TMP/sets"
  while IFS= read -r reset_name; do
    does remove "$reset_name" ipset && ipset destroy "$reset_name" 2>/dev/null
  done <"$TMP/sets"
}

# iptables leaves the tables that it made, without a rule. Those that were not there before go.
reset_base_tables() {
  for reset_name in 'ip filter' 'ip nat' 'ip mangle' 'ip raw' 'ip6 filter' 'ip6 nat' 'ip6 mangle' 'ip6 raw'; do
    ! grep -q "^base$TAB$reset_name$TAB" "$TMP/plan" || continue
    # shellcheck disable=SC2086
    nft list table $reset_name 2>/dev/null | awk '
      /^#/ || /^table / || /^[ \\t]*}?$/ { table = table || /^table /; next }
      /^[ \\t]*chain [^ ]+ {$/ { next }
      /^[ \\t]*type .* policy accept;$/ { next }
      { full = 1 }
      END { exit !(table && !full) }' && nft delete table $reset_name 2>/dev/null
  done
}
`;
var resetFiles = `# shellcheck shell=dash
# A reset of files: data of the components, what was placed, directories.

# The data of the components. A directory that was there before is emptied of what was not in it.
reset_trees() {
  reset_pick tree >"$TMP/trees"
  awk -F '\\t' '$1 == "inside" { print $2 }' "$TMP/plan" >"$TMP/inside"
  while IFS=$TAB read -r _ reset_tree reset_was _; do
    # shellcheck disable=SC2086
    case $reset_tree in
      *[*?]*) for reset_path in \${reset_tree%/*}/\${reset_tree##*/}; do reset_tree "$reset_path" absent; done ;;
      *) reset_tree "$reset_tree" "$reset_was" ;;
    esac
  done <"$TMP/trees"
}

# reset_tree PATH FOUND
reset_tree() {
  [ -e "$1" ] || [ -L "$1" ] || return 0
  case $2 in
    directory*)
      for reset_name in "$1"/* "$1"/.[!.]*; do
        grep -Fqx -e "$reset_name" "$TMP/inside" || reset_delete "$reset_name"
      done
      ;;
    *)
      # A disk of its own may be mounted there since.
      if mountpoint -q "$1" 2>/dev/null; then reset_tree "$1" directory; else reset_delete "$1"; fi
      ;;
  esac
}

# reset_delete PATH: never into another file system.
reset_delete() {
  [ -e "$1" ] || [ -L "$1" ] || return 0
  does remove "$1" data || return 0
  reset_watch find "$1" -xdev -depth -delete 2>"$TMP/error"
  if [ -e "$1" ] || [ -L "$1" ]; then write_failed "$1"; fi
}

# What was placed goes; what it replaced comes back.
reset_files() {
  reset_pick file link download >"$TMP/files"
  while IFS=$TAB read -r _ reset_path reset_was reset_listed _; do
    case $reset_path in "$STATE"/*) continue ;; esac
    case $reset_was in
      file* | link*) reset_restore "$reset_path" "$reset_was" ;;
      *)
        [ "$reset_listed" = listed ] || continue
        [ -e "$reset_path" ] || [ -L "$reset_path" ] || continue
        ! does remove "$reset_path" placed || rm -f "$reset_path" 2>"$TMP/error" || write_failed "$reset_path"
        ;;
    esac
  done <"$TMP/files"
  ! grep -q "^module$TAB" "$TMP/plan" || reset_boot_modules
  reset_pick hosts >"$TMP/blocks"
  while IFS=$TAB read -r _ SCOPE _; do
    grep -Fqx "# BEGIN k8s-ha-action $SCOPE" "\${K8S_HA_TEST_ROOT:-}/etc/hosts" || continue
    does remove "/etc/hosts" "the block $SCOPE" && put_hosts_block </dev/null
  done <"$TMP/blocks"
}

# reset_restore PATH FOUND: "file NUMBER MODE OWNER" or "link NUMBER TARGET". Without the kept file it is back already.
reset_restore() {
  # shellcheck disable=SC2086
  set -- "$1" $2
  reset_kept=$STATE/kept/$3
  [ -e "$reset_kept" ] || [ -L "$reset_kept" ] || return 0
  does restore "$1" "as it was found" || return 0
  temp_path "$1"
  { mv -f "$reset_kept" "$1" 2>/dev/null || { cp -pP "$reset_kept" "$TEMP_PATH" && { [ "$2" = link ] || sync_paths "$TEMP_PATH"; } &&
    mv -f "$TEMP_PATH" "$1" && rm -f "$reset_kept"; }; } 2>"$TMP/error" ||
    write_failed "$1"
  [ "$2" = link ] || set_owner "$1" "$4" "$5"
}

reset_boot_modules() {
  reset_path=\${K8S_HA_TEST_ROOT:-}/etc/modules-load.d/k8s-ha-action.conf
  [ -e "$reset_path" ] || return 0
  does remove "$reset_path" placed && rm -f "$reset_path"
}

# The directories that are empty now, the deepest first. One with files of others stays.
reset_directories() {
  reset_names tree >"$TMP/names"
  reset_pick directory parent | LC_ALL=C sort -r -k 2 -t "$TAB" >"$TMP/directories"
  while IFS=$TAB read -r _ reset_path reset_was _; do
    case $reset_path in "$STATE" | "$STATE"/*) continue ;; esac
    [ -d "$reset_path" ] || continue
    case $reset_was in
      directory*) reset_dress "$reset_path" "$reset_was" ;;
      *)
        ! grep -Fqx -e "$reset_path" "$TMP/names" || continue
        [ "$RESET" = wet ] || { does remove "$reset_path" 'if nothing else is in it' || continue; }
        if rmdir "$reset_path" 2>/dev/null; then does remove "$reset_path" placed; else log "left: $reset_path, with what others put there"; fi
        ;;
    esac
  done <"$TMP/directories"
  reset_pick tree >"$TMP/trees"
  while IFS=$TAB read -r _ reset_path reset_was _; do
    case $reset_was in directory*) [ ! -d "$reset_path" ] || reset_dress "$reset_path" "$reset_was" ;; esac
  done <"$TMP/trees"
}

# reset_dress PATH FOUND: "directory MODE OWNER"
reset_dress() {
  # shellcheck disable=SC2086
  set -- "$1" $2
  [ "$(stat -L -c '%a %U:%G' "$1")" != "$3 $4" ] || return 0
  does restore "$1" "mode $3, owner $4" && set_owner "$1" "$3" "$4"
}
`;
var resetSystem = `# shellcheck shell=dash
# A reset of the system itself: users, name, settings of the kernel, swap, units that ran before.

reset_users() {
  reset_pick user >"$TMP/users"
  while IFS=$TAB read -r _ reset_name _ _ reset_extra; do
    if [ "$reset_extra" != created ] || ! id -u "$reset_name" >/dev/null 2>&1; then continue; fi
    does remove "$reset_name" user || continue
    userdel "$reset_name" 2>"$TMP/error" || die USER_FAILED "cannot remove the user $reset_name" detail "$(cat "$TMP/error")"
  done <"$TMP/users"
}

# Name, settings of the kernel, swap.
reset_kernel() {
  reset_pick sysctl tuned >"$TMP/settings"
  while IFS=$TAB read -r _ reset_key reset_was _ reset_path; do
    case $reset_was in absent | unknown) continue ;; esac
    found_value=absent
    found_setting "/proc/sys/$reset_path"
    case $found_value in "$reset_was" | absent) continue ;; esac
    does restore "$reset_key" "$found_value \u2192 $reset_was" || continue
    { printf '%s\\n' "$reset_was" >"/proc/sys/$reset_path"; } 2>/dev/null || log "left: $reset_key is $found_value, the kernel refuses $reset_was"
  done <"$TMP/settings"
  reset_pick hostname | {
    IFS=$TAB read -r _ _ reset_was _
    IFS= read -r reset_name </proc/sys/kernel/hostname
    [ "\${reset_was:-unknown}" != unknown ] && [ "$reset_was" != "$reset_name" ] || exit 0
    does restore hostname "$reset_name \u2192 $reset_was" || exit 0
    ! grep -q "^file$TAB/etc/hostname\${TAB}absent" "$TMP/plan" || rm -f /etc/hostname
    hostname "$reset_was" 2>/dev/null || printf '%s\\n' "$reset_was" >/proc/sys/kernel/hostname
  }
}

# systemd forgets our units; what ran before runs again.
reset_services() {
  grep -Eq "^(unit|swap)$TAB" "$TMP/plan" || return 0
  if [ "$RESET" = wet ]; then
    systemctl daemon-reload 2>"$TMP/error" || die RELOAD_FAILED 'systemctl daemon-reload failed' detail "$(cat "$TMP/error")"
    # shellcheck disable=SC2046
    systemctl reset-failed $(reset_names unit) 2>/dev/null
  fi
  reset_pick device >"$TMP/devices"
  while IFS=$TAB read -r _ reset_path reset_was _; do
    ! grep -q "^\${reset_path}[ $TAB]" /proc/swaps || continue
    does restore "$reset_path" 'swap on' || continue
    case $reset_was in -*) set -- "$reset_path" ;; *) set -- -p "$reset_was" "$reset_path" ;; esac
    swapon "$@" 2>"$TMP/error" || log "left: swap on $reset_path is off: $(cat "$TMP/error")"
  done <"$TMP/devices"
  reset_pick unit >"$TMP/units"
  while IFS=$TAB read -r _ reset_unit reset_was _; do
    [ "$reset_was" = active ] || continue
    ! systemctl is-active -q "$reset_unit" || continue
    does restore "$reset_unit" 'was running' || continue
    reset_watch systemctl start "$reset_unit" 2>/dev/null || log "left: $reset_unit ran before, and does not start"
  done <"$TMP/units"
}
`;
var recordStart = `# shellcheck shell=dash
# The end of the script that a unit's drop-in runs before each start: record-start UNIT TEXT_HASH.
# It records what the unit is about to read, so that a later run knows whether a restart is due.
# TEXT_HASH is in the drop-in, so it identifies the text that systemd has loaded, which may be older than the one on disk.

mkdir -p "$STATE/started" || exit 1
{
  printf 'invocation\\t%s\\n' "\${INVOCATION_ID:-}"
  printf 'loaded\\t%s\\n' "$2"
  fingerprint "$1"
} >"$STATE/started/.$1" && mv -f "$STATE/started/.$1" "$STATE/started/$1"
`;
var remoteProgram = [
  base,
  describe,
  lock,
  session,
  claim,
  inspect,
  beside,
  besideRead,
  snapshot,
  found,
  files,
  system,
  downloads,
  units,
  former,
  rolling
].map(withoutComments).join("\n");
var resetProgram = [reset, resetNetwork, resetFiles, resetSystem].join("\n");
var recordStartScript = ["#!/bin/sh", withoutComments(base), withoutComments(describe), recordStart].join(
  "\n"
);
function withoutComments(script2) {
  return script2.replaceAll(/^ *#.*\n/gm, "");
}

// src/host/expand.ts
var stateDirectory = "/var/lib/k8s-ha-action";
var unitDirectory = "/etc/systemd/system";
function expand(scope, state) {
  checkNames(scope, state);
  const directories = [...state.directories, ...state.units.filter(isService).map((u) => dropInDirectory(u.name))];
  const files2 = [...state.files, ...sysctlFile(scope, state), ...recordStart2(state), ...state.units.flatMap(unitFiles)];
  const swap = state.swapOff ? [{ path: `${unitDirectory}/swap.target`, target: "/dev/null" }] : [];
  const links = [...swap, ...state.units.flatMap(enablingLinks)];
  const downloads2 = state.downloads.flatMap(places);
  const ledger = [
    ...systemEntries(scope, state),
    ...directories.map((d) => entry("directory", d.path)),
    ...files2.map((f) => entry("file", f.path)),
    ...links.map((l) => entry("link", l.path)),
    ...downloads2.map((d) => entry("download", d.path)),
    ...leavingEntries(state.leaves)
  ];
  return { scope, state, directories, files: files2, links, downloads: downloads2, ledger };
}
function sha256(text) {
  return createHash2("sha256").update(text).digest("hex");
}
function hashOf(file) {
  return file.sha256 ?? sha256(file.content);
}
function isService(unit) {
  return unit.name.endsWith(".service");
}
function unitPath(name2) {
  return `${unitDirectory}/${name2}`;
}
function dropInDirectory(name2) {
  return { path: `${unitPath(name2)}.d`, mode: "755", owner: "root:root" };
}
function rootFile(path, content, more = {}) {
  return { path, content, mode: "600", owner: "root:root", secret: false, ...more };
}
function unitFiles(unit) {
  const { name: name2 } = unit;
  const reads = rootFile(`${stateDirectory}/reads/${name2}`, unit.reads.map((path) => `${path}
`).join(""), {
    unit: name2,
    internal: true
  });
  const text = rootFile(unitPath(name2), unit.content, { unit: name2 });
  return isService(unit) ? [reads, text, dropIn(unit)] : [reads, text];
}
function dropIn(unit) {
  const script2 = `${stateDirectory}/bin/record-start`;
  const line = `ExecCondition=-+/bin/sh ${script2} ${unit.name} ${sha256(unit.content)}`;
  return rootFile(`${unitPath(unit.name)}.d/10-k8s-ha-action.conf`, `[Service]
${line}
`, {
    unit: unit.name,
    internal: true
  });
}
function recordStart2(state) {
  if (state.units.length === 0) return [];
  return [rootFile(`${stateDirectory}/bin/record-start`, recordStartScript, { internal: true })];
}
function enablingLinks(unit) {
  const targets = [...unit.content.matchAll(/^WantedBy=(.*)$/gm)].flatMap(
    (match) => match[1]?.trim().split(/\s+/) ?? []
  );
  return (targets.length > 0 ? targets : ["multi-user.target"]).map((target) => ({
    path: `${unitDirectory}/${target}.wants/${unit.name}`,
    target: unitPath(unit.name),
    unit: unit.name
  }));
}
function sysctlFilePath(scope) {
  return `/etc/sysctl.d/zzz-k8s-ha-action-${scope}.conf`;
}
function sysctlFile(scope, state) {
  const lines = Object.entries(state.sysctls).map(([key, value]) => `${key} = ${value}
`);
  if (lines.length === 0) return [];
  return [rootFile(sysctlFilePath(scope), lines.join(""), { mode: "644" })];
}
function places(download) {
  if (typeof download.place === "string") return [{ download, path: download.place }];
  return Object.entries(download.place).map(([member, path]) => ({ download, member, path }));
}
var sharedDirectory = /^\/(bin|boot|dev|etc|home|lib|lib64|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)(\/(bin|sbin|lib|local|log|tmp|run|cache|spool))?(\/[*?])?$/;
function checkNames(scope, state) {
  if (!/^[a-z][a-z0-9-]*$/.test(scope)) throw badName("scope", scope);
  const paths = [
    ...state.directories.map((d) => d.path),
    ...state.files.map((f) => f.path),
    ...state.downloads.flatMap(places).map((d) => d.path),
    ...state.units.flatMap((u) => u.reads),
    ...state.absent,
    ...state.leaves.filter(({ kind }) => kind === "tree").map(({ subject }) => subject)
  ];
  for (const path of paths) {
    if (!/^\/[^\p{Cc}\\'"]+$/u.test(path) || /\/(\.\.?)?(\/|$)/.test(path)) throw badName("path", path);
  }
  for (const path of state.absent) {
    if (path.split("/").length < 3) throw badName("path to remove", path);
  }
  for (const { kind, subject } of state.leaves) {
    const isFit = kind === "tree" ? !sharedDirectory.test(subject) : /^[\w./: -]+$/.test(subject);
    if (!isFit) throw badName(`thing of the kind ${kind} to remove`, subject);
  }
  for (const { name: name2 } of state.units) {
    if (!/^[A-Za-z0-9:_.@-]+\.[a-z]+$/.test(name2)) throw badName("unit", name2);
  }
}
function badName(what, name2) {
  return new Problem(`${JSON.stringify(name2)} cannot be the name of a ${what}`, { code: "BAD_NAME" });
}

// src/host/leavings.ts
var leavingKinds = [
  /** A file, or a directory with all that is in it. The last part may be a pattern of sh. */
  "tree",
  /** A network interface, with the interfaces that are ports of it. */
  "interface",
  /** A subnet: all routes to it or into it. */
  "route",
  /** The beginning of the names of iptables chains and of ipsets. */
  "chain",
  /** An nftables table: `ip kube-proxy`. */
  "table",
  /** A control group at the top of each hierarchy; its processes are ended. */
  "cgroup",
  /** A program whose processes outlive their unit: they are ended with all their descendants. */
  "program",
  /** A kernel setting. */
  "tuned"
];
function leavings(kind, ...subjects) {
  return subjects.map((subject) => ({ kind, subject }));
}
var kinds = new Set(leavingKinds);
function isLeaving({ kind }) {
  return kinds.has(kind);
}

// src/host/step.ts
function changesOf(steps) {
  const changes = /* @__PURE__ */ new Map();
  for (const { change: change2 } of steps) {
    if (change2 === void 0) continue;
    const key = `${change2.kind} ${change2.subject}`;
    const before = changes.get(key);
    const known = before?.reason.split(", ").includes(change2.reason) || before?.reason === "missing";
    if (!before || change2.reason === "missing") changes.set(key, change2);
    else if (!known) changes.set(key, { ...change2, reason: `${before.reason}, ${change2.reason}` });
  }
  return [...changes.values()];
}

// src/host/unit-steps.ts
function unitSteps(wanted, now, placing) {
  const after = afterwards(wanted, now, placing);
  return wanted.state.units.flatMap((unit) => {
    const info = now.units.get(unit.name);
    const step = (kind, reason2) => ({
      do: kind === "reload" ? "reload-unit" : kind,
      unit,
      change: { kind, subject: unit.name, reason: reason2 }
    });
    if (info?.active !== "active" && info?.active !== "reloading" && info?.active !== "activating") {
      return [step("start", info?.active === "failed" ? "failed" : "not running")];
    }
    const reason = restartReason(unit, info.invocation, now, after);
    if (reason !== void 0) {
      const isReload = info.active === "active" && rereadReasons(unit).includes(reason);
      return [step(isReload ? "reload" : "restart", reason)];
    }
    return info.active === "activating" ? [step("start", `still ${info.sub}`)] : [];
  });
}
function afterwards(wanted, now, placing) {
  const files2 = new Map(wanted.files.map((file) => [file.path, hashOf(file)]));
  const gone = new Set(placing.flatMap((step) => step.do === "remove" ? [step.subject] : []));
  const fetched = new Set(placing.flatMap((step) => step.do === "download" ? [step.place.path] : []));
  return (path) => {
    const content = files2.get(path);
    if (content !== void 0) return [content];
    if (fetched.has(path)) return [];
    return gone.has(path) ? ["absent"] : valuesOf(now.paths.get(path));
  };
}
function valuesOf(info) {
  if (info === void 0) return ["absent"];
  if (info.sha256 === "") return ["other"];
  return [info.sha256, info.stat.replace(/\.\d+/g, "").split(":").slice(0, 3).join(":")];
}
function restartReason(unit, invocation, now, after) {
  const started = now.started.get(unit.name);
  const recorded = started?.get("invocation");
  if (started === void 0 || recorded !== "" && recorded !== invocation)
    return "no record of the configuration it was started with";
  if (started.get("loaded") !== sha256(unit.content)) return "its unit text changed since its start";
  const changed2 = [unitPath(unit.name), ...unit.reads].filter((path) => !after(path).includes(started.get(path) ?? ""));
  const first = changed2.find((path) => !unit.rereads?.includes(path)) ?? changed2[0];
  return first === void 0 ? void 0 : changedSince(first);
}
var changedSince = (path) => `${path} changed since its start`;
function rereadReasons({ rereads = [] }) {
  return rereads.map(changedSince);
}

// src/host/difference.ts
function difference(wanted, now) {
  const placing = [
    ...systemSteps(wanted, now),
    ...wanted.directories.flatMap((directory) => directorySteps(directory, now)),
    ...wanted.files.flatMap((file) => fileSteps(file, now)),
    ...linkSteps(wanted, now),
    ...wanted.downloads.flatMap((place2) => downloadSteps(place2, now, wanted.state.stagedFor !== void 0)),
    ...removalSteps(wanted, now)
  ];
  const steps = [...placing, ...unitSteps(wanted, now, placing)];
  const all = [...steps, ...upkeepSteps(wanted, now, steps)];
  return { steps: all, changes: changesOf(all) };
}
function change(kind, subject, reason) {
  return { change: { kind, subject, reason } };
}
function systemSteps({ scope, state }, now) {
  const steps = [];
  if (state.hostname !== void 0 && state.hostname !== now.hostname) {
    const reason = `${now.hostname} \u2192 ${state.hostname}`;
    steps.push({ do: "hostname", name: state.hostname, ...change("hostname", state.hostname, reason) });
  }
  const block = hostsBlock(now.hosts, scope);
  if (block !== hostLines(state.hostEntries)) {
    const reason = block === "" ? "missing" : "content differs";
    steps.push({ do: "hosts", entries: state.hostEntries, ...change("hosts", "/etc/hosts", reason) });
  }
  if (state.swapOff && now.swap) steps.push({ do: "swap", ...change("swap", "swap", "in use") });
  return [...steps, ...kernelSteps(state, now), ...packageSteps(state, now)];
}
function hostLines(entries) {
  return entries.map(({ address, names }) => `${address} ${names.join(" ")}
`).join("");
}
function hostsBlock(lines, scope) {
  const begin2 = lines.indexOf(`# BEGIN k8s-ha-action ${scope}`);
  const end2 = lines.indexOf(`# END k8s-ha-action ${scope}`);
  if (begin2 < 0 || end2 < begin2) return "";
  return lines.slice(begin2 + 1, end2).map((line) => `${line}
`).join("");
}
function kernelSteps(state, now) {
  const modules = state.modules.flatMap((module) => {
    if (!now.modules.has(module.name))
      return [{ do: "module", module, ...change("module", module.name, "not loaded") }];
    return now.bootModules.has(module.name) ? [] : [{ do: "module", module }];
  });
  const words = (value) => value.trim().split(/\s+/).join(" ");
  const sysctls = Object.entries(state.sysctls).flatMap(([key, value]) => {
    const is = now.sysctls.get(key);
    if (is !== void 0 && words(is) === words(value)) return [];
    return [
      { do: "sysctl", key, value, ...change("sysctl", key, `${is === void 0 ? "missing" : words(is)} \u2192 ${value}`) }
    ];
  });
  return [...modules, ...sysctls];
}
function packageSteps(state, now) {
  return [
    ...state.packages.filter((need) => !now.commands.has(need.command)).map((need) => ({ do: "package", need, ...change("package", need.command, "missing") })),
    ...state.users.filter((user) => !now.users.has(user.name)).map((user) => ({ do: "user", user, ...change("user", user.name, "missing") }))
  ];
}
function isKind(info, kind) {
  return (info.mode & 61440) === (kind === "file" ? 32768 : 16384);
}
function ownerReasons(info, mode, owner) {
  const is = info.mode & 4095;
  const isOwner = owner.includes(":") ? info.owner : info.owner.split(":")[0];
  return [
    ...is === Number.parseInt(mode, 8) ? [] : [`mode ${is.toString(8)} \u2192 ${mode}`],
    ...isOwner === owner ? [] : [`owner ${info.owner} \u2192 ${owner}`]
  ];
}
function directorySteps(directory, now) {
  const { path, mode, owner } = directory;
  const info = now.paths.get(path);
  const reasons = info === void 0 ? ["missing"] : isKind(info, "directory") ? ownerReasons(info, mode, owner) : ["is no directory"];
  return reasons.length === 0 ? [] : [{ do: "directory", directory, ...change("directory", path, reasons.join(", ")) }];
}
function fileSteps(file, now) {
  const { path, mode, owner } = file;
  const reported2 = (reason) => {
    if (file.unit !== void 0)
      return change("unit", file.unit, file.internal ? "its record of starts differs" : reason);
    return file.internal ? {} : change("file", path, reason);
  };
  const info = now.paths.get(path);
  if (info === void 0) return [{ do: "file", file, ...reported2("missing") }];
  if (!isKind(info, "file")) return [{ do: "file", file, ...reported2("is no regular file") }];
  if (info.sha256 !== hashOf(file)) return [{ do: "file", file, ...reported2("content differs") }];
  const reasons = ownerReasons(info, mode, owner);
  return reasons.length === 0 ? [] : [{ do: "set-owner", path, mode, owner, ...reported2(reasons.join(", ")) }];
}
function linkSteps(wanted, now) {
  return wanted.links.filter((link) => now.links.get(link.path) !== link.target).map((link) => {
    const reported2 = link.unit === void 0 ? change("swap", link.path, "not masked") : change("unit", link.unit, "not enabled");
    return { do: "link", link, ...reported2 };
  });
}
function downloadSteps(place2, now, isStaged) {
  const { path, download } = place2;
  const info = now.paths.get(path);
  const record = now.sums.get(path);
  const known = record !== void 0 && info?.sha256 === record.sha256;
  const have = info && { sha256: info.sha256, archive: known ? record.archive : "" };
  const fetch = (reason) => have && isStaged ? [{ do: "stage", place: place2, have }] : [{ do: "download", place: place2, ...have ? { have } : {}, ...change("download", path, reason) }];
  if (info === void 0) return fetch("missing");
  if (record === void 0) return fetch("of unknown origin");
  if (!known) return fetch("content differs");
  if (record.url !== download.url) return fetch(`${record.url} \u2192 ${download.url}`);
  if (download.sha256 !== void 0 && (place2.member === void 0 ? record.sha256 : record.archive) !== download.sha256)
    return fetch("not what the lock file names");
  const reasons = ownerReasons(info, download.mode, "root:root");
  const { mode } = download;
  return [
    ...reasons.length === 0 ? [] : [
      { do: "set-owner", path, mode, owner: "root:root", ...change("download", path, reasons.join(", ")) }
    ],
    // Only its times changed: recorded, so that the next run need not hash it again.
    ...record.stat === info.stat && reasons.length === 0 ? [] : [{ do: "record", path, record }]
  ];
}
function removalSteps(wanted, now) {
  const kept = new Set(
    [...now.ledger].flatMap(([scope, entries]) => scope === wanted.scope ? [] : entries).concat(wanted.ledger).map(keyOf)
  );
  const listed = now.ledger.get(wanted.scope) ?? [];
  const gone = listed.filter((e) => !kept.has(keyOf(e))).filter((e) => !isPlain(e) && e.kind !== "absent" && !isLeaving(e));
  const replaced = new Set(wanted.ledger.map((e) => e.subject));
  const order = ["unit", "file", "link", "download", "directory", "user", "module", "sysctl", "package"];
  const sorted = gone.filter((e) => !(isPlace(e) && replaced.has(e.subject))).toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || (a.subject < b.subject ? 1 : -1));
  const placed2 = new Set([...now.ledger.values()].flat().flatMap((e) => e.kind === "file" ? [e.subject] : []));
  const { writers } = wanted.state;
  const isOurs = (path) => writers[path] === void 0 || placed2.has(writers[path]);
  const absent = wanted.state.absent.filter((path) => now.paths.has(path) && isOurs(path)).map((path) => entry("absent", path));
  const units2 = new Set(sorted.filter((e) => e.kind === "unit").map((e) => unitPath(e.subject)));
  const own = ({ subject }) => units2.has(subject) || subject.startsWith(`${stateDirectory}/`) || /\/system\/[^/]+\.(d|wants)(\/|$)/.test(subject);
  return [...sorted, ...absent].filter((e) => isThere(e, now)).map((e) => {
    const step = { do: "remove", kind: e.kind, subject: e.subject };
    const reason = e.kind === "absent" ? "must not exist" : "no longer wanted";
    return own(e) || e.kind === "module" ? step : { ...step, ...change("remove", e.subject, reason) };
  });
}
function isPlace(e) {
  return e.kind === "file" || e.kind === "link" || e.kind === "download" || e.kind === "directory";
}
function isThere({ kind, subject, extra }, now) {
  switch (kind) {
    case "unit":
      return now.units.has(subject) && now.units.get(subject)?.load !== "not-found";
    case "link":
      return now.links.has(subject);
    case "user":
      return extra === "created" && now.users.has(subject);
    case "module":
      return now.bootModules.has(subject);
    case "sysctl":
    case "package":
      return false;
    default:
      return now.paths.has(subject);
  }
}
function finalLedger(wanted, now) {
  const before = now.ledger.get(wanted.scope) ?? [];
  const isCreated = (name2) => !now.users.has(name2) || before.some((e) => e.kind === "user" && e.subject === name2 && e.extra === "created");
  const due = wanted.ledger.map(
    (e) => e.kind === "user" && isCreated(e.subject) ? entry("user", e.subject, "created") : e
  );
  return [...due, ...before.filter(isLeaving)];
}
function upkeepSteps(wanted, now, steps) {
  const listed = ledgerText(now.ledger.get(wanted.scope) ?? []);
  const due = ledgerText(finalLedger(wanted, now));
  const reload = wanted.state.units.some(({ name: name2 }) => now.units.get(name2)?.needReload);
  return [
    ...now.pending.length > 0 || now.staged.has(wanted.scope) ? [{ do: "tidy" }] : [],
    ...reload ? [{ do: "reload" }] : [],
    ...steps.length > 0 || listed !== due ? [{ do: "ledger" }] : []
  ];
}

// src/host/exchange.ts
import { randomBytes as randomBytes3 } from "node:crypto";

// src/host/as-root.ts
var environment = [
  "LC_ALL=C",
  "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  "HOME=/",
  'SSH_CONNECTION="$SSH_CONNECTION"'
];
function asRoot(host, command) {
  const isolated = ["/usr/bin/env", "-i", ...environment, command].join(" ");
  return host.user === "root" ? isolated : `env LC_ALL=C sudo -n ${isolated}`;
}

// src/host/channel.ts
function statusOf(...[code2, signal]) {
  return code2 ?? (signal === void 0 ? void 0 : 255);
}

// src/host/event.ts
var prose = (most) => (text) => text.slice(0, most).replaceAll(new RegExp("(?![\\n\\t])\\p{Cc}", "gu"), "");
var lastLines = (most) => (text) => prose(most)(text.slice(-most));
var holder = (text) => text.slice(0, 200).replaceAll(/[^\w ./:,@()+-]/g, "?");
var matching = (pattern, what) => (text) => {
  if (pattern.test(text)) return text;
  throw hostNonsense(`${what} that is not valid`);
};
var raw = (text) => text;
var unitName = matching(/^[\w:.@\\-]{1,255}$/, "the name of a unit");
var place = prose(4096);
var knownCodes = new Set(remoteCodes);
var code = (text) => knownCodes.has(text) ? text : "REQUEST_FAILED";
var vocabulary = {
  ready: {},
  waiting: { holder },
  begin: { id: matching(/^[0-9a-f]{32}$/, "the mark of a request") },
  tick: {},
  clock: { now: matching(/^\d{1,11}(\.[\d%N]{0,12})?$/, "a time") },
  line: { s: matching(new RegExp("^\\P{Cc}{0,300}$", "u"), "the name of a section"), v: raw },
  log: { text: prose(4096), level: matching(/^warning$/, "the level of a line") },
  unit: { name: unitName, did: matching(/^(started|restarted|reloaded)$/, "what happened to a unit") },
  hold: { unit: unitName },
  change: {
    kind: matching(/^(stop|unmount|remove|restore)$/, "a kind of change"),
    subject: place,
    reason: prose(4096)
  },
  problem: {
    code,
    message: prose(4096),
    hint: prose(4096),
    detail: lastLines(16384),
    unit: unitName,
    file: place,
    url: place
  },
  over: {},
  end: { status: matching(/^\d{1,3}$/, "the status of a request") }
};
function looksLikeEvent(line) {
  return line.startsWith('{"t":');
}
function parseEvent(line) {
  const value = parseJson(line, (what) => hostNonsense(`an event is ${what}`), { depth: 1, values: 20 });
  if (typeof value !== "object" || value === null) throw hostNonsense("an event that is not an object");
  const { t, ...rest } = value;
  const fields = typeof t === "string" && Object.hasOwn(vocabulary, t) ? vocabulary[t] : void 0;
  if (typeof t !== "string" || fields === void 0) throw hostNonsense("an event of an unknown kind");
  const read = Object.entries(rest).map(([name2, text]) => {
    const field2 = Object.hasOwn(fields, name2) ? fields[name2] : void 0;
    if (field2 === void 0 || typeof text !== "string") throw hostNonsense(`an event "${t}" with an unknown field`);
    return [name2, field2(text)];
  });
  return { t, ...Object.fromEntries(read) };
}

// src/host/package-problems.ts
function refuseUnfit(steps, facts, host) {
  const needs = steps.flatMap((step) => step.do === "package" ? [step.need] : []);
  if (needs.length === 0 || facts === void 0) return;
  const names = needs.map(({ command, instead = [] }) => [command, ...instead].join(" or ")).join(", ");
  if (facts.packageManager === "none")
    throw new Problem(`the host lacks ${names}, and has none of apt-get, dnf, zypper`, {
      code: "NO_PACKAGE_MANAGER",
      host,
      hint: `Install what brings ${names} on the host, by its own means.`
    });
  if (facts.packageManager === "apt" && facts.isDpkgInterrupted === true)
    throw new Problem(`the host lacks ${names}, and its dpkg was interrupted`, {
      code: "PACKAGE_FAILED",
      host,
      hint: repair
    });
}
var repair = "On the host, as root: dpkg --configure -a && apt-get --fix-broken install";
var causes = [
  [/dpkg was interrupted|error processing package|--fix-broken|unmet dependencies|--configure -a/i, repair],
  [
    /could not get lock|unable to (?:lock|acquire)|locked by|transaction lock|waiting for process/i,
    "Another process has used the package manager of the host for ten minutes: see ps axf there (unattended-upgrades, apt-daily, packagekit), let it end, and run the job again."
  ],
  [
    /held (?:broken )?packages|held back|versionlock|filtered out by/i,
    "Packages of the host are held at a version that these need: see apt-mark showhold (or dnf versionlock list, zypper locks) there, and release them."
  ],
  [
    /temporary failure resolving|could not (?:resolve|connect)|couldn't (?:resolve|connect)|connection (?:timed out|refused|failed)|network is unreachable|no route to host|failed to download metadata|cannot (?:download|prepare) |curl\)? error|timeout exceeded|download .*failed|valid metadata not found/i,
    "The host does not reach its package sources: check its network and DNS, and set proxy in cluster.yaml if it needs one. The proxy of the host itself is not used."
  ],
  [
    /certificate (?:verify|verification|is not|problem)|SSL/,
    "The host does not trust the certificate of a package source: install ca-certificates or the CA of that mirror on it, and check its clock."
  ],
  [
    /no_pubkey|expkeysig|not signed|gpg|signature|release file .* (?:expired|not valid yet)/i,
    "The signature of a package source is not accepted: renew its key on the host, and check its clock."
  ],
  [
    /unable to locate package|no installation candidate|no match for argument|no package .* available|nothing provides|no provider of|not found in package names/i,
    "The package sources of the host do not have this package: enable the one that has it (universe on Ubuntu, AppStream on RHEL), or install the command by hand."
  ],
  [
    /not registered|subscription/i,
    "The host has no subscription for its package sources: register it, as with subscription-manager register."
  ],
  [
    /read-only file system|ostree|transactional|externally managed/i,
    "The system of this host is read-only and takes packages only by its own tool (rpm-ostree, transactional-update): install the package with it, and restart the host."
  ]
];
function packageHint(detail) {
  return causes.find(([words]) => words.test(detail))?.[1];
}

// src/host/exchange-problems.ts
function reported(host, event) {
  const { message = "", unit, file, detail, url } = event;
  const code2 = remoteCodes.find((known) => known === event.code) ?? "REQUEST_FAILED";
  const hint = event.hint || code2 === "PACKAGE_FAILED" && packageHint(detail ?? "") || hints[code2];
  return new Problem(redact(message), {
    code: code2,
    host: host.name,
    unit,
    file: file ?? url,
    hint: hint === void 0 ? void 0 : redact(hint),
    detail: detail === void 0 ? void 0 : redactLines(detail)
  });
}
function brokenOff(host, status, stderr) {
  return new Problem(`a request ended early with status ${status}`, {
    code: "REQUEST_FAILED",
    host: host.name,
    detail: redactLines(stderr)
  });
}
function silent(host, milliseconds) {
  return new Problem(`the host has sent nothing for ${milliseconds / 1e3} s`, {
    code: "HOST_SILENT",
    host: host.name,
    hint: "Check its load and its disks, then run the job again."
  });
}
function overdue(host, milliseconds) {
  return new Problem(`a request has not ended within ${milliseconds / 1e3} s, though the host still answers`, {
    code: "HOST_OVERDUE",
    host: host.name,
    hint: "Check what runs there (`ps axf`), its disks and its network, then run the job again: it continues where this one stopped."
  });
}
function ended(host, stderr) {
  const { fields, message } = lost();
  return new Problem(message, { ...fields, host: host.name, detail: redactLines(stderr) });
}
var insecureHint = "Nothing was changed. Root runs the files there, so every directory of the path must belong to root and be writable by root only: use chown root and chmod go-w, or choose another path in cluster.yaml (binDir, etcd.dataDir, audit-log-path).";
var hints = {
  HOST_LOCKED: "Wait for the other run, or cancel it; the lock ends with its connection.",
  RIVAL_RUN: "Nothing was changed here. Run this again when the other run has ended.",
  RUN_OVERTAKEN: "Nothing was changed here. Start a new run from its first job: this one would undo the changes of the other run.",
  DISK_FULL: "Free some space on the host and run the job again; the old files are unchanged.",
  DOWNLOAD_SUM_MISMATCH: "Nothing was installed. Check that the mirror is complete and up to date.",
  DOWNLOAD_FAILED: "Check that the host can reach this address (firewall, DNS). A proxy must be in cluster.yaml: the host\u2019s own settings are not used. The partial download is kept, and the next run resumes it.",
  LOCK_FAILED: "The lock is stored in etcd: check that etcd is healthy.",
  PLACE_INSECURE: insecureHint,
  RESTART_STOPPED: "See the error of the other host, fix its cause, and run again, from the first job on.",
  RESTART_REFUSED: "Fix the named part of the cluster first, then run the job again.",
  RESTART_UNKNOWN: "The requests and answers are above. Fix the cause and run the job again; the new files are installed. If you know that no running cluster depends on this host, run it once with force-restart: true."
};

// src/host/limits.ts
var mebibyte = 1024 * 1024;
var usualLimits = {
  lineBytes: mebibyte,
  requestBytes: 16 * mebibyte,
  events: 1e5,
  shown: 1e3,
  strays: 1e3,
  outputBytes: 16 * mebibyte,
  errorBytes: mebibyte,
  startMs: 12e4,
  silenceMs: 18e4,
  // Most of it is for hashing big binaries without a record on a slow disk.
  snapshotMs: 18e4
};
var patienceSeconds = 300;
function openMs(limits, lockSeconds, claimSeconds) {
  return limits.workMs ?? limits.startMs + 1e3 * (2 * (lockSeconds + patienceSeconds) + claimSeconds);
}
function inspectMs(limits, questions) {
  return limits.snapshotMs + 31e3 * questions;
}

// src/host/login-causes.ts
function adviceFor(what, lines, login) {
  const { causes: causes2, other } = what === "sudo" ? sudo : logins;
  for (const { words, hint } of causes2) {
    for (const line of lines) {
      const found2 = words.exec(line);
      if (found2 !== null) return { hint: hint(login, found2.groups?.name ?? ""), line };
    }
  }
  return { hint: other(login) };
}
var name = String.raw`(?:the +)?(?:user(?:name)? +|account +)?["'“‘\x60]?(?<name>(?!(?:an?|the|root|an?other|users?|your|normal|non|ordinary|regular|unprivileged|different|administrator)\b)[A-Za-z_][\w-]*(?:\.[\w-]+)*)`;
var otherUser = [
  new RegExp(String.raw`\b(?:log|sign) ?(?:in|on)(?:to [\w -]{1,40})? (?:as|with|using) +${name}`, "i"),
  new RegExp(String.raw`\buse +(?:the +)?(?:user(?:name)?|account|login) +${name}`, "i"),
  new RegExp(String.raw`\bssh (?:-\S+ +)*${name}@`, "i")
];
var logins = {
  causes: [
    ...otherUser.map((words) => ({
      words,
      hint: (_, user) => `Set ssh.user: ${user} in cluster.yaml; the user needs sudo without a password. The host's authorized_keys has a forced command for the key of this user.`
    })),
    {
      words: /(?:log ?in|connect) as (?:a |an |the )?(?:\w+[ -]){0,2}user|root log ?in.{0,20}(?:disabled|not allowed|not permitted)/i,
      hint: () => "Set ssh.user in cluster.yaml to the host's own user for administration; it needs sudo without a password."
    },
    {
      words: /password (?:has |is |was )?expired|password change required|(?:required|must) (?:to )?change your password|expired password/i,
      hint: ({ user }) => `The password of ${user} has expired: on the host, as root: passwd ${user}, or chage -d "$(date +%F)" -M -1 ${user}`
    },
    {
      words: /account (?:has |is )?expired|expired account/i,
      hint: ({ user }) => `The account of ${user} has expired: on the host, as root: chage -E -1 ${user}`
    },
    {
      words: /booting up|going down|unprivileged users are not permitted|nologin\b.*exists|under maintenance/i,
      hint: () => "The host starts, stops or is closed for maintenance: wait until it runs; if it does, look at /etc/nologin and /run/nologin."
    },
    {
      words: /account is (?:currently )?(?:not available|disabled|locked)|no shell access|shell access (?:is )?(?:disabled|denied|not)|nologin/i,
      hint: ({ user }) => `The login shell of ${user} refuses logins: on the host, as root: usermod -s /bin/bash ${user}, or set another ssh.user.`
    },
    {
      words: /\bsftp\b.{0,40}\bonly|only (?:allows? |permits? )?sftp|scponly|\brssh\b/i,
      hint: ({ user }) => `The host allows ${user} file transfers only: remove ForceCommand internal-sftp for the user in sshd_config, and command="\u2026" before the key in authorized_keys, or set another ssh.user.`
    },
    {
      words: /restricted|\brbash\b|lshell|forbidden command|git-shell|unrecognized command|not allowed to (?:execute|run)/i,
      hint: ({ user }) => `The login shell of ${user} allows only some commands: on the host, as root: usermod -s /bin/bash ${user}, or set another ssh.user.`
    },
    {
      words: /two-factor|second factor|passcode|verification code|\bduo\b|one-time/i,
      hint: ({ user }) => `The host asks for a second factor, which a job cannot give: exempt ${user} with this key from it, or set another ssh.user.`
    },
    {
      words: /not a (?:tty|terminal)|no tty|terminal is required|requires? a (?:tty|terminal)|missing or unsuitable terminal/i,
      hint: ({ user }) => `The login of ${user} starts a program that needs a terminal: let the start-up files of its shell (.bashrc, .profile) and ForceCommand do that only in a terminal, as [ -t 0 ] tells.`
    },
    {
      words: /too many logins|cannot fork|fork: |resource temporarily unavailable|out of memory|cannot allocate/i,
      hint: ({ user }) => `The host cannot start one more process or login for ${user}: see its memory, and the limits in /etc/security/limits.conf (maxlogins, nproc).`
    },
    {
      words: /no such file|not found|cannot execute|permission denied/i,
      hint: ({ user }) => `A program of the login is missing or not executable on the host: the login shell of ${user}, /usr/bin/env, sh or, for a user other than root, sudo.`
    }
  ],
  other: ({ user }) => `These are the host's own words. Try ssh ${user}@HOST true, and look at command="\u2026" before the key in authorized_keys, at ForceCommand in sshd_config, and at the login shell of ${user} with its start-up files.`
};
var inSudoers = (user) => user.replaceAll(/[\\@]/g, "\\$&");
function sudoersLine(line, file) {
  const command = line.includes("\\") ? "printf '%s\\n'" : "echo";
  return `${command} '${line}' > /etc/sudoers.d/${file.replaceAll(/[^\w-]/g, "-")}`;
}
var sudo = {
  causes: [
    {
      words: /must have a tty|requiretty/i,
      hint: ({ user }) => `sudo wants a terminal, which a job does not have. On the host, as root: ${sudoersLine(`Defaults:${inSudoers(user)} !requiretty`, `${user}-tty`)}`
    },
    {
      words: /password (?:has |is )?expired|account or password|account validation failure|account (?:has |is )?expired/i,
      hint: ({ user }) => `The account or the password of ${user} has expired. On the host, as root: chage -E -1 -M -1 -d "$(date +%F)" ${user}`
    },
    {
      words: /pam|authentication service|authentication error/i,
      hint: () => "PAM refuses sudo: see /etc/pam.d/sudo and the journal of the host (journalctl -t sudo)."
    },
    {
      words: /sudo['’:]?(?: command)?:? (?:command )?not found|sudo['’]?: no such file|unknown command:? sudo/i,
      hint: () => "Install sudo on the host, or set ssh.user: root."
    },
    {
      words: /syntax error|parse error|no valid sudoers|is owned by|writable|bad permissions/i,
      hint: () => "The host's sudoers is not valid: on the host, as root: visudo -c"
    },
    {
      words: /effective uid|no new privileges|nosuid|setuid/i,
      hint: () => "sudo cannot become root there: its program is not setuid, its file system is mounted nosuid, or sshd runs without new privileges."
    }
  ],
  other: ({ user }) => `On the host, as root: ${sudoersLine(`${inSudoers(user)} ALL=(ALL) NOPASSWD: ALL`, user)}; of several lines for the user the last one counts.`
};

// src/host/login-refusal.ts
var mostLines = 15;
var mostCharacters = 200;
function endOf(host, mark, stderr, status) {
  if (mark.passed || status === void 0) return ended(host, mark.passed ? mark.after(stderr) : said(mark, stderr));
  return loginRefused(host, linesOf(said(mark, stderr)), { user: host.user, status });
}
function loginRefused(host, detail, login) {
  if (isSudo(host, detail)) {
    const message2 = `the user ${host.user} cannot become root by sudo without a password`;
    const { hint: hint2 } = adviceFor("sudo", detail, login);
    return new Problem(message2, { code: "SUDO_REFUSED", host: host.name, hint: hint2, detail });
  }
  const { hint, line = detail.at(-1) } = adviceFor("login", detail, login);
  const words = line === void 0 ? "it says nothing" : `it says: ${cutLine(line.trim(), mostCharacters)}`;
  const message = `the host lets the user ${host.user} in, and runs no command (status ${login.status}); ${words}`;
  return new Problem(message, { code: "LOGIN_REFUSED", host: host.name, hint, detail });
}
function silentLogin(host, milliseconds, mark, stderr) {
  return new Problem(`the host has sent nothing for ${milliseconds / 1e3} s after the login of ${host.user}`, {
    code: "HOST_SILENT",
    host: host.name,
    hint: "Check its load and its disks, and that no start-up file of the login shell (.bashrc, .zshenv, /etc/profile.d) and no ForceCommand waits for input or starts another shell; then run the job again.",
    detail: linesOf(said(mark, stderr))
  });
}
function linesOf(text) {
  return redactLines(text).slice(-mostLines);
}
function said(mark, stderr) {
  return `${stderr}
${mark.words}`;
}
var sudoWords = /^(?:[\w/.-]+: )*(?:line \d+: )?['‘]?sudo(?:-rs)?['’]?:|\bsudoers\b|^sorry, user/i;
function isSudo(host, lines) {
  return host.user !== "root" && lines.some((line) => sudoWords.test(line));
}

// src/host/exchange.ts
var Exchange = class _Exchange {
  #connection;
  #channel;
  #host;
  #limits;
  #reader;
  #mark;
  #answer;
  #onClosed = () => {
  };
  #failure;
  #turn = Promise.resolve();
  #stderr = "";
  /** Counters of the current request. */
  #bytes = 0;
  #events = 0;
  #shown = 0;
  #strays = 0;
  constructor(connection2, channel, mark, host, limits) {
    this.#connection = connection2;
    this.#channel = channel;
    this.#mark = mark;
    this.#host = host;
    this.#limits = limits;
    this.#reader = new LineReader(limits.lineBytes, (what) => hostNonsense(what, host.name));
    channel.on("data", (chunk) => this.#guarded(() => this.#read(chunk)));
    channel.stderr.on("data", (chunk) => this.#guarded(() => this.#readError(chunk)));
    channel.on("error", (error) => this.#fail(lost(error)));
    channel.on("close", (...how) => this.#fail(endOf(host, mark, this.#stderr, statusOf(...how))));
  }
  /**
   * Starts the remote program as root and takes the host's lock.
   * @throws Problem LOGIN_REFUSED, SUDO_REFUSED, HOST_LOCKED, HOST_UNFIT, RIVAL_RUN, RUN_OVERTAKEN, HOST_NONSENSE, HOST_OVERDUE, HOST_SILENT.
   */
  static async open(connection2, host, options) {
    const program = Buffer.from(remoteProgram);
    const mode = options.readOnly ? "n" : options.dryRun ? "s" : "x";
    const { lockSeconds = 60, holder: holder2 = "", claim: claim2 } = options;
    const claimed = claim2 ? claimWords(claim2) : [];
    const bootstrap = 'PROGRAM=$(head -c "$1"); eval "$PROGRAM"; shift; session "$@"';
    const words = [String(program.length), mode, String(lockSeconds), holder2, ...claimed];
    const start = call("sh", "-c", bootstrap, "sh", ...words);
    const limits = { ...usualLimits, ...options.limits };
    const mark = new LoginMark();
    const channel = await connection2.exec(asRoot(host, mark.before(start)));
    const exchange = new _Exchange(connection2, channel, mark, host, limits);
    const claimSeconds = claim2?.as === "first" ? claim2.waitSeconds : 0;
    await exchange.#begin(program, options, openMs(limits, lockSeconds, claimSeconds));
    return exchange;
  }
  async #begin(program, options, limitMs) {
    const late = setTimeout(() => this.#abandon(this.#late()), this.#limits.startMs);
    const onEvent = (event) => {
      if (event.t !== "waiting") return;
      clearTimeout(late);
      options.log.info(`${this.#host.name}: waiting for ${redact(event.holder ?? "")} to leave the host`);
    };
    try {
      await this.#converse({ send: program, last: "ready", limitMs, onEvent });
    } finally {
      clearTimeout(late);
    }
  }
  /** The program has not begun in its time: the login shell does something else, or the host is silent or slow. */
  #late() {
    const { startMs } = this.#limits;
    if (!this.#mark.passed) return silentLogin(this.#host, startMs, this.#mark, this.#stderr);
    return (this.#events > 0 ? overdue : silent)(this.#host, startMs);
  }
  /**
   * Sends shell text that calls the program's functions; resolves with all events when the answer is complete.
   * @param limitMs the time limit; a keep-alive does not extend it.
   */
  async request(script2, limitMs, onEvent = () => {
  }) {
    const turn = this.#turn.then(async () => {
      const mark = randomBytes3(16).toString("hex");
      const body = Buffer.from(`${call("request_begin", mark)}
${script2}`);
      const send2 = Buffer.concat([Buffer.from(`${body.length}
`), body]);
      return await this.#converse({ send: send2, last: "end", mark, limitMs, onEvent });
    });
    this.#turn = turn.catch(() => {
    });
    return await turn;
  }
  /** Ends the program: it reads the end of its input, releases the lock and exits. Takes 2 s at most. */
  async close() {
    if (this.#failure) return;
    const closed = new Promise((resolve) => {
      this.#onClosed = resolve;
      setTimeout(resolve, 2e3).unref();
    });
    this.#channel.end();
    await closed;
  }
  #converse({ send: send2, last, mark, limitMs, onEvent }) {
    return new Promise((resolve, reject) => {
      if (this.#failure) return reject(this.#failure);
      this.#bytes = 0;
      this.#events = 0;
      this.#shown = 0;
      this.#strays = 0;
      const { silenceMs } = this.#limits;
      const events = [];
      let begun = mark === void 0;
      let problem;
      const silence = setTimeout(() => this.#abandon(silent(this.#host, silenceMs)), silenceMs);
      const deadline = setTimeout(() => this.#abandon(overdue(this.#host, limitMs)), limitMs);
      const finish = (act) => {
        clearTimeout(silence);
        clearTimeout(deadline);
        this.#answer = void 0;
        act();
      };
      const take = (event) => {
        silence.refresh();
        if (!begun) {
          begun = this.#isBegin(event, mark);
          return;
        }
        onEvent(event);
        this.#keep(event, events);
        if (event.t === "problem") problem ??= reported(this.#host, event);
        if (event.t !== last) return;
        const failed = problem ?? (event.status && event.status !== "0" ? this.#broken(event.status) : void 0);
        finish(() => failed ? reject(failed) : resolve(events));
      };
      this.#answer = { take, fail: (error) => finish(() => reject(problem ?? error)) };
      this.#channel.write(send2);
    });
  }
  /** Whether the answer begins with this event. Earlier events belong to an earlier request, or to none. */
  #isBegin({ t, id }, mark) {
    if (t === "begin" && id === mark) return true;
    this.#stray();
    return false;
  }
  #keep(event, events) {
    this.#events += 1;
    const { events: most } = this.#limits;
    if (this.#events > most) throw hostNonsense(`more than ${most} events`, this.#host.name);
    if (event.t === "log" || event.t === "waiting") this.#shown += 1;
    const { shown } = this.#limits;
    if (this.#shown > shown) throw hostNonsense(`more than ${shown} lines for the log`, this.#host.name);
    if (event.t !== "tick") events.push(event);
  }
  #stray() {
    this.#strays += 1;
    const { strays } = this.#limits;
    if (this.#strays > strays) throw hostNonsense(`more than ${strays} lines that answer nothing`, this.#host.name);
  }
  #count(bytes) {
    this.#bytes += bytes;
    const { requestBytes } = this.#limits;
    if (this.#bytes > requestBytes) throw hostNonsense(`more than ${inUnits(requestBytes)}`, this.#host.name);
  }
  #read(chunk) {
    this.#count(chunk.length);
    for (const line of this.#reader.take(this.#mark.take(chunk))) {
      if (!looksLikeEvent(line)) this.#stray();
      else if (this.#answer) this.#answer.take(parseEvent(line));
      else this.#stray();
    }
  }
  #readError(chunk) {
    this.#count(chunk.length);
    this.#stderr = `${this.#stderr}${chunk.toString()}`.slice(-4e3);
  }
  /** Runs a reader and ends the exchange on its error. Thrown into a library's event, the error would end the process or be lost. */
  #guarded(read) {
    if (this.#failure) return;
    try {
      read();
    } catch (error) {
      this.#abandon(error instanceof Problem ? error.within({ host: this.#host.name }) : error);
    }
  }
  /** Ends the exchange with an unreliable host at once, and closes the connection, so that no more data arrives. */
  #abandon(error) {
    this.#fail(error);
    this.#channel.destroy();
    this.#connection.close(true);
  }
  #fail(error) {
    this.#failure ??= error;
    this.#answer?.fail(error);
    this.#onClosed();
  }
  #broken(status) {
    return brokenOff(this.#host, status, this.#mark.after(this.#stderr));
  }
};
function claimWords(claim2) {
  const seconds = String(claim2.as === "first" ? claim2.waitSeconds : claim2.holdSeconds);
  return [claim2.as, seconds, ...claim2.commit ? [claim2.commit.id, claim2.commit.began.toISOString()] : []];
}

// src/host/facts.ts
import { isIP } from "node:net";

// src/host/beside.ts
import { basename } from "node:path/posix";
var mountTroubles = ["noexec", "readonly", "volatile", "network"];
var mostLines2 = 5e3;
function parseBeside(sections) {
  const lines = (sections.get("beside") ?? []).map((line) => line.split("	"));
  const firewall = sections.get("firewall") ?? [];
  if (lines.length > mostLines2 || firewall.length > 100 * mostLines2)
    throw hostNonsense(`more than ${mostLines2} lines of other programs' configuration`);
  const of = (kind) => lines.flatMap(([is, ...fields]) => is === kind ? [fields] : []);
  const firsts = (kind) => [...new Set(of(kind).map(([first = ""]) => first))];
  return {
    sysctls: of("sysctl").map(([file = "", key = "", ...value]) => ({ file, key, value: value.join(" ") })),
    dropIns: dropInsOf(of("dropin")),
    swap: firsts("swap"),
    resolvers: resolversOf(of("resolver")),
    left: firsts("left"),
    missingModules: firsts("missing"),
    blockedModules: of("modprobe").map(([file = "", name2 = ""]) => ({ file, name: name2 })),
    services: firsts("service"),
    allowed: firsts("allow"),
    locked: of("locked").map(([key = "", ...value]) => ({ key, value: value.join(" ") })),
    open: of("open").map((words) => words.join(" "))[0],
    mounts: mountTroubles.flatMap((how) => of(how).map(([path = "", mount = ""]) => ({ path, mount, how }))),
    emptied: of("tmpfiles").map(([file = "", path = ""]) => ({ file, path })),
    controllers: firsts("controllers"),
    haproxyMayConnect: firsts("boolean").map((value) => value === "1")[0],
    chains: parseChains(firewall),
    unread: of("unread").map((words) => words.join(" "))[0]
  };
}
function dropInsOf(lines) {
  const first = /* @__PURE__ */ new Map();
  return lines.map(([file = "", unit = "", key = "", value]) => ({ file, unit, key, ...value !== void 0 && { value } })).filter(({ file, unit }) => {
    const place2 = `${unit}/${basename(file)}`;
    if (!first.has(place2)) first.set(place2, file);
    return first.get(place2) === file;
  });
}
function resolversOf(lines) {
  const resolvers = /* @__PURE__ */ new Map();
  for (const [file = "", address] of lines) {
    const addresses = resolvers.get(file) ?? [];
    if (address !== void 0) addresses.push(address);
    resolvers.set(file, addresses);
  }
  return resolvers;
}
function parseChains(lines) {
  return [...nftChains(lines), ...legacyChains(lines)];
}
var tableLine = /^table (?<table>\S+ \S+) \{$/;
var chainLine = /^\s*chain (?<chain>\S+) \{$/;
var hookLine = /^\s*type filter hook (?<hook>input|forward) .*policy (?<policy>accept|drop);$/;
var lastWord = /^\s*(?:counter packets \d+ bytes \d+ |log(?: prefix "[^"]*")? )*(?<verdict>drop|reject)(?: with .*)?$/;
function nftChains(lines) {
  const found2 = [];
  let [table, chain] = ["", ""];
  for (const line of lines) {
    table = tableLine.exec(line)?.groups?.table ?? table;
    chain = chainLine.exec(line)?.groups?.chain ?? chain;
    const { hook, policy } = hookLine.exec(line)?.groups ?? {};
    const verdict = lastWord.exec(line)?.groups?.verdict;
    const current = found2.at(-1);
    if (hook !== void 0)
      found2.push({ name: `${table} ${chain}`, hook: hookOf(hook), otherwise: policy === "drop" ? "drop" : "accept" });
    else if (verdict !== void 0 && current?.name === `${table} ${chain}`)
      found2[found2.length - 1] = { ...current, otherwise: verdict === "drop" ? "drop" : "reject" };
  }
  return found2;
}
function legacyChains(lines) {
  return lines.flatMap((line) => {
    const { chain, policy, verdict } = /^-P (?<chain>INPUT|FORWARD) (?<policy>ACCEPT|DROP)$/.exec(line)?.groups ?? /^-A (?<chain>INPUT|FORWARD) -j (?<verdict>DROP|REJECT)\b/.exec(line)?.groups ?? {};
    if (chain === void 0) return [];
    const otherwise = verdict === "REJECT" ? "reject" : policy === "ACCEPT" ? "accept" : "drop";
    return [{ name: `iptables ${chain}`, hook: hookOf(chain.toLowerCase()), otherwise }];
  });
}
function hookOf(text) {
  return text === "forward" ? "forward" : "input";
}

// src/host/listening.ts
var socketLine = /^(?<udp>udp )?(?<address>[0-9A-F]{8}|[0-9A-F]{32}):(?<port>[0-9A-F]{4}) (?<unit>.*)$/;
var unitName2 = /^[\w:.@\\-]{1,255}$/;
function parseListening(lines) {
  const sockets = lines.map((line) => {
    const { udp, address = "", port = "", unit = "" } = socketLine.exec(line)?.groups ?? {};
    if (port === "") throw hostNonsense("a listening socket without address and port");
    const socket = { port: Number.parseInt(port, 16), address: parseAddress(address) };
    return { ...socket, unit: unitName2.test(unit) ? unit : "", ...udp && { protocol: "udp" } };
  });
  const unique = new Map(sockets.map((socket) => [`${socket.protocol} ${socket.address} ${socket.port}`, socket]));
  return [...unique.values()].toSorted((a, b) => a.port - b.port || (a.address < b.address ? -1 : 1));
}
function parseAddress(hex) {
  const bytes = Buffer.from(hex, "hex");
  for (let i = 0; i + 4 <= bytes.length; i += 4) bytes.subarray(i, i + 4).reverse();
  if (bytes.length === 4) return bytes.join(".");
  const mapped = bytes.subarray(0, 12).toString("hex") === "00000000000000000000ffff";
  return mapped ? bytes.subarray(12).join(".") : compressed(bytes);
}
function compressed(bytes) {
  const text = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2).toString(16)).join(":");
  const runs = [...text.matchAll(/\b0(?::0)+\b/g)].toSorted((a, b) => b[0].length - a[0].length);
  const run = runs[0];
  if (run === void 0) return text;
  const [before, after] = [text.slice(0, run.index), text.slice(run.index + run[0].length)];
  return `${before.replace(/:$/, "")}::${after.replace(/^:/, "")}`;
}

// src/host/snapshot.ts
function sectionsOf(events) {
  const sections = /* @__PURE__ */ new Map();
  for (const event of events) {
    if (event.t !== "line") continue;
    const name2 = event.s ?? "";
    const lines = sections.get(name2);
    if (lines) lines.push(event.v ?? "");
    else sections.set(name2, [event.v ?? ""]);
  }
  return sections;
}
var mostEntries = 2e4;
function parseSnapshot(events, sections = sectionsOf(events)) {
  const lines = (name2) => sections.get(name2) ?? [];
  const fields = (name2) => lines(name2).map((line) => line.split("	"));
  return {
    ledger: parseLedger(events),
    paths: new Map(fields("path").map(parsePath)),
    links: new Map(lines("link").flatMap(parseLink)),
    sysctls: new Map(fields("sysctl").map(([key = "", ...value]) => [key, value.join(" ")])),
    modules: new Set(lines("module")),
    bootModules: new Map(fields("modules").map(([name2 = "", boots = ""]) => [name2, boots])),
    commands: new Set(lines("command")),
    users: new Set(lines("user")),
    sums: new Map(fields("sums").map(parseSum)),
    units: parseUnits(lines("unit")),
    started: parseStarted(sections),
    reads: new Map(byUnit(sections, "reads")),
    hosts: lines("hosts"),
    pending: lines("pending"),
    staged: new Set(lines("staged")),
    hostname: lines("hostname")[0] ?? "",
    swap: lines("swap").length > 1
  };
}
function parseLedger(events) {
  const ledger = /* @__PURE__ */ new Map();
  let scope = [];
  let entries = 0;
  for (const { s, v = "" } of events) {
    if (s === "scope") {
      if (!/^[a-z][a-z0-9-]{0,99}$/.test(v)) throw hostNonsense("the name of a scope that is not valid");
      scope = [];
      ledger.set(v, scope);
    } else if (s === "ledger") {
      entries += 1;
      if (entries > mostEntries) throw hostNonsense(`more than ${mostEntries} entries in its lists of what was placed`);
      scope.push(parseEntry(v));
    }
  }
  return ledger;
}
function parsePath([path = "", mode = "", owner = "", stat = "", sha2562 = ""]) {
  if (!/^[0-9a-f]{1,8}$/.test(mode) || !/^([0-9a-f]{64})?$/.test(sha2562))
    throw hostNonsense("a path without a mode, or with a checksum that is not valid");
  return [path, { mode: Number.parseInt(mode, 16), owner, stat, sha256: sha2562 }];
}
function parseLink(line) {
  const match = /^'(.*)' -> '(.*)'$/.exec(line);
  return match?.[1] !== void 0 && match[2] !== void 0 ? [[match[1], match[2]]] : [];
}
function parseSum([path = "", stat = "", sha2562 = "", url = "", archive = ""]) {
  return [path, { stat, sha256: sha2562, url, archive }];
}
function parseUnits(lines) {
  const units2 = /* @__PURE__ */ new Map();
  let values = /* @__PURE__ */ new Map();
  for (const line of [...lines, ""]) {
    const equals = line.indexOf("=");
    if (equals >= 0) values.set(line.slice(0, equals), line.slice(equals + 1));
    if (line !== "") continue;
    const name2 = values.get("Id");
    if (name2 !== void 0) units2.set(name2, unitOf(values));
    values = /* @__PURE__ */ new Map();
  }
  return units2;
}
function unitOf(values) {
  const value = (name2) => values.get(name2) ?? "";
  return {
    load: value("LoadState"),
    active: value("ActiveState"),
    sub: value("SubState"),
    invocation: value("InvocationID"),
    needReload: value("NeedDaemonReload") === "yes"
  };
}
function byUnit(sections, kind) {
  return [...sections].filter(([name2]) => name2.startsWith(`${kind} `)).map(([name2, lines]) => [name2.slice(kind.length + 1), lines]);
}
function parseStarted(sections) {
  const pair = (line) => {
    const [path = "", value = ""] = line.split("	");
    return [path, value];
  };
  return new Map(byUnit(sections, "started").map(([unit, lines]) => [unit, new Map(lines.map(pair))]));
}

// src/host/facts.ts
function clockOf(host, before, after) {
  return { clockSkewMs: Math.round(host - (before + after) / 2), clockErrorMs: Math.ceil((after - before) / 2) };
}
function parseFacts(sections, ledger, clock) {
  const lines = (name2) => sections.get(name2) ?? [];
  const files2 = parseFiles(lines("file"));
  const word = (name2) => lines("facts").find((line) => line.startsWith(`${name2} `))?.slice(name2.length + 1);
  const text = (path) => files2.get(path)?.[0]?.trim() ?? "";
  const units2 = parseUnits(lines("unit"));
  const disks = lines("disk").map(parseDisk);
  const isActive = (unit) => units2.get(unit)?.active === "active";
  return {
    hostname: text("/proc/sys/kernel/hostname"),
    machineId: text("/etc/machine-id"),
    os: parseOs(files2.get("/etc/os-release") ?? []),
    architecture: goArchitecture(word("machine") ?? ""),
    kernel: text("/proc/sys/kernel/osrelease"),
    systemdVersion: leadingNumber(word("systemd") ?? "0", "the version of systemd"),
    cgroupVersion: word("cgroup") === "2" ? 2 : 1,
    cpus: countCpus(text("/sys/devices/system/cpu/online")),
    memoryMiB: memory(files2.get("/proc/meminfo") ?? []),
    freeMiB: Object.fromEntries(disks.map(({ path, free }) => [path, free])),
    fileSystems: Object.fromEntries(disks.map(({ path, fileSystem }) => [path, fileSystem])),
    ...clock,
    addresses: lines("address").flatMap(parseAddress2),
    swap: (files2.get("/proc/swaps")?.length ?? 0) > 1,
    listening: parseListening(lines("listening")),
    packageManager: packageManager(word("package-manager")),
    ...word("dpkg") === "interrupted" && { isDpkgInterrupted: true },
    resolvedRuns: isActive("systemd-resolved.service"),
    selinux: selinux(text("/sys/fs/selinux/enforce")),
    firewalls: [
      ...isActive("firewalld.service") ? ["firewalld"] : [],
      // The service of ufw is active even if the firewall is off.
      ...(files2.get("/etc/ufw/ufw.conf") ?? []).includes("ENABLED=yes") && isActive("ufw.service") ? ["ufw"] : []
    ],
    foreign: foreign(lines("foreign"), ledger),
    ...text("/proc/sys/kernel/modules_disabled") === "1" && { loadsNoModules: true },
    ...localPorts(text("/proc/sys/net/ipv4/ip_local_port_range"), text("/proc/sys/net/ipv4/ip_local_reserved_ports")),
    beside: parseBeside(sections)
  };
}
function localPorts(range, reserved) {
  const [first = "", last = ""] = range.split(/\s+/);
  if (!/^\d{1,5}$/.test(first) || !/^\d{1,5}$/.test(last)) return {};
  const kept = reserved.split(",").flatMap((part) => {
    const { from = "", to = from } = /^(?<from>\d{1,5})(?:-(?<to>\d{1,5}))?$/.exec(part)?.groups ?? {};
    return from === "" ? [] : [[Number(from), Number(to)]];
  });
  return { localPorts: { first: Number(first), last: Number(last), reserved: kept } };
}
function parseFiles(lines) {
  const files2 = /* @__PURE__ */ new Map();
  let current = [];
  for (const line of lines) {
    if (line.startsWith("=")) {
      current = [];
      files2.set(line.slice(1), current);
    } else current.push(line.slice(1));
  }
  return files2;
}
function parseOs(lines) {
  const value = (name2) => lines.find((line) => line.startsWith(`${name2}=`))?.slice(name2.length + 1).replaceAll(/^["']|["']$/g, "") ?? "";
  return { id: value("ID"), versionId: value("VERSION_ID"), name: value("PRETTY_NAME") };
}
function goArchitecture(machine) {
  const names = { x86_64: "amd64", aarch64: "arm64", armv7l: "arm" };
  return names[machine] ?? machine;
}
function leadingNumber(text, what) {
  const digits = /^\d{1,15}(?!\d)/.exec(text)?.[0];
  if (digits === void 0) throw hostNonsense(`${what} is no number`);
  return Number(digits);
}
function countCpus(online) {
  const ranges = online === "" ? [] : online.split(",");
  return ranges.reduce((sum, range) => {
    const { first = "", last = first } = /^(?<first>\d{1,5})(?:-(?<last>\d{1,5}))?$/.exec(range)?.groups ?? {};
    if (first === "" || Number(last) < Number(first)) throw hostNonsense("its list of CPUs is not valid");
    return sum + Number(last) - Number(first) + 1;
  }, 0);
}
function memory(lines) {
  const total = lines.find((line) => line.startsWith("MemTotal:"))?.slice("MemTotal:".length) ?? "0";
  return Math.floor(leadingNumber(total.trimStart(), "its memory") / 1024);
}
function parseDisk(line) {
  const {
    free = "",
    fileSystem = "",
    path = ""
  } = /^(?<free>\S+) (?<fileSystem>\S+) (?<path>.+)$/.exec(line)?.groups ?? {};
  return { path, fileSystem, free: Math.floor(leadingNumber(free, "the free space of a disk") / 1024) };
}
function parseAddress2(line) {
  const [, name2, family, address] = line.split(/\s+/, 4);
  if (!family?.startsWith("inet") || name2 === void 0 || address === void 0) return [];
  const [ip = "", prefix = family === "inet" ? "32" : "128"] = address.split("/");
  if (!isIP(ip) || !/^\d{1,3}$/.test(prefix)) throw hostNonsense("an address of an interface that is not valid");
  return [{ interface: name2, address: ip, prefix: Number(prefix) }];
}
function packageManager(found2) {
  if (found2 === "apt-get") return "apt";
  return found2 === "dnf" || found2 === "zypper" ? found2 : "none";
}
function selinux(enforce) {
  if (enforce === "") return "disabled";
  return enforce === "1" ? "enforcing" : "permissive";
}
var mostSigns = 200;
function foreign(found2, ledger) {
  if (found2.length > mostSigns) throw hostNonsense(`more than ${mostSigns} signs of another Kubernetes`);
  const own = new Set([...ledger.values()].flat().map((entry2) => entry2.subject));
  return found2.filter((path) => !own.has(path) && !(path.endsWith("/kubelet.conf") && own.has("kubelet.service")));
}

// src/host/inspection.ts
function filesOf(sections) {
  const bytes = contentOf(sections.get("content") ?? []);
  const files2 = /* @__PURE__ */ new Map();
  let offset = 0;
  for (const line of sections.get("read") ?? []) {
    const { size, path } = /^(?<size>\d{1,9})\t(?<path>\/.*)$/.exec(line)?.groups ?? {};
    if (size === void 0 || path === void 0) throw hostNonsense("a file without size and path");
    const end2 = offset + Number(size);
    files2.set(path, bytes.toString("utf8", offset, end2));
    offset = end2;
  }
  if (offset === bytes.length) return files2;
  throw new Problem(`files changed while they were read: ${offset} of ${bytes.length} bytes`, {
    code: "HOST_FILES_CHANGED",
    hint: "Another program writes to the certificates or kubeconfigs of this host. Find it, then run the job again."
  });
}
function certificatesOf(sections) {
  return new Map(
    (sections.get("certificates") ?? []).map((line) => {
      const { path, text } = /^(?<path>\/[^\t]*)\t(?<text>.*)$/.exec(line)?.groups ?? {};
      if (path === void 0 || text === void 0) throw hostNonsense("certificates without a path");
      return [path, contentOf([text]).toString("utf8")];
    })
  );
}
var withheldLine = /^(?<path>\/[^\t]*)\t(?<sha256>[0-9a-f]{64})\t(?<withoutKey>[0-9a-f]{64})\t(?<half>[?!]|[0-9a-f]{64})\t(?<place>alone|among)\t(?<text>.*)$/;
function withheldOf(sections) {
  const marks = { "?": "unknown", "!": "unreadable" };
  return new Map(
    (sections.get("withheld") ?? []).map((line) => {
      const { path, sha256: sha2562 = "", withoutKey = "", half = "", place: place2, text = "" } = withheldLine.exec(line)?.groups ?? {};
      if (path === void 0) throw hostNonsense("a withheld file without its checksums");
      const certificate = contentOf([text]).toString("utf8");
      return [path, { sha256: sha2562, withoutKey, publicHalf: marks[half] ?? half, isAlone: place2 === "alone", certificate }];
    })
  );
}
function contentOf(lines) {
  const isBase64 = lines.every((line) => /^[A-Za-z0-9+/]*={0,2}$/.test(line));
  if (!isBase64) throw hostNonsense("contents of files that are not in base64");
  return Buffer.from(lines.join(""), "base64");
}
function answersOf(sections, count) {
  const status = new Map((sections.get("status") ?? []).map(statusOf2));
  return Array.from({ length: count }, (_, index) => ({
    status: status.get(index) ?? 255,
    stdout: (sections.get(`ask ${index}`) ?? []).join("\n")
  }));
}
function statusOf2(line) {
  const { question, status } = /^(?<question>\d{1,4}) (?<status>\d{1,3})$/.exec(line)?.groups ?? {};
  if (question === void 0) throw hostNonsense("a status without a question");
  return [Number(question), Number(status)];
}

// src/host/reset.ts
function resetScript(how) {
  return [resetProgram, ...how === "wet" ? ["claim_take"] : [], call("reset_host", how), ""].join("\n");
}
var resetSeconds = 900;
function resetMs({ snapshotMs, workMs } = usualLimits) {
  return workMs ?? snapshotMs + 1e3 * resetSeconds;
}
var mostChanges = 2e4;
function changesIn(events) {
  const changes = events.flatMap(
    ({ t, kind, subject = "", reason = "" }) => t === "change" ? [{ kind, subject, reason }] : []
  );
  if (changes.length > mostChanges) throw hostNonsense(`more than ${mostChanges} changes of a reset`);
  return [...new Map(changes.map((change2) => [`${change2.kind} ${change2.subject} ${change2.reason}`, change2])).values()];
}
function ownersIn(ledger, sections) {
  const entries = [...ledger.values()].flat();
  const listed = entries.filter(({ kind }) => kind === "owner").map(({ subject }) => subject);
  const owners = new Set(ledger.size === 0 ? sections.get("reset") : listed);
  if (![...owners].every((name2) => /^[\w.-]{1,100}$/.test(name2)))
    throw hostNonsense("the name of a cluster that can be none");
  return [...owners];
}

// src/host/run.ts
import { once } from "node:events";
async function runCommand(connection2, host, command, options, limits = usualLimits) {
  const { input = "", timeoutSeconds = 60 } = options;
  const limited = call("timeout", "-k", "2", String(timeoutSeconds + 1), "sh", "-c", command);
  const mark = new LoginMark();
  let end2 = () => {
  };
  let over = false;
  const work = async () => {
    const channel = await connection2.exec(asRoot(host, mark.before(limited)));
    end2 = () => void channel.destroy();
    if (over) end2();
    const [result] = await Promise.all([collect(channel, host, mark, limits), send(input, channel)]);
    return result;
  };
  try {
    return await pTimeout(work(), { milliseconds: timeoutSeconds * 1e3, message: timedOut(host, timeoutSeconds) });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code === "HOST_NONSENSE") connection2.close(true);
    throw error.within({ host: host.name });
  } finally {
    over = true;
    end2();
  }
}
async function send(input, channel) {
  if (typeof input === "string") return void channel.end(input);
  for await (const piece of input) {
    if (!channel.writable) return;
    if (!channel.write(piece)) await drained(channel);
  }
  channel.end();
}
async function drained(channel) {
  const over = new AbortController();
  const seen = (event) => once(channel, event, { signal: over.signal }).catch(() => void 0);
  await Promise.race([seen("drain"), seen("close")]);
  over.abort();
}
function collect(channel, host, mark, limits) {
  return new Promise((resolve, reject) => {
    const stdout = new Bytes(limits.outputBytes, (what) => hostNonsense(`a command's output has ${what}`));
    const stderr = new Tail(limits.errorBytes);
    let status;
    channel.on("data", (chunk) => {
      try {
        stdout.add(mark.take(chunk));
      } catch (error) {
        channel.removeAllListeners("data").resume();
        reject(error);
      }
    });
    channel.stderr.on("data", (chunk) => stderr.add(chunk));
    channel.on("exit", (code2) => {
      status = code2 ?? 255;
    });
    channel.on("error", (error) => reject(lost(error)));
    channel.on("close", (...how) => {
      status ??= statusOf(...how);
      if (status === void 0 || !mark.passed) reject(endOf(host, mark, stderr.text(), status));
      else resolve({ status, stdout: stdout.text(), stderr: mark.after(stderr.text()) });
    });
  });
}
function timedOut(host, seconds) {
  return new Problem(`a command has not ended within ${seconds} s`, { code: "COMMAND_TIMEOUT", host: host.name });
}

// src/host/former.ts
function formerCalls(wanted, now, steps) {
  const changed2 = new Set(steps.flatMap(changedPath));
  return wanted.state.units.flatMap(({ name: name2, rolling: rolling2 }, index) => {
    if (rolling2?.wayBack === void 0) return [];
    const names = wanted.state.units.slice(index).map((unit) => unit.name);
    const read = /* @__PURE__ */ new Set([
      ...names.flatMap((each) => [unitPath(each), ...now.reads.get(each) ?? []]),
      ...wanted.state.units.slice(index).flatMap(({ reads }) => reads),
      ...wanted.files.flatMap(({ unit, path }) => unit !== void 0 && names.includes(unit) ? [path] : [])
    ]);
    const paths = [...changed2].filter((path) => read.has(path));
    return paths.length === 0 ? [] : [call("former_keep", name2, ...paths)];
  });
}
function changedPath(step) {
  switch (step.do) {
    case "file":
      return [step.file.path];
    case "download":
      return [step.place.path];
    case "remove":
      return step.kind === "file" || step.kind === "download" ? [step.subject] : [];
    default:
      return [];
  }
}

// src/host/script.ts
function applyScript(wanted, now, steps, { sums, forceRestart, attempt }) {
  const pick = (kind) => steps.filter((step) => step.do === kind);
  const adopted = pick("download").filter((step) => isHere(step, sums));
  const fetched = pick("download").filter((step) => !adopted.includes(step));
  const staged = pick("stage").filter((step) => !isHere(step, sums));
  const before = now.ledger.get(wanted.scope) ?? [];
  const final = finalLedger(wanted, now);
  const links = pick("link").map(({ link }) => call("put_link", link.path, link.target));
  return [
    ...many("secure_places", placesOf(wanted)),
    callWith(ledgerText([...final, ...before]), "apply_begin", wanted.scope),
    ...pendingCalls(steps),
    ...proxyCalls(wanted.state),
    ...wanted.state.stagedFor === void 0 ? [] : [call("staging", wanted.state.stagedFor)],
    ...packageCalls(steps, (need) => need.forDownloads === true),
    ...wantedDownloads([...fetched, ...staged], sums),
    ...systemCalls(steps),
    ...pick("directory").map(({ directory: d }) => call("put_directory", d.path, d.mode, d.owner)),
    ...pick("file").map(({ file }) => callWith(file.content, "put_file", file.path, file.mode, file.owner)),
    "fetch_wait",
    ...placeCalls(fetched, sums),
    ...wanted.state.stagedFor === void 0 ? [] : [call("stage", ...sumsOf(staged, sums))],
    ...pick("remove").flatMap((step) => step.kind === "unit" ? [call("remove_unit", step.subject)] : []),
    ...formerCalls(wanted, now, steps),
    "commit_files",
    ...links,
    ...pick("set-owner").map((step) => call("set_owner", step.path, step.mode, step.owner)),
    ...pick("remove").flatMap(removeCalls),
    ...adopted.map(({ place: { path, download }, have }) => recordCall(path, have?.sha256, download.url, sums)),
    ...pick("record").map(({ path, record }) => call("record", path, record.sha256, record.url, record.archive)),
    "records_write",
    ...steps.some(needsReload) ? ["RELOAD=1"] : [],
    ...forceRestart ? ["FORCE_RESTART=1"] : [],
    ...wanted.state.units.some(({ rolling: rolling2 }) => rolling2?.wayBack) ? [call("attempt", attempt)] : [],
    ...wanted.state.units.flatMap(unitCalls),
    "units_apply",
    "apply_end",
    final.length === 0 ? "ledger_drop" : callWith(ledgerText(final), "ledger_write"),
    ""
  ].join("\n");
}
function placesOf({ directories, files: files2, links, downloads: downloads2 }) {
  const paths = [...directories, ...files2, ...links, ...downloads2].map(({ path }) => path);
  return [...new Set(paths.map((path) => path.replace(/\/[^/]*$/, "") || "/"))];
}
function many(name2, words) {
  return words.length === 0 ? [] : [call(name2, ...words)];
}
function isHere(step, sums) {
  const sum = sums.get(step.place.download.url);
  const have = step.place.member === void 0 ? step.have?.sha256 : step.have?.archive;
  return sum !== void 0 && have === sum;
}
function recordCall(path, have, url, sums) {
  return call("record", path, have ?? "", url, sums.get(url) ?? "");
}
function pendingCalls(steps) {
  const names = temporaryNames(steps);
  return names === "" ? [] : [callWith(names, "pending")];
}
function proxyCalls({ proxy }) {
  return proxy === void 0 ? [] : [call("use_proxy", proxy.http ?? "", proxy.https ?? "", proxy.noProxy)];
}
function temporaryNames(steps) {
  const paths = steps.flatMap((step) => {
    if (step.do === "file") return [step.file.path];
    if (step.do === "download") return [step.place.path];
    return step.do === "link" ? [step.link.path] : [];
  });
  return paths.map((path) => `${path.replace(/[^/]*$/, ".k8s-ha-action.$&")}
`).join("");
}
function wantedDownloads(fetched, sums) {
  const urls = new Set(fetched.map(({ place: place2 }) => place2.download.url));
  return [...[...urls].map((url) => call("want", sums.get(url) ?? "", url)), "fetch_start"];
}
function sumsOf(staged, sums) {
  return [...new Set(staged.map(({ place: place2 }) => sums.get(place2.download.url) ?? ""))];
}
function placeCalls(fetched, sums) {
  const archives = /* @__PURE__ */ new Map();
  const calls = [];
  for (const { place: place2 } of fetched) {
    const { url, mode } = place2.download;
    if (place2.member === void 0) calls.push(call("place_file", sums.get(url) ?? "", url, mode, place2.path));
    else archives.set(`${url} ${mode}`, [...archives.get(`${url} ${mode}`) ?? [], place2.member, place2.path]);
  }
  for (const [key, members] of archives) {
    const [url = "", mode = ""] = key.split(" ");
    calls.push(call("place_members", sums.get(url) ?? "", url, mode, ...members));
  }
  return calls;
}
function systemCalls(steps) {
  const calls = steps.flatMap((step) => {
    switch (step.do) {
      case "hostname":
        return [call("set_hostname", step.name)];
      case "swap":
        return ["swap_off"];
      case "module":
        return [call("load_module", step.module.name, step.module.check ?? "")];
      case "sysctl":
        return [call("set_sysctl", sysctlPath(step.key), step.value)];
      case "user":
        return [call("add_user", step.user.name, step.user.home)];
      default:
        return [];
    }
  });
  const hosts = steps.flatMap((step) => step.do === "hosts" ? [step] : []);
  return [
    // Before the host's name: sudo waits for DNS if it cannot resolve the name of its own host.
    ...hosts.map(({ entries }) => callWith(hostLines(entries), "put_hosts_block")),
    ...packageCalls(steps, (need) => need.forDownloads !== true),
    ...calls
  ];
}
function packageCalls(steps, which) {
  const needs = steps.flatMap((step) => step.do === "package" && which(step.need) ? [step.need] : []);
  if (needs.length === 0) return [];
  const own = needs.flatMap((need) => need.disableUnit === void 0 ? [] : [need.disableUnit]);
  const names = (manager) => [...new Set(needs.map((need) => need[manager]))].join(" ");
  return [
    ...own.map((name2) => call("hold_unit", name2)),
    call("install_packages", names("apt"), names("dnf"), names("zypper")),
    ...own.map((name2) => call("release_unit", name2)),
    ...needs.map((need) => call("need_command", need.command, ...need.instead ?? []))
  ];
}
function removeCalls(step) {
  switch (step.kind) {
    case "unit":
      return [];
    case "user":
      return [call("remove_user", step.subject)];
    case "module":
      return [call("forget_module", step.subject)];
    case "absent":
      return [call("remove_tree", step.subject)];
    case "download":
      return [call("remove_path", step.subject), call("forget_record", step.subject)];
    default:
      return [call("remove_path", step.subject)];
  }
}
function needsReload(step) {
  if (step.do === "file") return step.file.unit !== void 0 && step.file.path.startsWith("/etc/systemd/");
  return step.do === "reload" || step.do === "link" && step.link.unit === void 0;
}
function unitCalls(unit) {
  const { name: name2, ready, rolling: rolling2 } = unit;
  const seconds = String(ready?.timeoutSeconds ?? 90);
  const rereads = rereadReasons(unit).map((reason) => `${reason}
`);
  const plain = call("unit", name2, sha256(unit.content), seconds, ready?.command ?? "", ready?.hint ?? "", ...rereads);
  if (rolling2 === void 0) return [plain];
  const { live, lock: lock2, turn = "", allow = "", before = "", healthy, after = "", hold, wayBack } = rolling2;
  const limits = [String(healthy.timeoutSeconds), healthy.hint];
  const held = [hold?.needed ?? "", hold?.work ?? "", wayBack?.failed ?? "", wayBack?.record ?? ""];
  return [plain, call("rolling", name2, live, lock2, turn, allow, before, healthy.command, ...limits, after, ...held)];
}

// src/host/snapshot-script.ts
function snapshotCalls(wanted) {
  const { state } = wanted;
  const many2 = (name2, words) => words.length === 0 ? [] : [call(name2, ...words)];
  return [
    ...many2("snapshot_paths", [...placesOf2(wanted)]),
    ...many2(
      "snapshot_links",
      wanted.links.map((link) => link.path)
    ),
    ...many2(
      "snapshot_units",
      state.units.map((unit) => unit.name)
    ),
    ...Object.keys(state.sysctls).map((key) => call("snapshot_sysctl", key, sysctlPath(key))),
    ...state.modules.map((module) => call("snapshot_module", module.name, module.check ?? "")),
    ...state.packages.map((need) => call("snapshot_command", need.command, ...need.instead ?? [])),
    ...state.users.map((user) => call("snapshot_user", user.name))
  ];
}
function placesOf2(wanted) {
  const { directories, files: files2, downloads: downloads2, state } = wanted;
  return /* @__PURE__ */ new Set([
    ...[...directories, ...files2, ...downloads2].map(({ path }) => path),
    ...state.units.flatMap((unit) => [unitPath(unit.name), ...unit.reads]),
    ...state.absent
  ]);
}
function inspectScript(query) {
  const { read = [], certificates = [], withhold = [], paths = [], ask = [], disks = [], claim: claim2 = false } = query;
  const { beside: beside2 } = query;
  const many2 = (name2, words) => words.length === 0 ? [] : [call(name2, ...words)];
  const script2 = piped([
    ...beside2 ? ["beside_begin"] : [],
    "inspect_facts",
    "inspect_listening",
    ...many2("inspect_disks", disks),
    ...many2("inspect_read", read),
    ...many2("inspect_certificates", certificates),
    ...many2("inspect_withheld", withhold),
    ...ask.map((command, index) => call("inspect_ask", String(index), command)),
    ...many2("snapshot_paths", paths),
    ...beside2 ? besideCalls(beside2) : [],
    "snapshot_ledger",
    "snapshot_end"
  ]);
  return claim2 ? `${script2}claim_take
` : script2;
}
function besideCalls({
  sysctls,
  units: units2,
  resolvers,
  left,
  modules,
  places: places2,
  services,
  secure
}) {
  return [
    call("beside_sysctls", ...sysctls),
    call("beside_units", ...units2),
    call("beside_places", ...places2),
    call("beside_services", ...services),
    call("beside_secure", ...secure),
    "beside_swap",
    call("beside_resolvers", ...resolvers),
    call("beside_left", ...left),
    call("beside_modules", ...modules.flatMap(({ name: name2, check = "" }) => [name2, check])),
    "beside_kernel",
    "beside_end"
  ];
}
function snapshotScript(wanted) {
  return piped([...snapshotCalls(wanted), "snapshot_ledger", "snapshot_end"]);
}
function piped(calls) {
  return ["inspect_clock", "snapshot_begin", "{", ...calls, "} | as_lines", ""].join("\n");
}
function snapshotCovers(now, asked, wanted) {
  const listed = [...now.ledger.values()].flat();
  const looked = /* @__PURE__ */ new Set([...listed.map(snapshotKey), ...[...now.reads.values()].flat(), ...asked]);
  return snapshotKeys(wanted).every((key) => looked.has(key));
}
function snapshotKeys(wanted) {
  return [...wanted.ledger.filter((e) => !isPlain(e) && !isLeaving(e)).map(snapshotKey), ...placesOf2(wanted)];
}
function snapshotKey({ kind, subject }) {
  const byPath = kind === "file" || kind === "directory" || kind === "download" || kind === "absent";
  return byPath ? subject : `${kind} ${subject}`;
}

// src/host/start.ts
async function startCommand(connection2, host, command, timeoutSeconds, limits = usualLimits) {
  const limited = call("timeout", "-k", "30", String(timeoutSeconds + 1), "sh", "-c", command);
  const mark = new LoginMark();
  const channel = await connection2.exec(asRoot(host, mark.before(limited)));
  const stderr = new Tail(limits.errorBytes);
  channel.stderr.on("data", (chunk) => stderr.add(chunk));
  let over = false;
  const end2 = () => void channel.destroy();
  const timer = setTimeout(() => {
    over = true;
    end2();
  }, timeoutSeconds * 1e3);
  const ended2 = endOfChannel(channel).finally(() => clearTimeout(timer));
  const finish = async () => {
    const { status, failure } = await ended2;
    if (over) throw overdue2(host, timeoutSeconds);
    if (failure) throw failure;
    if (status === void 0 || !mark.passed) throw endOf(host, mark, stderr.text(), status);
    return { status, stderr: mark.after(stderr.text()) };
  };
  return { output: outputOf(channel, mark, finish), send: (text) => void channel.write(text), finish, end: end2 };
}
async function* outputOf(channel, mark, finish) {
  try {
    for await (const chunk of channel) {
      const piece = mark.take(chunk);
      if (piece.length > 0) yield piece;
    }
  } catch (error) {
    if (error instanceof Problem) throw error;
  }
  await finish();
}
function endOfChannel(channel) {
  return new Promise((resolve) => {
    let status;
    let failure;
    channel.on("exit", (code2) => {
      status = code2 ?? 255;
    });
    channel.on("error", (error) => {
      failure = lost(error);
    });
    channel.on("close", (...how) => {
      resolve({ status: status ?? statusOf(...how), ...failure && { failure } });
    });
  });
}
function overdue2(host, seconds) {
  return new Problem(`a command has not ended within ${seconds} s`, { code: "COMMAND_TIMEOUT", host: host.name });
}

// src/host/proxied-get.ts
import { once as once2 } from "node:events";
import http from "node:http";
import https from "node:https";
import { Readable } from "node:stream";
var userAgent = "k8s-ha-action";
var bodiless = /* @__PURE__ */ new Set([204, 205, 304]);
async function proxiedGet(url, { headers = {}, signal }) {
  const { Agent, get } = url.protocol === "https:" ? https : http;
  const request = get(url, {
    agent: new Agent({ proxyEnv: process.env }),
    headers: { "user-agent": userAgent, ...headers },
    signal
  });
  const message = await responseTo(request);
  const body = bodiless.has(message.statusCode) ? null : Readable.toWeb(message);
  return new Response(body, { status: message.statusCode ?? 0, headers: headersOf(message) });
}
async function responseTo(request) {
  const [message] = await once2(request, "response");
  return message;
}
function headersOf({ headersDistinct }) {
  const headers = new Headers();
  for (const [name2, values = []] of Object.entries(headersDistinct))
    for (const value of values) headers.append(name2, value);
  return headers;
}

// src/host/sums.ts
var usualLimits2 = { attemptMs: 15e3, bytes: 4 * 1024 * 1024 };
var mostRedirects = 5;
var longestLine = 4096;
var texts = /* @__PURE__ */ new Map();
async function resolveSum(url, sumUrl, options = {}) {
  let text = texts.get(sumUrl);
  if (text === void 0) {
    text = sumText(sumUrl, options);
    texts.set(sumUrl, text);
    text.catch(() => texts.delete(sumUrl));
  }
  const { signedPart = (all) => all } = options;
  const sum = findSum(signedPart(await text), fileNameOf(url));
  if (sum !== void 0) return sum;
  throw new Problem(`${sumUrl} states no SHA-256 for ${url}`, {
    code: "SUM_MISSING",
    file: sumUrl,
    hint: "The mirror must serve the checksum files like the official server."
  });
}
function fileNameOf(url) {
  const name2 = new URL(url).pathname.split("/").at(-1) ?? "";
  try {
    return decodeURIComponent(name2);
  } catch {
    return name2;
  }
}
function findSum(text, name2) {
  return text.trimStart().startsWith("{") ? digestOf(text, name2) : sumIn(text, name2);
}
function digestOf(text, name2) {
  try {
    const release = parseJson(text, Error);
    const assets = Array.isArray(release.assets) ? release.assets : [];
    const asset = assets.find((one) => fieldOf(one, "name") === name2);
    return /^sha256:([0-9a-f]{64})$/.exec(String(fieldOf(asset, "digest")))?.[1];
  } catch {
    return void 0;
  }
}
function fieldOf(value, name2) {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name2) ? Reflect.get(value, name2) : void 0;
}
function sumIn(text, name2) {
  const lines = text.split(/\r?\n/).filter((line) => line.length <= longestLine).map((line) => /^([0-9a-fA-F]{64})(?:\s+\*?(\S.*))?$/.exec(line.trim())).filter((match) => match !== null);
  const named = lines.find((match) => match[2]?.split("/").at(-1) === name2);
  const bare = lines.length === 1 && lines[0]?.[2] === void 0 ? lines[0] : void 0;
  return (named ?? bare)?.[1]?.toLowerCase();
}
async function sumText(url, { limits = usualLimits2, token }) {
  const { hostname, protocol } = new URL(url);
  const isGitHub = protocol === "https:" && hostname === "api.github.com";
  const headers = isGitHub && token ? { authorization: `Bearer ${token}` } : {};
  return (await fetchBody(url, headers, { limits })).toString("utf8");
}
var checksums = {
  name: "the checksums",
  reader: "The runner reads the checksums of the hosts\u2019 downloads there."
};
async function fetchBody(url, headers = {}, { limits = usualLimits2, subject = checksums } = {}) {
  try {
    const retry = { retries: 3, minTimeout: 300, factor: 3, randomize: true };
    return await pRetry(async () => await fetchOnce(url, headers, limits, subject), retry);
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Problem(`cannot get ${url}: ${why}`, {
      code: "MIRROR_UNREACHABLE",
      file: url,
      hint: `${subject.reader} Check the address, and that the runner can reach it, through HTTPS_PROXY if it has one.`,
      cause
    });
  }
}
function nonsense(url, { name: name2 }, what) {
  const problem = new Problem(`the answer with ${name2} at ${url} is not valid: ${what}`, {
    code: "MIRROR_NONSENSE",
    file: url,
    hint: `Nothing was downloaded. Open the address in a browser: it must show ${name2}, not a page of a proxy.`
  });
  return new AbortError(problem);
}
function readable(error) {
  const { message, code: code2, cause } = error ?? {};
  const why = cause instanceof Error ? cause.message : "";
  return new Error(why || message || code2 || String(error), { cause: error });
}
async function fetchOnce(url, headers, { attemptMs, bytes }, subject) {
  const signal = AbortSignal.timeout(attemptMs);
  const refuse = (what) => nonsense(url, subject, what);
  try {
    const response = await followed(url, headers, signal, refuse);
    if (!response.ok) throw statusError(url, response);
    const length = Number(response.headers.get("content-length") ?? 0);
    if (length > bytes) throw refuse(`more than ${inUnits(bytes)}`);
    return response.body === null ? Buffer.alloc(0) : (await bytesOf(response.body, bytes, refuse)).view;
  } catch (error) {
    throw error instanceof AbortError ? error : readable(signal.aborted ? signal.reason : error);
  }
}
async function followed(url, headers, signal, refuse) {
  let at = new URL(url);
  for (let redirects = 0; ; redirects += 1) {
    const { authorization: _, ...others } = headers;
    const sent = at.origin === new URL(url).origin ? headers : others;
    const response = await proxiedGet(at, { signal, headers: sent });
    const location = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || location === null) return response;
    await response.body?.cancel();
    if (redirects === mostRedirects) throw refuse(`more than ${mostRedirects} redirects`);
    const next = URL.canParse(location, at.href) ? new URL(location, at) : void 0;
    if (!next || !/^https?:$/.test(next.protocol)) throw refuse("a redirect to an address that is not a web address");
    if (at.protocol === "https:" && next.protocol !== "https:") throw refuse("a redirect from https to http");
    at = next;
  }
}
function statusError(url, { status, headers }) {
  if ((status === 403 || status === 429) && headers.get("x-ratelimit-remaining") === "0")
    return new AbortError(rateLimited(url, Number(headers.get("x-ratelimit-reset"))));
  const refused = new Error(`HTTP ${status}`);
  const passes = status >= 500 || status === 429 || status === 408;
  return passes ? refused : new AbortError(refused);
}
function rateLimited(url, reset2) {
  const until = Number.isSafeInteger(reset2) && reset2 > 0 ? ` before ${new Date(reset2 * 1e3).toISOString()}` : "";
  return new Problem(`${new URL(url).host} gives no more answers to this runner\u2019s address${until}`, {
    code: "RATE_LIMITED",
    file: url,
    hint: "Commit a lock file (run the plan action with lock: true): with it, no other job asks for checksums."
  });
}

// src/host/session.ts
var openHost = async (host, access, options) => {
  try {
    const connection2 = await connect(host, access, options.log);
    await options.after;
    return await openSession(host, connection2, options);
  } catch (error) {
    throw error instanceof Problem ? error.within({ host: host.name }) : error;
  }
};
async function openSession(host, connection2, options) {
  try {
    return new Session(host, connection2, await Exchange.open(connection2, host, options), options);
  } catch (error) {
    connection2.close();
    throw error instanceof Problem ? error.within({ host: host.name }) : error;
  }
}
var Session = class {
  host;
  #connection;
  #exchange;
  #dryRun;
  #forceRestart;
  #attempt;
  #limits;
  /** An SSH server allows ten sessions per connection by default, and the exchange is one of them. */
  #running = pLimit(8);
  /** The latest snapshot; undefined before the first one and after each change. */
  #now;
  /** Of the latest inspection. */
  #facts;
  /** What that snapshot was requested for, in addition to what the host's own lists name. */
  #asked = /* @__PURE__ */ new Set();
  constructor(host, connection2, exchange, options) {
    this.host = host;
    this.#connection = connection2;
    this.#exchange = exchange;
    this.#dryRun = options.dryRun || options.readOnly === true;
    this.#forceRestart = options.forceRestart === true;
    this.#attempt = options.attempt ?? options.holder ?? "";
    this.#limits = { ...usualLimits, ...options.limits };
  }
  async inspect(query) {
    try {
      return await this.#inspectOnce(query);
    } catch (error) {
      if (!(error instanceof Problem && error.code === "HOST_FILES_CHANGED")) throw error;
      return await this.#inspectOnce(query);
    }
  }
  async #inspectOnce(query) {
    const questions = query.ask?.length ?? 0;
    const { events, clock } = await this.#ask(inspectScript(query), inspectMs(this.#limits, questions));
    return this.#read(() => {
      if (clock === void 0) throw hostNonsense("it lacks the time");
      const sections = sectionsOf(events);
      const now = parseSnapshot(events, sections);
      const inspection = {
        facts: parseFacts(sections, now.ledger, clock),
        files: new Map([...filesOf(sections), ...certificatesOf(sections)]),
        withheld: withheldOf(sections),
        downloads: new Map([...now.sums].flatMap(([path, { url }]) => now.paths.has(path) ? [[path, url]] : [])),
        scopes: [...now.ledger.keys()],
        owners: ownersIn(now.ledger, sections),
        isReset: now.ledger.size === 0 && sections.has("reset"),
        answers: answersOf(sections, questions)
      };
      this.#now = now;
      this.#facts = inspection.facts;
      this.#asked = new Set(query.paths);
      return inspection;
    });
  }
  async difference(scope, state) {
    return (await this.#compare(expand(scope, state))).difference.changes;
  }
  async apply(scope, state, log, onHold = () => {
  }) {
    if (this.#dryRun) throw new Error("apply was called on a session that may change nothing");
    const begin2 = performance.now();
    const wanted = expand(scope, state);
    const { now, difference: due } = await this.#compare(wanted);
    if (due.steps.length === 0)
      return { changes: [], restarted: [], started: [], milliseconds: performance.now() - begin2 };
    const sums = await this.#sums(due.steps);
    const script2 = applyScript(wanted, now, due.steps, {
      sums,
      forceRestart: this.#forceRestart,
      attempt: this.#attempt
    });
    this.#now = void 0;
    const limitMs = changeMs(this.#limits, due.steps, state.units);
    const events = await this.#exchange.request(script2, limitMs, (event) => {
      if (event.t === "hold") onHold();
      this.#tell(event, log);
    });
    return { ...applied(due, events), milliseconds: performance.now() - begin2 };
  }
  async reset(log, onChange = () => {
  }) {
    this.#now = void 0;
    const script2 = resetScript(this.#dryRun ? "dry" : "wet");
    const events = await this.#exchange.request(script2, resetMs(this.#limits), (event) => {
      this.#tell(event, log);
      for (const change2 of changesIn([event])) onChange(change2);
    });
    return this.#read(() => changesIn(events));
  }
  #tell({ t, text = "", level }, log) {
    if (t !== "log") return;
    const line = `${this.host.name}: ${redact(text)}`;
    if (level === "warning") log.warning(line);
    else log.info(line);
  }
  async run(command, options = {}) {
    return await this.#running(
      async () => await runCommand(this.#connection, this.host, command, options, this.#limits)
    );
  }
  async start(command, { timeoutSeconds }) {
    return await startCommand(this.#connection, this.host, command, timeoutSeconds, this.#limits);
  }
  async holdClaim(seconds) {
    await this.#exchange.request(call("claim_put", String(seconds)), this.#limits.snapshotMs);
  }
  async forward(address, port) {
    try {
      return await this.#connection.forward(address, port);
    } catch (error) {
      throw error instanceof Problem ? error.within({ host: this.host.name }) : error;
    }
  }
  async close(abruptly = false) {
    if (!abruptly) await this.#exchange.close();
    this.#connection.close(abruptly);
  }
  /** Diffs against the latest snapshot; takes a new snapshot only if that one does not cover the state. */
  async #compare(wanted) {
    let now = this.#now;
    if (now === void 0 || !snapshotCovers(now, this.#asked, wanted)) {
      const { events } = await this.#ask(snapshotScript(wanted), this.#limits.snapshotMs);
      now = this.#read(() => parseSnapshot(events));
      this.#now = now;
      this.#asked = new Set(snapshotKeys(wanted));
    }
    const due = difference(wanted, now);
    refuseUnfit(due.steps, this.#facts, this.host.name);
    return { now, difference: due };
  }
  async #ask(script2, limitMs) {
    const sent = Date.now();
    let clock;
    const events = await this.#exchange.request(script2, limitMs, (event) => {
      if (event.t === "clock") clock ??= clockOf(Number.parseFloat(event.now ?? "") * 1e3, sent, Date.now());
    });
    return { events, clock };
  }
  /** Reads an answer. An invalid answer is a problem of this host, and nothing more is read from it. */
  #read(read) {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.code === "HOST_NONSENSE") this.#connection.close(true);
      throw error.within({ host: this.host.name });
    }
  }
  /** The checksums of the files to download, and no others. */
  async #sums(steps) {
    const downloads2 = steps.flatMap(
      (step) => step.do === "download" || step.do === "stage" ? [step.place.download] : []
    );
    const unique = new Map(downloads2.map((download) => [download.url, download]));
    try {
      const pairs = [...unique].map(
        async ([url, { sumUrl, sha256: sha2562 }]) => [
          url,
          sha2562 ?? await resolveSum(url, sumUrl)
        ]
      );
      return new Map(await Promise.all(pairs));
    } catch (error) {
      throw error instanceof Problem ? error.within({ host: this.host.name }) : error;
    }
  }
};
function applied(due, events) {
  const did = (what) => events.filter((e) => e.t === "unit" && e.did === what).map((e) => e.name ?? "");
  const [started, restarted] = [did("started"), did("restarted")];
  const reloaded = did("reloaded");
  const extra = (kind, names) => names.filter((name2) => !due.changes.some((change2) => change2.kind === kind && change2.subject === name2)).map((subject) => ({ kind, subject, reason: "as the host found it" }));
  const happened = changesOf(due.steps).filter(
    ({ kind, subject }) => (kind !== "restart" || restarted.includes(subject)) && (kind !== "reload" || reloaded.includes(subject))
  );
  const others = [...extra("start", started), ...extra("restart", restarted), ...extra("reload", reloaded)];
  return { changes: [...happened, ...others], started, restarted };
}

// src/host/state.ts
var certainlyNot = 10;
var mustNotRestart = 11;
var nothing = {
  hostEntries: [],
  swapOff: false,
  modules: [],
  sysctls: {},
  packages: [],
  users: [],
  directories: [],
  files: [],
  downloads: [],
  units: [],
  absent: [],
  writers: {},
  leaves: []
};
function hostState(parts) {
  return { ...nothing, ...parts };
}
function mergeStates(states) {
  const unique = (pick, key) => [
    ...new Map(states.flatMap(pick).map((item) => [key(item), item])).values()
  ];
  const owner = states.find((state) => state.owner !== void 0)?.owner;
  const hostname = states.find((state) => state.hostname !== void 0)?.hostname;
  const proxy = states.find((state) => state.proxy !== void 0)?.proxy;
  return {
    ...owner === void 0 ? {} : { owner },
    ...hostname === void 0 ? {} : { hostname },
    ...proxy === void 0 ? {} : { proxy },
    hostEntries: unique(
      (s) => s.hostEntries,
      (e) => e.address
    ),
    swapOff: states.some((state) => state.swapOff),
    modules: unique(
      (s) => s.modules,
      (m) => m.name
    ),
    sysctls: Object.assign({}, ...states.map((state) => state.sysctls)),
    packages: unique(
      (s) => s.packages,
      (p) => p.command
    ),
    users: unique(
      (s) => s.users,
      (u) => u.name
    ),
    directories: unique(
      (s) => s.directories,
      (d) => d.path
    ),
    files: unique(
      (s) => s.files,
      (f) => f.path
    ),
    downloads: unique(
      (s) => s.downloads,
      (d) => `${d.url} ${JSON.stringify(d.place)}`
    ),
    units: unique(
      (s) => s.units,
      (u) => u.name
    ),
    absent: unique(
      (s) => s.absent,
      (p) => p
    ),
    writers: Object.assign({}, ...states.map((state) => state.writers)),
    leaves: unique(
      (s) => s.leaves,
      (l) => `${l.kind} ${l.subject}`
    )
  };
}

// src/phases/connect-hosts.ts
function addressOf(host) {
  const { address, port, user, loginSeconds, jumpHost } = host.ssh;
  return { name: host.name, address, port, user, loginSeconds, ...jumpHost ? { jump: jumpHost } : {} };
}
async function connect2(run, host, options = {}) {
  const { dryRun, name: name2, attempt, log } = run;
  const { retries, signal, ...asked } = options;
  const access = retries === void 0 ? run.access : { ...run.access, retries };
  const claim2 = dryRun ? void 0 : asked.claim;
  const session2 = await openHost(addressOf(host), access, { dryRun, holder: name2, attempt, ...asked, claim: claim2, log });
  if (signal?.aborted) await session2.close(true);
  else run.connections.set(host.name, session2);
  return session2;
}
function connectHosts(position = "later", forceRestart = false) {
  return {
    title: "Connect to the hosts",
    async run(run, signal) {
      await onHosts(allTargets(run), opener(run, position, { forceRestart, signal }), signal);
      return { sessions: run.connections };
    }
  };
}
function opener(run, position, { forceRestart = false, ...options } = {}) {
  const open = (host, more) => connect2(run, host, { claim: claimOf(run, host, position), forceRestart, ...options, ...more });
  const first = position === "first" ? allTargets(run).find((host) => host === lockLeader(run)) : void 0;
  const decided = first && open(first, { lockSeconds: waitSeconds });
  const after = decided?.catch(() => void 0);
  return (host) => host === first && decided ? decided : open(host, { after });
}

// src/phases/report-openings.ts
var reportOpenings = {
  title: "Look for what cluster.yaml opens",
  async run({ cluster, log }) {
    if (cluster.openings.length === 0) log.info("nothing");
    for (const opening of cluster.openings) log.warning(describeOpening(opening));
  }
};

// src/phases/run-phases.ts
async function runPhases(run, phases, { signal = new AbortController().signal, graceMs = 2500, onFailure } = {}) {
  let stage = run;
  try {
    for (const phase of [...run.dryRun ? [reportOpenings] : [], ...phases])
      stage = { ...stage, ...await runPhase(stage, phase, { signal, graceMs }) };
  } catch (error) {
    await onFailure?.();
    throw error;
  } finally {
    await closeConnections(run, signal);
  }
}
async function runPhase(stage, phase, { signal, graceMs }) {
  const has = stage;
  if (phase.when && !phase.when(has)) return {};
  const begin2 = performance.now();
  try {
    const work = () => orAborted(() => phase.run(has, signal), signal, graceMs);
    return Object(await stage.log.group(phase.title, work));
  } catch (error) {
    const parts = problemsUntil(signal, error).map(
      (part) => part instanceof Problem ? part.within({ phase: phase.title }) : part
    );
    throw new AggregateError(parts, `${phase.title} failed`);
  } finally {
    stage.timings.push({ phase: phase.title, milliseconds: performance.now() - begin2 });
  }
}
async function closeConnections({ connections, apiConnections }, { aborted }) {
  for (const kept of apiConnections.values()) kept.connections.agent.destroy();
  apiConnections.clear();
  await Promise.allSettled([...connections.values()].map((session2) => session2.close(aborted)));
  connections.clear();
}

export {
  leavings,
  certainlyNot,
  mustNotRestart,
  hostState,
  mergeStates,
  orAborted,
  onHosts,
  onlyIf,
  unlessDry,
  claimOf,
  holdHosts,
  hostNonsense,
  quote,
  call,
  sysctlPath,
  stateDirectory,
  sysctlFilePath,
  insecureHint,
  parseUnits,
  resolveSum,
  fetchBody,
  openHost,
  addressOf,
  connect2 as connect,
  connectHosts,
  opener,
  runPhases
};
