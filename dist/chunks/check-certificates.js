import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  authorityNames,
  authorityRecords,
  notAfter,
  notBefore,
  readCertificate
} from "./pki.js";
import {
  endOfLife
} from "./cluster-versions.js";
import {
  places
} from "./layout-addresses.js";

// src/check/ends.ts
var dayMs = 24 * 3600 * 1e3;
var soonMs = 30 * dayMs;
function daysUntil(end, now) {
  return Math.floor((end.getTime() - now.getTime()) / dayMs);
}
function endInWords(end, now) {
  const days = daysUntil(end, now);
  const when = end.toISOString();
  return end <= now ? `ended ${when}` : `ends ${when}, in ${days} ${days === 1 ? "day" : "days"}`;
}

// src/check/certificates.ts
function seenCertificate(path, pem, served) {
  const certificate = readCertificate(pem);
  if (!certificate) return [];
  const times = { from: notBefore(certificate), until: notAfter(certificate) };
  return [{ path, ...served !== void 0 && { served }, ...times }];
}
function certificatesOn({
  files,
  withheld
}) {
  return [
    ...[...files].flatMap(([path, text]) => seenCertificate(path, text)),
    ...[...withheld].flatMap(([path, { certificate }]) => seenCertificate(path, certificate))
  ];
}
function expiresInDays(certificates, now) {
  const counted = certificates.filter(
    (each) => each.path !== places.kubeletClientCert || leftMs(each, now) < limitOf(each)
  );
  return counted.length === 0 ? void 0 : Math.min(...counted.map((each) => daysUntil(each.until, now)));
}
function certificateFindings({ name }, certificates, now) {
  const ending = certificates.filter((each) => leftMs(each, now) < limitOf(each));
  const [served, filed] = [ending.filter(isServed), ending.filter((each) => !isServed(each))];
  const authorities = authorityNames.flatMap((authority) => {
    const copies = authorityRecords[authority].copies;
    const [copy] = filed.filter(({ path }) => copies.includes(path));
    return copy ? [authorityFinding(authority, copy, now)] : [];
  });
  const ends = new Set(filed.filter(({ path }) => isAuthority(path)).map(({ until }) => until.getTime()));
  const leafs = filed.filter(({ path, until }) => !isAuthority(path) && !ends.has(until.getTime()));
  const only = served.filter(({ path }) => !filed.some((each) => each.path === path));
  return [
    ...authorities,
    ...leafFindings("certificates-end", name, leafs, now, "Run a deployment: it renews them."),
    ...leafFindings("served-certificates-end", name, only, now, "Restart the unit: it serves an older certificate.")
  ];
}
var isServed = ({ served }) => served !== void 0;
function isRenewedByRuns({ path }) {
  return !isAuthority(path) && path !== places.kubeletClientCert;
}
var isAuthority = (path) => authorityNames.some((name) => authorityRecords[name].copies.some((copy) => copy === path));
var leftMs = ({ until }, now) => until.getTime() - now.getTime();
function limitOf({ path, from, until }) {
  const share = path === places.kubeletClientCert ? 10 : 3;
  return Math.min(soonMs, (until.getTime() - from.getTime()) / share);
}
function severityOf(certificates, now) {
  return certificates.some((each) => leftMs(each, now) < limitOf(each) / 4) ? "critical" : "warning";
}
function leafFindings(kind, host, certificates, now, fix) {
  const [first] = certificates.toSorted((one, other) => one.until.getTime() - other.until.getTime());
  if (!first) return [];
  const names = certificates.map(({ path, served }) => served ?? path);
  const message = `${names.join(", ")}: ${endInWords(first.until, now)}`;
  return [{ id: `${kind}/${host}`, severity: severityOf(certificates, now), subject: host, message, fix }];
}
var fixes = {
  kubernetes: "Replace it: run the action rotate with what: kubernetes-ca.",
  etcd: "Replace it: run the action rotate with what: etcd-ca.",
  "front-proxy": "Replace it: run the action rotate with what: front-proxy-ca."
};
function authorityFinding(authority, copy, now) {
  return {
    id: `ca-ends/${authority}`,
    severity: severityOf([copy], now),
    subject: `${authority} CA`,
    message: `the ${authority} CA ${endInWords(copy.until, now)}`,
    fix: fixes[authority]
  };
}

// src/check/finding.ts
var severities = ["critical", "warning", "info"];
function isGo(findings) {
  return !findings.some(({ severity }) => severity === "critical");
}
function atLeast(severity, findings) {
  return findings.filter((each) => severities.indexOf(each.severity) <= severities.indexOf(severity));
}
function inOrder(findings) {
  const byId = [...Map.groupBy(findings, ({ id }) => id).values()];
  return byId.flatMap((same) => merged(same) ?? []).toSorted(compared);
}
function compared(one, other) {
  const rank = severities.indexOf(one.severity) - severities.indexOf(other.severity);
  return rank || one.id.localeCompare(other.id);
}
function merged(same) {
  const [gravest] = same.toSorted(compared);
  const texts = [...new Set(same.map(({ message }) => message))];
  return gravest && { ...gravest, message: texts.join("; ") };
}

// src/check/versions.ts
function versionFindings({ name }, versions, now) {
  const minors = new Set(versions.flatMap(minorOf));
  return [...minors].flatMap((minor) => {
    const end = endOfLife(minor);
    if (!end || end.getTime() - now.getTime() >= soonMs) return [];
    return [
      {
        id: `version-ends/kubernetes-1.${minor}`,
        severity: "warning",
        subject: name,
        message: `the support of Kubernetes 1.${minor} ${endInWords(end, now)}`,
        fix: `Set kubernetesVersion to a release of 1.${minor + 1}: later security fixes are not released for 1.${minor}.`
      }
    ];
  });
}
function minorOf(version) {
  const minor = /^v?1\.(\d{1,3})\./.exec(version)?.[1];
  return minor === void 0 ? [] : [Number(minor)];
}

export {
  dayMs,
  seenCertificate,
  certificatesOn,
  expiresInDays,
  certificateFindings,
  isRenewedByRuns,
  severities,
  isGo,
  atLeast,
  inOrder,
  versionFindings
};
