import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);

// src/plain-text.ts
var controlSequence = String.raw`(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?`;
var controlString = String.raw`(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])(?:[^\x00-\x1f\x7f-\x9f]*(?:\x07|\x1b\\|\x9c))?`;
var otherEscape = String.raw`\x1b[ -/]*[0-~]`;
var escapes = new RegExp(`${controlString}|${controlSequence}|${otherEscape}`, "g");
var lineEnds = /\r\n?|[\n\v\f\x85\u2028\u2029]/g;
var blanks = new RegExp("[[\\t\\p{Zs}]--[ ]]", "gv");
var unseen = new RegExp("[[\\p{Cc}\\p{Cf}\\p{Default_Ignorable_Code_Point}]--\\n]", "gv");
function plainText(text) {
  return text.replace(escapes, "").replace(lineEnds, "\n").replace(blanks, " ").replace(unseen, "").toWellFormed();
}
function plainLine(text) {
  return plainText(text).split("\n").map((line) => line.trim()).filter(Boolean).join(" ");
}
function cutLine(line, most) {
  if (line.length <= most) return line;
  const blank = line.lastIndexOf(" ", most);
  const kept = line.slice(0, blank > most / 2 ? blank : most).toWellFormed();
  return `${kept} \u2026 (${line.length - kept.length} more characters)`;
}

// src/host/redact-keys.ts
var banner = /-{4,5} ?(BEGIN|END) ([A-Z0-9 ]{0,60})-{4,5}/;
var removed = "[private key removed]";
function withoutKeys(lines) {
  const kept = [];
  let place = "outside";
  for (const line of lines) {
    if (place !== "outside" && !banner.test(line) && !isBody(line, place)) place = "outside";
    if (place === "key" && !banner.test(line)) continue;
    const { text, next, open, headless } = readLine(line, place);
    if (headless) dropBody(kept);
    if (place !== "key" || text !== "") kept.push({ text, open: place === "open" || open });
    place = next;
  }
  return kept;
}
function readLine(line, from) {
  let [text, rest, place] = ["", line, from];
  let [open, headless] = [false, false];
  for (let found = banner.exec(rest); found; found = banner.exec(rest)) {
    const [sign, what, label = ""] = found;
    const isKey = label.includes("PRIVATE KEY");
    open ||= !isKey;
    const before = rest.slice(0, found.index);
    rest = rest.slice(found.index + sign.length);
    if (what === "BEGIN") {
      text += isKey ? `${place === "key" ? "" : before}${removed}` : before + sign;
      place = isKey ? "key" : "open";
    } else {
      headless ||= isKey && place !== "key";
      text += isKey ? place === "key" ? "" : removed : before + sign;
      place = "outside";
    }
  }
  return { text: place === "key" ? text : text + rest, next: place, open, headless };
}
function dropBody(kept) {
  while (kept.length > 0 && isBody(kept.at(-1)?.text ?? "", "key")) kept.pop();
}
function isBody(line, place) {
  const text = line.trim();
  if (text === "") return place === "key";
  const word = text.slice(text.lastIndexOf(" ") + 1);
  const alone = word.length === text.length || /[:|>\])]$/.test(text.slice(0, -word.length).trimEnd());
  if (/^[A-Za-z0-9+/]{4,}={0,2}$/.test(word)) return alone || word.length >= 40;
  return place === "key" && /\b(Proc-Type|DEK-Info|Comment): /.test(text);
}

