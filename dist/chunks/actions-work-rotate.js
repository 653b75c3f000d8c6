import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  connectReachable
} from "./phases-connect-reset.js";
import {
  issueAnswered
} from "./phases-issue-answered.js";
import {
  waitForEtcdMembers
} from "./phases-wait-for-etcd-members.js";
import {
  issueFrom,
  placeAuthorities,
  prepareSecrets,
  tellIssued
} from "./phases-prepare-secrets.js";
import {
  hasJoined,
  isOwn,
  printCertificate,
  settled
} from "./phases-kubelet-certificate.js";
import {
  memberStepInWords,
  planEtcdMembers
} from "./phases-observe-etcd.js";
import {
  applyMasters,
  waitForMasters
} from "./phases-apply-masters.js";
import "./phases-pass-gate.js";
import {
  applyRole,
  applyState,
  checkHosts,
  gatherFacts,
  hostChecks,
  planMembers,
  roleState
} from "./phases-apply-role.js";
import {
  addonManifests
} from "./components-addons-bootstrap.js";
import {
  checkLockfile
} from "./components-needs.js";
import {
  flagValue
} from "./components.js";
import {
  changeInWords
} from "./phases-change-words.js";
import "./lockfile-images.js";
import {
  observe
} from "./phases-observe-cluster.js";
import "./plan-node-upgrade.js";
import "./plan-step.js";
import "./phases-upgrade-record.js";
import "./plan-kept-role.js";
import {
  registryPrefix
} from "./etcd-snapshot.js";
import "./etcd-members.js";
import "./phases-reach-masters.js";
import {
  connectHosts,
  onHosts,
  runPhases
} from "./host.js";
import "./etcd-health.js";
import "./observe-api.js";
import {
  asApiserver,
  etcdctl,
  shellCommand
} from "./etcd-etcdctl.js";
import {
  aggregatedApis,
  changeRecord,
  clientCertificate,
  longestPodToken,
  migrateStorage,
  readPublishedAuthorities,
  readRecord,
  restartWorkload,
  rewriteObjects,
  rootAuthorities,
  servingAddresses,
  tokenPods,
  tokensOfOtherKeys,
  trusts,
  unavailableApis,
  waitWhile,
  withApi,
  withMaster,
  workloadOf,
  writePublishedAuthorities
} from "./kubernetes.js";
import {
  afterStep,
  authorityRecords,
  certificateRequest,
  certificatesFor,
  encryptionConfig,
  inspectionOf,
  isAsWritten,
  keyId,
  makeAuthority,
  newLeafPair,
  newRun,
  newSigningPair,
  nextKeyPath,
  nextStep,
  promoted,
  readCertificate,
  readEncryption,
  secretFile,
  secretValues,
  secretsOf,
  sessionOf,
  signedBy,
  signerOf,
  signingWith,
  subjectOf,
  targetsOf,
  trustOf,
  trustText,
  trusted,
  trustingOnlyCurrent,
  withNextKey
} from "./pki.js";
import "./pki-bootstrap-token.js";
import "./p-limit.js";
import "./entry-json.js";
import "./p-timeout.js";
import "./layout-groups.js";
import {
  soleAttemptName
} from "./github-run-name.js";
import "./layout-ports.js";
import "./cluster-authentication.js";
import "./cluster-addresses.js";
import "./cluster-versions.js";
import {
  whenFalse
} from "./cluster-cel-check.js";
import "./cluster-version-order.js";
import {
  etcdEndpoints,
  hostsWith
} from "./cluster-cluster.js";
import {
  components,
  paths,
  places
} from "./layout-addresses.js";
import {
  reporting
} from "./github-action.js";
import "./github-secret-inputs.js";
import "./github-summary.js";
import {
  cancellation
} from "./github-cancellation.js";
import {
  githubLog,
  mask
} from "./github-log.js";
import {
  roles
} from "./entry-bytes.js";
import {
  Problem,
  problemsOf
} from "./errors.js";
import "./github-hidden-values.js";
import {
  redactLines
} from "./host-redact-keys.js";
import "./runtime.js";

// src/phases/check-rotation.ts
function checkRotation(roles2) {
  return {
    title: "Check for pending changes",
    async run(run) {
      if (run.upgrades) throw pending("cluster.yaml names versions that do not run yet");
      for (const role of roles2) refuseBare(run, role);
      const leaving = run.cluster.removed.filter((host) => host.roles.includes("master"));
      if (leaving.length === 0) return;
      const serving = await withApi(run, servingAddresses);
      const still = leaving.filter(({ address }) => serving.includes(address)).map(({ name }) => name);
      if (still.length > 0) throw pending(`${still.join(", ")} is to leave, and its API server serves`);
    }
  };
}
function refuseMemberChanges(roles2) {
  return {
    title: "Check for pending changes of etcd\u2019s members",
    when: () => roles2.includes("etcd"),
    async run(run) {
      const [step] = run.etcd.facts ? planMembers(run.cluster, run.etcd.facts).steps : [];
      if (step) throw pending(`etcd's members are to change: ${memberStepInWords(step, true)}`);
    }
  };
}
function refuseOtherNodes(roles2) {
  return {
    title: "Check for other nodes",
    when: () => roles2.includes("node"),
    async run({ cluster, nodes }) {
      if (!nodes) throw pending("the cluster\u2019s nodes are unknown, because no API server answers");
      const own = hostsWith(cluster, "node").map(({ nodeName }) => nodeName);
      const others = nodes.filter(({ name }) => !own.includes(name)).map(({ name }) => name);
      if (others.length > 0) throw pending(`${others.join(", ")} is a node, and not one of cluster.yaml`);
    }
  };
}
var named = { master: "a master", etcd: "a member of etcd", node: "a node" };
function refuseBare(run, role) {
  const bare = hostsWith(run.cluster, role).filter((host) => !inspectionOf(run, host).scopes.includes(role));
  if (bare.length > 0) throw pending(`${bare.map(({ name }) => name).join(", ")} is not ${named[role]} yet`);
}
function pending(message) {
  return new Problem(message, { code: "ROTATION_PENDING", hint: "Run a deployment first." });
}

