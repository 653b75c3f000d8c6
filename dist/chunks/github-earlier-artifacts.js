import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  parseJson
} from "./entry-json.js";
import {
  runAgain,
  uploadArtifact
} from "./github-artifact-client.js";
import {
  isEnterpriseServer
} from "./github-server.js";
import {
  invalidInput
} from "./cluster-checks.js";
import {
  secretInput
} from "./github-secret-inputs.js";
import {
  readSmallFile
} from "./github-small-file.js";
import {
  bytesOf,
  inUnits
} from "./entry-bytes.js";
import {
  Problem,
  ZodError,
  array,
  boolean,
  number,
  object,
  string
} from "./errors.js";
import {
  getInput,
  warning
} from "./github-hidden-values.js";

// src/github/history.ts
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";

// src/github/earlier-artifacts.ts
import { createHash } from "node:crypto";
var listedArtifact = object({
  id: number(),
  expired: boolean(),
  size_in_bytes: number(),
  digest: string().nullish(),
  workflow_run: object({ head_branch: string().nullish(), repository_id: number(), head_repository_id: number() }).nullish()
});
var listing = object({ artifacts: array(listedArtifact).max(100) });
var mostListBytes = 4 * 1024 * 1024;
var downloadMs = 12e4;
var notPermitted = /* @__PURE__ */ new Set([401, 403, 404]);
var StatusError = class extends Error {
  status;
  constructor(status) {
    super(`status ${status}`);
    this.status = status;
  }
};
async function newestArtifact(name, token, mostBytes2) {
  const { GITHUB_API_URL: api = "https://api.github.com", GITHUB_REPOSITORY: repository } = process.env;
  const place = `${api}/repos/${repository}/actions/artifacts`;
  const { ask, get } = await clients(token);
  try {
    const listed = await bodyOf(await ask(`${place}?per_page=100&name=${encodeURIComponent(name)}`), mostListBytes);
    const { artifacts } = listing.parse(parseJson(listed.text(), Error));
    const newest = artifacts.filter(isOurs).sort((one, other) => other.id - one.id)[0];
    if (!newest) return void 0;
    if (newest.size_in_bytes > mostBytes2) throw new Error(`it has more than ${inUnits(mostBytes2)}`);
    const storage = storageOf(await ask(`${place}/${newest.id}/zip`), api);
    const bytes = (await bodyOf(await get(storage), mostBytes2)).view;
    const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    if (newest.digest && newest.digest !== digest) throw new Error("its bytes are not those that were uploaded");
    return bytes;
  } catch (cause) {
    throw failed(name, cause);
  }
}
async function clients(token) {
  const { HttpClient } = await import("./load-actions-http-client.js");
  const { BearerCredentialHandler } = await import("./load-actions-http-client-lib-auth.js");
  const options = { allowRetries: true, maxRetries: 3, socketTimeout: 3e4 };
  const api = new HttpClient("k8s-ha-action", [new BearerCredentialHandler(token)], {
    ...options,
    allowRedirects: false
  });
  const storage = new HttpClient("k8s-ha-action", [], options);
  return {
    ask: async (url) => (await api.get(url)).message,
    get: async (url) => (await storage.get(url)).message
  };
}
async function bodyOf(message, limit) {
  if (message.statusCode !== 200) throw refused(message);
  const late = setTimeout(() => message.destroy(new Error(`no end after ${downloadMs / 1e3} s`)), downloadMs);
  return await bytesOf(message, limit, (what) => new Error(`it has ${what}`)).finally(() => clearTimeout(late));
}
function storageOf(message, api) {
  const { location = "" } = message.headers;
  if (message.statusCode !== 302) throw refused(message);
  message.resume();
  if (URL.parse(location)?.protocol !== new URL(api).protocol) throw new Error("its address is not valid");
  return location;
}
function refused(message) {
  message.destroy();
  return new StatusError(message.statusCode);
}
function failed(name, cause) {
  const reason = cause instanceof ZodError ? "the list of artifacts is not valid" : String(cause.message);
  const denied = cause instanceof StatusError && notPermitted.has(cause.status);
  return new Problem(`failed to download the last run\u2019s artifact ${name}: ${reason}`, {
    code: "ARTIFACT_DOWNLOAD",
    hint: denied ? "Give the job permissions: { contents: read, actions: read }." : runAgain,
    cause
  });
}
function isOurs({ expired, workflow_run: run }) {
  if (expired || !run) return false;
  return run.head_repository_id === run.repository_id && run.head_branch === process.env.GITHUB_REF_NAME;
}

// src/github/history.ts
function historyInput(name) {
  const place = getInput("history");
  const token = secretInput("token");
  if (place === "") return noHistory;
  if (place !== "artifact") return historyFile(place);
  if (isEnterpriseServer())
    throw invalidInput("history", place, "GitHub Enterprise Server has no such artifacts: name a file, and store it.");
  if (token) return historyArtifact(name, token);
  throw invalidInput("history", place, "Set the input token to a token that can read the artifacts of earlier runs.");
}
var mostBytes = 4 * 1024 * 1024;
function checked(text) {
  const broken = text.split("\n").filter((line) => line.trim() !== "" && !isJson(line)).length;
  if (broken > 0) warning(`${broken} invalid lines of the history are skipped`);
  return text;
}
function isJson(line) {
  try {
    parseJson(line, Error);
    return true;
  } catch {
    return false;
  }
}
function tooLong(path, what) {
  return invalidInput("history", path, `It has ${what}: use a file that only this action writes.`);
}
var noHistory = { read: async () => "", write: async () => void 0 };
function historyFile(path) {
  return {
    async read() {
      try {
        return checked((await readSmallFile(path, mostBytes, (what) => tooLong(path, what))).toString());
      } catch (error) {
        if (error.code === "ENOENT") return "";
        throw error;
      }
    },
    // Replaced atomically, so a killed run leaves the old file.
    async write(text) {
      await mkdir(dirname(resolve(path)), { recursive: true });
      await writeFile(`${path}.part`, text);
      await rename(`${path}.part`, path);
    }
  };
}
function historyArtifact(name, token) {
  return {
    read: async () => checked((await newestArtifact(name, token, mostBytes))?.toString() ?? ""),
    write: async (text) => await uploadArtifact(name, Buffer.from(text), false, { lasting: true })
  };
}

export {
  historyInput,
  noHistory
};