// src/host/redact.ts
var removed2 = "[removed]";
var rules = [
  // Tokens of GitHub, GitLab, npm, Docker and Slack, recognised by their prefixes.
  [/(?<![A-Za-z0-9])(?:gh[a-z]_|github_pat_|glpat-|npm_|dckr_pat_|xox[a-z]-)[A-Za-z0-9_.-]{16,}/g, () => removed2],
  // JSON Web Tokens and encrypted ones: a service account's among them. All begin with `{"` in base64.
  [/(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*){1,4}/g, () => removed2],
  [/(?<![A-Za-z0-9])AGE-(?:SECRET-KEY|PLUGIN)-[A-Z0-9+._-]{8,}/gi, () => removed2],
  // The part before the @ of a URL, unless it is only a user name.
  [/:\/\/([^\s/"'<>\\]*)@/g, (all, user = "") => /[:%]/.test(user) || looksRandom(user) ? `://${removed2}@` : all],
  // A password with a slash in it; digits first are a port and a path.
  [/:\/\/[^\s/:@"'<>\\]{0,100}:(?!\d+\/)[^\s"'<>\\]{1,200}@/g, () => `://${removed2}@`],
  [/(authorization\\?["']?\s*[:=]\s*\\?["']?(?:[a-z]+ +)?)([^\s"',;\\]{4,})/gi, keyed],
  [/(?<![A-Za-z0-9])((?:bearer|basic) +)([A-Za-z0-9+/=._~-]{4,})/gi, keyed],
  [/((?<![A-Za-z-])--?[a-z-]{0,30}(?:password|passphrase|token|secret) +)([^\s"']+)/gi, keyed],
  [
    /((?:key-data|token|passw(?:or)?d|passphrase|secret|api[-_]?key|access[-_]?key)\\?["']?\s*[:=]\s*)(\\?["'][^"']*|[^\s"',;}\]]+)/gi,
    keyed
  ],
  // Bootstrap tokens of Kubernetes.
  [/(?<![A-Za-z0-9._-])[a-z0-9]{6}\.[a-z0-9]{16}(?![A-Za-z0-9_-]|\.[A-Za-z0-9])/g, () => removed2]
];
var shortestTorn = 60;
var longBase64 = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{60,}={0,2}(?![A-Za-z0-9+/=_-])/g;
function redact(text) {
  let torn = false;
  return withoutKeys(plainText(text).split("\n")).map(({ text: line, open }) => {
    const rest = torn && /^[A-Za-z0-9+/]{4,}={0,2}$/.test(line.trim()) && /[A-Z0-9=]/.test(line);
    const shown = rest ? removed2 : redactLine(line, open);
    torn = shown.trim() === removed2 && line.trim().length >= shortestTorn;
    return shown;
  }).join("\n");
}
function redactLines(text) {
  return redact(text).split("\n").filter((line) => line.trim() !== "");
}
var shortestLine = 8;
function redactLine(line, open) {
  if (line.length < shortestLine) return line;
  const cleared = rules.reduce((rest, [pattern, replace]) => rest.replace(pattern, replace), line);
  return open ? cleared : cleared.replace(longBase64, (word) => isPublic(word) || !looksLikeKey(word) ? word : removed2);
}
function keyed(all, name = "", value = "", offset = 0, line = "") {
  const [, quote = "", text = ""] = /^(\\?["']?)(.*)$/s.exec(value) ?? [];
  if (placeholder.test(text)) return all;
  const given = quote !== "" || name.includes("=");
  const end = Number(offset) + all.length;
  const last = line.slice(end, end + 9).trim() === "";
  const secret = /passw|passphrase|key-data|^-/i.test(name) ? (
    // `password: must be set` says something about one.
    text.length >= 4 && (given || last || !/^[a-z]+[.,;]?$/.test(text))
  ) : looksRandom(text) || given && text.length >= 8 && !text.includes("/") || isCredentials(name, text);
  return secret ? `${name}${quote}${removed2}` : all;
}
var placeholder = /^$|^\.{0,2}\/[\w./-]*$|^\$\{?[A-Z_][A-Z0-9_]*\}?$|^\*+$|^<.*>?$|^\[/;
function looksRandom(text) {
  if (text.length < 8 || /^[a-z0-9.-]+\/[a-z0-9.-]+$/.test(text)) return false;
  return /\d/.test(text) && /[A-Za-z]/.test(text);
}
function isCredentials(name, text) {
  return /basic/i.test(name) && /^[\x20-\x7e]*:[\x20-\x7e]*$/.test(Buffer.from(text, "base64").toString("latin1"));
}
function looksLikeKey(word) {
  const count = (pattern) => word.match(pattern)?.length ?? 0;
  return count(/[A-Z]/g) >= 8 && count(/[a-z]/g) >= 8 && /[0-9]/.test(word);
}
function isPublic(word) {
  const text = Buffer.from(word, "base64").toString("latin1");
  if (text.startsWith("\0\0\0") && /^(ssh-|ecdsa-|sk-)/.test(text.slice(4))) return true;
  return text.startsWith("-----BEGIN CERTIFICATE") && !text.includes("PRIVATE KEY");
}

export {
  plainText,
  plainLine,
  cutLine,
  redact,
  redactLines
};