// src/phases/renew-certificates.ts
var gatherReachedFacts = {
  title: gatherFacts.title,
  async run(run, signal) {
    const reached = (role) => targetsOf(run, role).filter((host) => run.reached.includes(host));
    const targets = new Map(roles.map((role) => [role, reached(role)]));
    if (targets.get("master")?.length === 0) throw new AggregateError(run.unreached, "no master can be reached");
    return { ...await gatherFacts.run({ ...run, targets }, signal), targets };
  }
};
var prepareRenewal = {
  title: "Prepare certificates",
  async run(run) {
    return { secrets: tellIssued(run, await issueAnswered(run)) };
  }
};
var harmless = ["ROTATION_PENDING", "RESTART_REFUSED", "RESTART_UNKNOWN"];
var renewCertificates = {
  title: "Renew the certificates",
  async run(run, signal) {
    const left = [...run.unreached];
    for (const role of roles) {
      const problems = await problemsOn(targetsOf(run, role), (host) => renew(run, host, role), signal);
      left.push(...problems);
      if (problems.some((each) => !(each instanceof Problem && harmless.includes(each.code)))) break;
    }
    if (left.length > 0) throw new AggregateError(left, "not all certificates are renewed");
  }
};
async function problemsOn(hosts, work, signal) {
  try {
    await onHosts(hosts, work, signal);
    return [];
  } catch (error) {
    signal.throwIfAborted();
    return problemsOf(error);
  }
}
async function renew(run, host, role) {
  const isNew = isBare(inspectionOf(run, host), role) || role === "node" && !hasJoined(run, host);
  if (isNew) throw pending2(host, `it is not deployed as ${role} yet`);
  const state = stateOf(run, host, role);
  const changes = await sessionOf(run, host).difference(role, { ...state, owner: run.cluster.name });
  const renewed = renewedFiles(run, host);
  const others = changes.filter((change) => !renewed.includes(change.subject) && !isItsRestart(run, host, change));
  if (others.length > 0) {
    const words = others.slice(0, 3).map((change) => changeInWords(change, true));
    throw pending2(host, `it also differs from the file in something else: ${words.join("; ")}`);
  }
  await applyState(run, host, role, state);
}
var isBare = ({ scopes }, role) => !scopes.includes(role);
function stateOf(run, host, role) {
  return role === "node" ? settled(run, host, false) : roleState(run, host, role);
}
function renewedFiles(run, host) {
  const all = certificatesFor(run.cluster, host).map(({ place: place2 }) => filesOf(place2));
  return all.filter((files) => files.some((path) => run.issued.includes(`${host.name}:${path}`))).flat();
}
function isItsRestart(run, host, { kind, reason }) {
  const files = certificatesFor(run.cluster, host).flatMap(({ place: place2 }) => filesOf(place2));
  return kind === "restart" && files.some((path) => reason.startsWith(`${path} `));
}
function filesOf(place2) {
  if (place2.kind === "pair") return [place2.crt, place2.key];
  return place2.path === paths.adminConf ? [place2.path, places.rootKubeconfig] : [place2.path];
}
function pending2(host, message) {
  return new Problem(`its certificates are not renewed: ${message}`, {
    code: "ROTATION_PENDING",
    host: host.name,
    hint: "Run a deployment: it renews them, too."
  });
}

// src/phases/master-files.ts
function withMasterFiles(run, contents) {
  const secrets = new Map(run.secrets);
  for (const { name } of hostsWith(run.cluster, "master")) {
    const own = secrets.get(name);
    if (!own) continue;
    const files = own.files.map((file) => ({ ...file, content: contents.get(file.path) ?? file.content }));
    run.mask(secretValues({ ...own, files }));
    secrets.set(name, { ...own, files });
  }
  return { ...run, secrets };
}
function masterFile(run, path) {
  const content = masterFileIfAny(run, path);
  if (content === void 0) throw new Error(`no secrets at ${path}`);
  return content;
}
function masterFileIfAny(run, path) {
  const [first] = hostsWith(run.cluster, "master");
  return first && secretsOf(run, first).files.find((each) => each.path === path)?.content;
}
async function settleMasters(run, signal) {
  await applyMasters.run(run, signal);
  await waitForMasters.run(run, signal);
  await onHosts(hostsWith(run.cluster, "master"), (host) => proveSettled(run, host, "master"), signal);
}
async function proveSettled(run, host, role, state = roleState(run, host, role)) {
  const changes = await sessionOf(run, host).difference(role, { ...state, owner: run.cluster.name });
  if (changes.length === 0) return;
  throw new Problem(
    `the ${role} still differs: ${changes.slice(0, 3).map((each) => changeInWords(each, true)).join("; ")}`,
    {
      code: "ROTATION_UNPROVEN",
      host: host.name,
      hint: "Run again: the rotation continues where it stopped."
    }
  );
}

