import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  bytesOf
} from "./entry-bytes.js";

// src/github/small-file.ts
import { closeSync, openSync, readSync } from "node:fs";
import { open } from "node:fs/promises";
async function readSmallFile(path, limit, refuse) {
  const file = await open(path);
  const bytes = await bytesOf(file.createReadStream(), limit, refuse);
  return bytes.view;
}
function readStart(path, bytes) {
  const file = openSync(path, "r");
  try {
    const buffer = Buffer.alloc(bytes);
    let length = 0;
    for (let read = 1; read > 0 && length < bytes; length += read)
      read = readSync(file, buffer, length, bytes - length, null);
    return buffer.toString("utf8", 0, length);
  } finally {
    closeSync(file);
  }
}

export {
  readSmallFile,
  readStart
};
