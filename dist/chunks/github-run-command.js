import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  exec
} from "./actions-exec.js";

// src/github/run-command.ts
import { setTimeout as sleep } from "node:timers/promises";
var graceMs = 2e3;
var cancelledGraceMs = 1e3;
var mostText = 1e4;
var inOwnGroup = 'echo $$ && exec setsid "$@" >/dev/null';
async function runCommand(argv, { timeoutMs, env, onStart, signal }) {
  let group;
  let stderr = "";
  const say = (text) => {
    stderr = (stderr + text).slice(-mostText);
  };
  const listeners = {
    stdline: (line) => {
      group = Number(line);
      onStart?.(group);
      if (signal?.aborted) signalGroup(group, "SIGTERM");
    },
    stderr: (data) => say(data.toString())
  };
  let late = false;
  const limit = setTimeout(() => {
    late = true;
    say(`
no end after ${timeoutMs / 1e3} s`);
    signalGroup(group, "SIGTERM");
  }, timeoutMs);
  let last = setTimeout(() => signalGroup(group, "SIGKILL"), timeoutMs + graceMs);
  const cancel = () => {
    signalGroup(group, "SIGTERM");
    clearTimeout(last);
    last = setTimeout(() => signalGroup(group, "SIGKILL"), cancelledGraceMs);
  };
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    const options = { env, ignoreReturnCode: true, silent: true, delay: 500, listeners };
    const status = await exec("sh", ["-c", inOwnGroup, "sh", ...argv], options);
    if (late || signal?.aborted) signalGroup(group, "SIGKILL");
    return { status: late ? 124 : status, stderr };
  } finally {
    clearTimeout(limit);
    clearTimeout(last);
    signal?.removeEventListener("abort", cancel);
  }
}
function signalGroup(leader, signal) {
  try {
    return leader !== void 0 && process.kill(-leader, signal);
  } catch (error) {
    if (error.code === "ESRCH") return false;
    throw error;
  }
}
async function commandEnded(group, timeoutMs) {
  for (const end = performance.now() + timeoutMs; performance.now() < end && signalGroup(group, 0); ) await sleep(100);
}

export {
  runCommand,
  commandEnded
};