// src/phases/etcd-consumers.ts
var applyMembers = applyRole("etcd", "Apply etcd");
var etcdConsumers = {
  async settle(run, signal) {
    await applyMembers.run(run, signal);
    await waitForEtcdMembers.run(run, signal);
    await onHosts(hostsWith(run.cluster, "etcd"), (host) => proveSettled(run, host, "etcd"), signal);
    await settleMasters(run, signal);
  }
};

// src/phases/rotate-authority.ts
function rotateAuthority(name, consumers) {
  return {
    title: `Rotate the ${name} CA`,
    async run(run, signal) {
      refuseOthers(run, name);
      await consumers.settle(run, signal);
      await consumers.refuseOld?.(run, signal);
      const signing = trustOf(authorityIn(run, name).crt).former.length > 0 ? run : await replace(run, name, consumers, signal);
      const { key, crt } = authorityIn(signing, name);
      const alone = await withAuthority(signing, name, {
        key,
        crt: trustText({ ...trustOf(crt), next: [], former: [] })
      });
      await consumers.proveMoved?.(signing, alone, signal);
      run.log.info("stage 3 of 3: nothing uses the old CA, and it is refused from now on");
      await consumers.settle(alone, signal);
      await consumers.refuseOld?.(alone, signal);
    }
  };
}
async function replace(run, name, consumers, signal) {
  const old = authorityIn(run, name);
  const made = keptNext(old) ?? await makeAuthority(name, run.now);
  run.log.info("stage 1 of 3: everything trusts the new CA too, and keeps its certificates of the old one");
  const kept = nextKeyPath(name) === void 0 ? {} : { nextKey: made.key };
  const both = { ...kept, key: old.key, crt: trustText({ ...trustOf(old.crt), next: [made.crt] }) };
  const trusting = await withAuthority(run, name, both);
  await consumers.settle(trusting, signal);
  const crt = trustText(promoted(trustOf(both.crt), made.crt));
  const signing = await withAuthority(trusting, name, { key: made.key, crt });
  await consumers.proveTrust?.(trusting, signing, signal);
  run.log.info("stage 2 of 3: everything gets certificates of the new CA, and still trusts the old one");
  await placeAuthorities(signing, hostsWith(run.cluster, "master"), authoritiesIn(signing), signal);
  await consumers.settle(signing, signal);
  return signing;
}
function keptNext({ crt, nextKey }) {
  const found = nextKey === void 0 ? void 0 : trustOf(crt).next.find((pem) => keyId(pem) === keyId(nextKey));
  return nextKey === void 0 || found === void 0 ? void 0 : { key: nextKey, crt: found };
}
async function withAuthority(run, name, authority) {
  const texts = [...run.secrets].map(
    ([host, { files }]) => [host, new Map(files.map(({ path, content }) => [path, content]))]
  );
  const secrets = await issueFrom(run, { ...authoritiesIn(run), [name]: authority }, new Map(texts));
  return { ...run, secrets };
}
function authoritiesIn(run) {
  return {
    kubernetes: authorityIn(run, "kubernetes"),
    etcd: authorityIn(run, "etcd"),
    "front-proxy": authorityIn(run, "front-proxy"),
    serviceAccount: { key: masterFile(run, paths.serviceAccount.key), pub: masterFile(run, paths.serviceAccount.pub) },
    encryptionConfig: masterFile(run, paths.encryptionConfig)
  };
}
function authorityIn(run, name) {
  const { key, crt } = authorityRecords[name];
  const next = nextKeyPath(name);
  const nextKey = next === void 0 ? void 0 : masterFileIfAny(run, next);
  return { key: masterFile(run, key), crt: masterFile(run, crt), ...nextKey !== void 0 && { nextKey } };
}
function refuseOthers(run, name) {
  const { crt } = authorityIn(run, name);
  if (isAsWritten(crt)) return;
  throw new Problem(`${authorityRecords[name].crt} has more certificates than a rotation writes`, {
    code: "ROTATION_UNSUPPORTED",
    hint: "Remove those that you have added from this file on all masters, run a deployment, and then the rotation."
  });
}

// src/phases/published-authorities.ts
var place = "kube-system/extension-apiserver-authentication";
async function whyNotPublished(run, api, name) {
  const published = await readPublishedAuthorities(api, name);
  return hasAll(published, idsOf(run, name)) ? void 0 : `${place} lacks a ${name} CA of the API servers`;
}
async function dropFormer(run, api, name) {
  const wanted = idsOf(run, name);
  const published = await readPublishedAuthorities(api, name);
  if (!hasAll(published, wanted)) return `the API servers publish another ${name} CA than their file has`;
  const kept = published.filter((pem) => wanted.includes(keyId(pem)) || !isOurs(pem, name));
  if (kept.length === published.length) return void 0;
  run.log.info(`${place}: removes a former ${name} CA`);
  await writePublishedAuthorities(api, name, kept);
  return `an API server publishes a former ${name} CA`;
}
function idsOf(run, name) {
  return trusted(trustOf(authorityIn(run, name).crt)).map(keyId);
}
function hasAll(pems, ids) {
  return ids.every((id) => pems.some((pem) => keyId(pem) === id));
}
function isOurs(pem, name) {
  const certificate = readCertificate(pem);
  return certificate !== void 0 && subjectOf(certificate).includes(`CN=${authorityRecords[name].commonName}`);
}

