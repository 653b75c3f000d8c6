import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  findAuthorities,
  inspectionOf,
  issue,
  withStandIns
} from "./pki.js";
import {
  hostsWith
} from "./cluster-cluster.js";
import {
  Problem
} from "./errors.js";

// src/phases/issue-answered.ts
async function issueAnswered(run) {
  const read = run.cluster.hosts.filter(({ name }) => run.inspections.has(name));
  const seen = withStandIns(read.map((host) => ({ host: host.name, ...inspectionOf(run, host) })));
  const isMaster = ({ host }) => hostsWith(run.cluster, "master").some(({ name }) => name === host);
  const found = findAuthorities(
    seen.filter(isMaster),
    seen.filter((each) => !isMaster(each))
  );
  if (found.kind === "none") {
    const hint = "Run a deployment.";
    throw new Problem("no master that was asked has CAs", { code: "AUTHORITIES_UNKNOWN", hint });
  }
  const existing = new Map(seen.map(({ host, files }) => [host, files]));
  const { secrets, issued } = await issue(run.cluster, found.authorities, existing, run.now, run.dryRun);
  return {
    secrets: new Map([...secrets].filter(([host]) => existing.has(host))),
    issued: issued.filter(({ host }) => existing.has(host))
  };
}

export {
  issueAnswered
};
