import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  addMask,
  debug,
  group,
  info,
  shortestHidden,
  warning
} from "./github-hidden-values.js";

// src/github/log.ts
function duration(milliseconds) {
  return milliseconds < 1e3 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1e3).toFixed(1)} s`;
}
var githubLog = {
  info,
  warning: (message) => warning(message),
  debug,
  async group(title, work) {
    const begin = performance.now();
    try {
      return await group(title, work);
    } finally {
      info(`${title}: ${duration(performance.now() - begin)}`);
    }
  }
};

// src/github/masks.ts
var lineEnd = /\r\n?|\n/;
var writtenEnd = /(?:\\r)?\\n/;
function mask(values) {
  const lines = [...values].flatMap((value) => [value, ...value.split(lineEnd)]);
  const parts = lines.flatMap((line) => [line, ...line.split(writtenEnd)]);
  const secrets = new Set(
    parts.map((line) => line.trim()).filter((line) => line.length >= shortestHidden && !line.startsWith("-----"))
  );
  for (const secret of secrets) {
    addMask(secret);
    addMask(Buffer.from(secret).toString("base64"));
  }
}

export {
  duration,
  githubLog,
  mask
};