// src/phases/front-proxy-consumers.ts
var patience = { timeoutMs: 6e4, everyMs: 500 };
var frontProxyConsumers = {
  settle: settleMasters,
  async proveTrust(run, next, signal) {
    await until(signal, run, (api) => whyNotPublished(run, api, "front-proxy"));
    const pair = {
      cert: masterFile(next, paths.frontProxyClient.crt),
      key: masterFile(next, paths.frontProxyClient.key)
    };
    const [master] = hostsWith(run.cluster, "master");
    if (!master) return;
    const refusalOf = (api) => whyNoTrust(sessionOf(run, master), api, pair);
    await until(signal, run, async (api) => {
      const apis = await aggregatedApis(api);
      run.log.debug(`aggregated APIs: ${apis.map(({ name, address }) => `${name} at ${address}`).join(", ")}`);
      return (await Promise.all(apis.map(refusalOf))).find((reason) => reason !== void 0);
    });
  },
  async proveMoved(run, _alone, signal) {
    await until(signal, run, async (api) => {
      const [name] = await unavailableApis(api);
      return name === void 0 ? void 0 : `the aggregated API ${name} is not available`;
    });
  },
  async refuseOld(run, signal) {
    await until(signal, run, (api) => dropFormer(run, api, "front-proxy"));
  }
};
async function whyNoTrust(tunnel, api, pair) {
  try {
    return await trusts(tunnel, api, pair) ? void 0 : `${api.name} at ${api.address} refuses it`;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return `${api.name} at ${api.address} does not answer: ${error.message}`;
  }
}
async function until(signal, run, look) {
  const reason = await withApi(run, (api) => waitWhile(() => look(api), { ...patience, signal }));
  if (reason === void 0) return;
  throw new Problem(`the front-proxy CA: ${reason}`, {
    code: "ROTATION_UNPROVEN",
    hint: "Repair it, or remove the APIService if nothing serves it any more. The old CA stays trusted; then run again: the rotation continues."
  });
}

// src/phases/kubernetes-consumers.ts
import { randomUUID } from "node:crypto";

// src/phases/pods-before.ts
var watchMs = 5e3;
var patience2 = { everyMs: 1e3 };
var ownMs = 18e4;
var usersMs = 9e5;
async function replacePodsBefore(run, api, roots, { restartPods, signal }) {
  const look = async () => (await tokenPods(api, signal)).filter((pod) => isBefore(pod, roots));
  let before = await look();
  if (before.length === 0) return;
  await untilMounted(roots, signal);
  const restarted = await restart(run, api, before, restartPods);
  const isRestarted = (pod) => restarted.some((each) => same(each, pod));
  const waits = async () => {
    before = await look();
    const owners = await Promise.all(before.map((pod) => workloadOf(api, pod)));
    const left = before.filter((_, index) => isRestarted(owners[index]));
    return left.length === 0 ? void 0 : `${left.map(nameOf).join(", ")} is not replaced yet`;
  };
  await waitWhile(waits, { ...patience2, timeoutMs: restartPods ? usersMs : ownMs, signal });
  if (before.length > 0) throw notReplaced(before.map(nameOf));
}
async function restart(run, api, pods, all) {
  const owners = await Promise.all(pods.map((pod) => workloadOf(api, pod)));
  const unique = owners.filter((one, index) => owners.findIndex((other) => same(one, other)) === index);
  const chosen = unique.filter((each) => each !== void 0).filter((each) => all || isOurs2(run, each));
  for (const each of chosen) {
    run.log.info(`${each.namespace}/${each.name}: replaces its pods, so that they trust the new CA`);
    await restartWorkload(api, each);
  }
  return chosen;
}
function isOurs2({ cluster }, { kind, namespace, name }) {
  return addonManifests(cluster).some(
    (object) => object.kind === kind && object.metadata.name === name && object.metadata.namespace === namespace
  );
}
var same = (one, other) => one?.kind === other?.kind && one?.namespace === other?.namespace && one?.name === other?.name;
function isBefore({ namespace, created }, roots) {
  const since = roots.find((each) => each.namespace === namespace)?.since;
  return since === void 0 || created === void 0 || created.getTime() <= since.getTime() + watchMs;
}
async function untilMounted(roots, signal) {
  const last = Math.max(...roots.map(({ since }) => since?.getTime() ?? 0)) + watchMs + 1e3;
  const look = async () => Date.now() > last ? void 0 : "the last namespace has them since a moment";
  await waitWhile(look, { everyMs: 500, timeoutMs: 6e4, signal });
}
var nameOf = ({ namespace, name }) => `${namespace}/${name}`;
function notReplaced(names) {
  const more = names.length > 3 ? ` and ${names.length - 3} more` : "";
  return new Problem(`pods began before they could trust the new CA: ${names.slice(0, 3).join(", ")}${more}`, {
    code: "ROTATION_UNPROVEN",
    detail: names,
    hint: "Both CAs stay trusted, and the old one signs. Replace these pods (kubectl rollout restart, or delete them) and run again, or run with restart-pods: true, which restarts Deployments, StatefulSets and DaemonSets."
  });
}

