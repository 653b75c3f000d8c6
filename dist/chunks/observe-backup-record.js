import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  stateDirectory
} from "./host.js";
import {
  shellQuoted
} from "./etcd-etcdctl.js";

// src/observe/backup-record.ts
var path = `${stateDirectory}/newest-backup`;
function writeRecord({ made, revision, name }) {
  const line = `${Math.floor(made.getTime() / 1e3)} ${revision} ${name}`;
  return [
    "set -e",
    `mkdir -p -m 755 ${stateDirectory}`,
    `printf '%s\\n' ${shellQuoted(line)} >${path}.part`,
    `mv -f ${path}.part ${path}`
  ].join("\n");
}
var askRecord = `if [ -e ${path} ]; then sed 's/^/backup /' ${path}; else echo 'backup none'; fi`;
function recordIn(lines) {
  const found = lines.map((line) => recordLine.exec(line)?.groups).find((groups) => groups !== void 0);
  if (!found) return lines.includes("backup none") ? "none" : void 0;
  const { seconds, revision, name = "" } = found;
  return { made: new Date(Number(seconds) * 1e3), revision: Number(revision), name };
}
var recordLine = /^backup (?<seconds>\d{1,11}) (?<revision>\d{1,16}) (?<name>[\w.-]{1,300})$/;

export {
  writeRecord,
  askRecord,
  recordIn
};