// src/phases/kubelet-identity.ts
var days = 30;
var placeCertificate = `set -e
umask 077
folder=$(dirname ${places.kubeletClientCert})
file=$folder/kubelet-client-$(date +%Y-%m-%d-%H-%M-%S).pem
cat >"$file.new"
sync -- "$file.new"
mv -f -- "$file.new" "$file"
ln -sfn -- "$file" "$folder/kubelet-client-updated.pem"
mv -Tf -- "$folder/kubelet-client-updated.pem" ${places.kubeletClientCert}
sync -- "$folder"`;
async function moveKubelet(run, host) {
  const session = sessionOf(run, host);
  const present = (await session.run(printCertificate)).stdout;
  if (!isOwn(run, host, present))
    throw new Problem("its kubelet has no valid client certificate", {
      code: "ROTATION_PENDING",
      host: host.name,
      hint: "Run a deployment first: the node joins again."
    });
  const { crt, key } = authorityIn(run, "kubernetes");
  const [authority, own] = [readCertificate(crt), readCertificate(present)];
  if (authority && own && signedBy(own, authority)) return;
  await ran(run, host, placeCertificate, await newCertificate(run, host, { crt, key }));
  run.log.info(`${host.name}: issued the kubelet\u2019s client certificate (not signed by the cluster\u2019s kubernetes CA)`);
}
async function newCertificate(run, { name, nodeName }, authority) {
  const [sign, { key, pub }] = await Promise.all([signerOf(authority), newLeafPair()]);
  const subject = { commonName: `system:node:${nodeName}`, organization: "system:nodes" };
  const crt = sign({ ...subject, dns: [], ips: [], usages: ["clientAuth"], days }, pub, run.now);
  const files = [secretFile(places.kubeletClientCert, key)];
  run.mask(secretValues({ cluster: run.cluster.name, host: name, authorities: {}, files }));
  return `${crt.trim()}
${key.trim()}
`;
}
async function ran(run, host, script, input = "") {
  const { status, stdout, stderr } = await sessionOf(run, host).run(script, { input });
  if (status === 0) return stdout;
  throw new Problem(`the kubelet\u2019s certificate can\u2019t be replaced: ${stderr.trim()}`, {
    code: "ROTATION_UNPROVEN",
    host: host.name,
    hint: "Repair the host, and run again: the rotation continues where it stopped."
  });
}
var restartOlder = (units) => `conf=$(stat -c %Y ${paths.kubeletConf}) || exit 1
for unit in ${units.join(" ")}; do
  started=$(date -d "$(systemctl show --property=ExecMainStartTimestamp --value "$unit")" +%s) || exit 1
  [ "$started" -gt "$conf" ] || { systemctl restart "$unit" && echo "$unit"; } || exit 1
done`;
async function restartWithKubeconfig(run, host) {
  const units = settled(run, host, false).units.filter(
    ({ content, reads }) => content.includes(paths.kubeletConf) && !reads.includes(paths.kubeletConf)
  );
  const restarted = await ran(run, host, restartOlder(units.map(({ name }) => name)));
  for (const unit of restarted.split("\n").filter((line) => line !== ""))
    run.log.info(`${host.name}: restarted ${unit} (${paths.kubeletConf} changed since its start)`);
}

// src/phases/settle-kubelets.ts
var patience3 = { timeoutMs: 6e4, everyMs: 500 };
var leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
async function settleKubelets(run, signal) {
  const [first, ...others] = hostsWith(run.cluster, "node");
  const settle = async (host) => {
    await moveKubelet(run, host);
    await applyState(run, host, "node", settled(run, host, false));
    await restartWithKubeconfig(run, host);
    await proveSettled(run, host, "node", settled(run, host, false));
    await proveInUse(run, host, signal);
  };
  for (const hosts of [first ? [first] : [], others]) await onHosts(hosts, settle, signal);
}
var startOf = `date -d "$(systemctl show --property=ExecMainStartTimestamp --value ${components.kubelet.unit})" +%s`;
async function proveInUse(run, host, signal) {
  const { status, stdout } = await sessionOf(run, host).run(startOf);
  const after = status === 0 && /^\d+$/.test(stdout.trim()) ? (Number(stdout) + 1) * 1e3 : Number.POSITIVE_INFINITY;
  const look = async (api) => {
    const { spec } = await api.get(`${leases}/${host.nodeName}`, { signal });
    return Date.parse(spec?.renewTime ?? "") >= after ? void 0 : "it has not renewed its Lease since its start";
  };
  const reason = await withApi(run, (api) => waitWhile(() => look(api), { ...patience3, signal }));
  if (reason !== void 0) throw unproven(host, `its kubelet does not use the API: ${reason}`);
}
async function proveKubeletsServe(run, signal) {
  const nodes = hostsWith(run.cluster, "node");
  await onHosts(
    hostsWith(run.cluster, "master"),
    async (master) => {
      await withMaster(run, master, async (api) => {
        await onHosts(nodes, (node) => proveServes(api, node, signal), signal);
      });
    },
    signal
  );
}
async function proveServes(api, node, signal) {
  const look = async () => {
    const { status, text } = await api.raw(`/api/v1/nodes/${node.nodeName}/proxy/healthz`, { signal });
    return status === 200 ? void 0 : `${status} ${text.slice(0, 200)}`;
  };
  const reason = await waitWhile(look, { ...patience3, signal });
  if (reason !== void 0)
    throw unproven(node, `the API server of ${api.host} gets no answer from its kubelet: ${reason}`);
}
function unproven({ name }, message) {
  const hint = `Look at \`journalctl -u kubelet\` on ${name}. Both CAs stay trusted; then run again: the rotation continues.`;
  return new Problem(message, { code: "ROTATION_UNPROVEN", host: name, hint });
}

// src/phases/kubernetes-consumers.ts
var patience4 = { timeoutMs: 12e4, everyMs: 500 };
function kubernetesConsumers(restartPods) {
  return {
    async settle(run, signal) {
      const isAlone = trusted(trustOf(authorityIn(run, "kubernetes").crt)).length === 1;
      const [first, second] = isAlone ? [settleKubelets, settleMasters] : [settleMasters, settleKubelets];
      await first(run, signal);
      await second(run, signal);
      await proveKubeletsServe(run, signal);
    },
    async proveTrust(run, _next, signal) {
      await until2(signal, run, (api) => whyNotPublished(run, api, "kubernetes"));
      const roots = await untilRoots(run, signal);
      await withApi(run, (api) => replacePodsBefore(run, api, roots, { restartPods, signal }));
    },
    async proveMoved(run, alone, signal) {
      await waitForMasters.run(alone, signal);
      await proveKubeletsServe(alone, signal);
      await proveSigner(run, signal);
    },
    async refuseOld(run, signal) {
      await until2(signal, run, (api) => dropFormer(run, api, "kubernetes"));
      await untilRoots(run, signal);
    }
  };
}
async function untilRoots(run, signal) {
  const ids = idsOf(run, "kubernetes");
  let roots = [];
  await until2(signal, run, async (api) => {
    roots = await rootAuthorities(api, signal);
    const other = roots.find(({ pems }) => !hasAll(pems, ids) || pems.some((pem) => !ids.includes(keyId(pem))));
    return other && `the ConfigMap ${other.namespace}/kube-root-ca.crt does not have the CAs of the API servers`;
  });
  return roots;
}
async function proveSigner(run, signal) {
  const { key } = await newSigningPair();
  const request = await certificateRequest({ user: "k8s-ha-action:rotation", groups: [] }, key);
  const ca = authorityIn(run, "kubernetes").crt;
  const name = `k8s-ha-action-${randomUUID()}`;
  await withApi(run, (api) => clientCertificate(api, { name, request, ca, seconds: 600, log: run.log, signal }));
}
async function until2(signal, run, look) {
  const reason = await withApi(run, (api) => waitWhile(() => look(api), { ...patience4, signal }));
  if (reason === void 0) return;
  throw new Problem(`the kubernetes CA: ${reason}`, {
    code: "ROTATION_UNPROVEN",
    hint: "See `journalctl -u kube-controller-manager` on the masters. Both CAs stay trusted; then run again: the rotation continues."
  });
}

// src/etcd/values-under-key.ts
var pageSize = 100;
var limitSeconds = 600;
async function valuesUnderKey(session, cluster, stored) {
  const { status, stdout, stderr } = await session.run(countLines(cluster, stored), { timeoutSeconds: limitSeconds });
  const { under, all } = /^(?<under>\d{1,9}) of (?<all>\d{1,9})$/.exec(stdout.trim())?.groups ?? {};
  if (status === 0 && under !== void 0) return { under: Number(under), all: Number(all) };
  throw new Problem(`the values under ${stored.folder} could not be counted: status ${status}`, {
    code: "ETCD_UNKNOWN",
    host: session.host.name,
    detail: redactLines(stderr.slice(-4096)).slice(-5),
    hint: "Check etcd\u2019s members with `etcdctl endpoint health --cluster`, then run again."
  });
}
function countLines(cluster, { folder, prefix }) {
  const limit = "--command-timeout=60s";
  const get = shellCommand(etcdctl(cluster, asApiserver, etcdEndpoints(cluster), limit, "get"));
  const complete = "k8s-ha-action: the page is complete";
  return [
    `get() { ${get} "$@"; }`,
    `keys=$(get --prefix --keys-only ${shellCommand([folder])}) || exit 1`,
    "count=0 from=",
    `for to in $(printf '%s\\n' "$keys" | sed '/^$/d' | awk 'NR % ${pageSize} == 1') ${shellCommand([afterFolder(folder)])}; do`,
    'if [ -n "$from" ]; then',
    // -o: the values themselves are binary, and not needed.
    `found=$({ get --print-value-only "$from" "$to" && printf '\\n%s\\n' ${shellCommand([complete])}; } | LC_ALL=C grep -ao ${shellCommand(["-e", `^${escaped(prefix)}`, "-e", `^${complete}$`])})`,
    `case $found in *${shellCommand([complete])}) ;; *) exit 1 ;; esac`,
    `count=$((count + $(printf '%s\\n' "$found" | grep -c ${shellCommand([`^${escaped(prefix)}`])} || :)))`,
    "fi",
    "from=$to",
    "done",
    `echo "$count of $(printf '%s\\n' "$keys" | grep -c . || :)"`
  ].join("\n");
}
function afterFolder(folder) {
  return folder.replace(/\/$/, "0");
}
var escaped = (text) => text.replaceAll(".", "\\.");

// src/phases/rotate-encryption.ts
var rotatable = ["secrets", "configmaps"];
var rotateEncryption = {
  title: "Rotate the encryption key",
  async run(run, signal) {
    refuseOtherStores(run);
    let stage = run;
    let step;
    while (step !== "retire") {
      const encryption = supportedEncryption(masterFile(stage, paths.encryptionConfig));
      await settleMasters(stage, signal);
      step = stepOf(encryption);
      if (step === "retire") await rewriteAll(stage, encryption, signal);
      const next = afterStep(encryption, step);
      run.log.info(inWords(step, next));
      stage = withMasterFiles(stage, /* @__PURE__ */ new Map([[paths.encryptionConfig, encryptionConfig(next)]]));
    }
    await settleMasters(stage, signal);
  }
};
function inWords(step, { keys }) {
  const [first, second] = keys.map(({ name }) => name);
  if (step === "add") return `stage 1 of 3: all API servers get ${second}, and still encrypt with ${first}`;
  if (step === "promote") return `stage 2 of 3: all API servers encrypt with ${first}`;
  return `stage 3 of 3: nothing in etcd is under another key than ${first}, and the old key goes`;
}
function supportedEncryption(text) {
  const encryption = readEncryption(text);
  const other = encryption?.resources.find((resource) => !rotatable.includes(resource));
  if (encryption && other === void 0 && nextStep(encryption) !== void 0) return encryption;
  const what = other === void 0 ? "it has not the form that this action writes" : `it encrypts ${other}`;
  throw unsupported(what);
}
function refuseOtherStores({ cluster }) {
  if (cluster.apiServer.extraArgs.some(({ name }) => name === "etcd-servers-overrides"))
    throw unsupported("with etcd-servers-overrides, objects are in stores that are not asked");
}
function stepOf(encryption) {
  const step = nextStep(encryption);
  if (step === void 0) throw unsupported("its keys are not those of one rotation");
  return step;
}
function unsupported(what) {
  return new Problem(`${paths.encryptionConfig} can\u2019t be rotated: ${what}`, {
    code: "ROTATION_UNSUPPORTED",
    hint: `Supported are keys of secretbox, at most two of them (key1, key2 \u2026), for ${rotatable.join(" and ")}. Rotate this configuration by hand, on all masters.`
  });
}
async function rewriteAll(run, { resources, keys }, signal) {
  const [current, old] = keys.map(({ name }) => name);
  for (const resource of resources) {
    const counted = async () => await countOf(run, resource, old ?? "");
    const left = async () => (await counted()).under;
    const before = await counted();
    run.log.info(`${resource}: ${before.under} of ${before.all} values in etcd are under ${old}`);
    if (before.all === 0) await proveNone(run, resource, signal);
    if (before.under === 0) continue;
    const rewriting = { resource, log: run.log, signal };
    const name = `k8s-ha-action-${resource}-${current}`;
    if (await withApi(run, (api) => migrateStorage(api, name, rewriting)) && await left() === 0) continue;
    await withApi(run, (api) => rewriteObjects(api, rewriting));
    const still = await left();
    if (still > 0) throw unproven2(resource, still, old ?? "");
  }
}
async function proveNone(run, resource, signal) {
  const { items } = await withApi(run, (api) => api.list(`/api/v1/${resource}`, { metadataOnly: true, signal }));
  if (items.length === 0) return;
  throw new Problem(`the API has ${items.length} ${resource}, and none was found in etcd`, {
    code: "ROTATION_UNPROVEN",
    hint: "API servers store them in another place than cluster.yaml says. The old key stays until that is found."
  });
}
async function countOf(run, resource, key) {
  const [master] = hostsWith(run.cluster, "master");
  if (!master) throw new Error("a cluster without a master");
  const folder = `${registryPrefix(run.cluster)}/${resource}/`;
  const stored = { folder, prefix: `k8s:enc:secretbox:v1:${key}:` };
  return await valuesUnderKey(sessionOf(run, master), run.cluster, stored);
}
function unproven2(resource, left, old) {
  return new Problem(`${left} values of ${resource} in etcd are still under ${old}`, {
    code: "ROTATION_UNPROVEN",
    hint: "Something else than the API servers of cluster.yaml writes to etcd. The old key stays until it is gone; then run again."
  });
}

// src/phases/rotate-service-account.ts
var record = "k8s-ha-action-rotation";
var sinceKey = "service-account-key";
var hourMs = 3600 * 1e3;
function rotateServiceAccount(tokenHours) {
  return {
    title: "Rotate the service-account key",
    async run(run, signal) {
      await settleMasters(run, signal);
      const account = accountOf(run);
      if (trustOf(account.pub).former.length > 0) return await finish(run, account, tokenHours, signal);
      const pair = await newSigningPair();
      run.log.info("stage 1 of 3: all API servers trust the new key, and still sign with the old one");
      const trusting = withAccount(run, withNextKey(account, pair.pub));
      await settleMasters(trusting, signal);
      run.log.info("stage 2 of 3: all API servers sign with the new key");
      const signing = withAccount(trusting, signingWith(accountOf(trusting), pair));
      await settleMasters(signing, signal);
      await recordSince(signing, pair.pub);
      run.log.info("stage 3 of 3 is for a later run: the old key goes when none of its tokens can be valid");
    }
  };
}
function accountOf(run) {
  return { key: masterFile(run, paths.serviceAccount.key), pub: masterFile(run, paths.serviceAccount.pub) };
}
function withAccount(run, { key, pub }) {
  return withMasterFiles(
    run,
    /* @__PURE__ */ new Map([
      [paths.serviceAccount.key, key],
      [paths.serviceAccount.pub, pub]
    ])
  );
}
async function finish(run, account, tokenHours, signal) {
  const { current } = trustOf(account.pub);
  const { since, podSeconds, secrets } = await withApi(run, async (api) => ({
    since: sinceOf(await readRecord(api, record), current),
    podSeconds: await longestPodToken(api, signal),
    secrets: await tokensOfOtherKeys(api, current, signal)
  }));
  if (since === void 0) await recordSince(run, current);
  const end = new Date((since ?? run.now).getTime() + longestTokenMs(run.cluster, tokenHours, podSeconds));
  const reasons = whyInUse({ now: run.now, end, secrets });
  if (reasons.length > 0) throw inUse(reasons);
  run.log.info("stage 3 of 3: no token of the old key can be valid, and it is refused from now on");
  await settleMasters(withAccount(run, trustingOnlyCurrent(account)), signal);
}
function longestTokenMs({ apiServer }, tokenHours, podSeconds) {
  const { extraArgs } = apiServer;
  const extended = !whenFalse.include(flagValue("service-account-extend-token-expiration", "false", extraArgs));
  return Math.max(tokenHours * hourMs, podSeconds * 1e3, extended ? 365 * 24 * hourMs : 0);
}
function whyInUse({
  now,
  end,
  secrets
}) {
  const early = now < end ? [`tokens may be valid until ${end.toISOString()}`] : [];
  return [...early, ...secrets.map((name) => `Secret ${name} has a token of it that never ends`)];
}
function inUse(reasons) {
  const more = reasons.length > 3 ? ` and ${reasons.length - 3} more` : "";
  return new Problem(`the old service-account key may be in use: ${reasons.slice(0, 3).join("; ")}${more}`, {
    code: "ROTATION_UNPROVEN",
    detail: reasons,
    hint: "It stays trusted, and the new key signs. Replace the tokens of these Secrets (delete and create them), and run again after that time."
  });
}
async function recordSince(run, pub) {
  await withApi(run, (api) => changeRecord(api, record, { [sinceKey]: `${keyId(pub)} ${(/* @__PURE__ */ new Date()).toISOString()}` }));
}
function sinceOf(kept, pub) {
  const [id, text = ""] = (kept.get(sinceKey) ?? "").split(" ");
  const since = new Date(text);
  return id === keyId(pub) && !Number.isNaN(since.getTime()) ? since : void 0;
}

// src/phases/rotations.ts
var rotations = {
  "encryption-key": () => rotateEncryption,
  "service-account-key": ({ tokenHours }) => rotateServiceAccount(tokenHours),
  "front-proxy-ca": () => rotateAuthority("front-proxy", frontProxyConsumers),
  "etcd-ca": () => rotateAuthority("etcd", etcdConsumers),
  "kubernetes-ca": ({ restartPods }) => rotateAuthority("kubernetes", kubernetesConsumers(restartPods))
};
function rolesOf(what) {
  if (what === "kubernetes-ca") return ["master", "node"];
  return what === "etcd-ca" ? ["master", "etcd"] : ["master"];
}

// src/actions/work/rotate.ts
var halfway = "The cluster works in every stage: run the rotation again, it continues where this run stopped.";
async function rotate({ what, cluster, clusterFile, access, name, commit, ...choices }) {
  const attempt = soleAttemptName();
  const run = newRun({ cluster, access, dryRun: false, name, attempt, commit, log: githubLog, mask });
  const work = what === "certificates" ? renewal() : rotation(what, choices, clusterFile);
  await reporting("Rotation", run, () => work(run));
}
function rotation(what, choices, clusterFile) {
  const phases = [
    connectHosts("first"),
    gatherFacts,
    ...hostChecks,
    observe,
    checkRotation(rolesOf(what)),
    refuseOtherNodes(rolesOf(what)),
    checkLockfile(clusterFile, "quiet"),
    planEtcdMembers,
    refuseMemberChanges(rolesOf(what)),
    prepareSecrets,
    rotations[what](choices)
  ];
  return (run) => runPhases(run, phases, { signal: cancellation({ hint: halfway }) });
}
function renewal() {
  const before = [connectReachable, gatherReachedFacts, checkHosts, observe, planEtcdMembers, prepareRenewal];
  return (run) => runPhases(run, [...before, renewCertificates], { signal: cancellation() });
}
export {
  rotate
};
