import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  __commonJS,
  __toESM
} from "./runtime.js";

// left-out:@actions/http-client
var require_http_client = __commonJS({
  "left-out:@actions/http-client"(exports, module) {
    var gone = (name) => function() {
      throw new Error(String(name) + " of @actions/http-client is left out of the bundles");
    };
    module.exports = new Proxy({}, { get: (_, name) => gone(name) });
  }
});

// left-out:@actions/http-client/lib/auth
var require_auth = __commonJS({
  "left-out:@actions/http-client/lib/auth"(exports, module) {
    var gone = (name) => function() {
      throw new Error(String(name) + " of @actions/http-client/lib/auth is left out of the bundles");
    };
    module.exports = new Proxy({}, { get: (_, name) => gone(name) });
  }
});

// node_modules/@actions/core/lib/command.js
import * as os from "os";

// node_modules/@actions/core/lib/utils.js
function toCommandValue(input) {
  if (input === null || input === void 0) {
    return "";
  } else if (typeof input === "string" || input instanceof String) {
    return input;
  }
  return JSON.stringify(input);
}
function toCommandProperties(annotationProperties) {
  if (!Object.keys(annotationProperties).length) {
    return {};
  }
  return {
    title: annotationProperties.title,
    file: annotationProperties.file,
    line: annotationProperties.startLine,
    endLine: annotationProperties.endLine,
    col: annotationProperties.startColumn,
    endColumn: annotationProperties.endColumn
  };
}

// node_modules/@actions/core/lib/command.js
function issueCommand(command, properties, message) {
  const cmd = new Command(command, properties, message);
  process.stdout.write(cmd.toString() + os.EOL);
}
function issue(name, message = "") {
  issueCommand(name, {}, message);
}
var CMD_STRING = "::";
var Command = class {
  constructor(command, properties, message) {
    if (!command) {
      command = "missing.command";
    }
    this.command = command;
    this.properties = properties;
    this.message = message;
  }
  toString() {
    let cmdStr = CMD_STRING + this.command;
    if (this.properties && Object.keys(this.properties).length > 0) {
      cmdStr += " ";
      let first = true;
      for (const key in this.properties) {
        if (this.properties.hasOwnProperty(key)) {
          const val = this.properties[key];
          if (val) {
            if (first) {
              first = false;
            } else {
              cmdStr += ",";
            }
            cmdStr += `${key}=${escapeProperty(val)}`;
          }
        }
      }
    }
    cmdStr += `${CMD_STRING}${escapeData(this.message)}`;
    return cmdStr;
  }
};
function escapeData(s) {
  return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}
function escapeProperty(s) {
  return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A").replace(/:/g, "%3A").replace(/,/g, "%2C");
}

// node_modules/@actions/core/lib/file-command.js
import * as crypto from "crypto";
import * as fs from "fs";
import * as os2 from "os";
function issueFileCommand(command, message) {
  const filePath = process.env[`GITHUB_${command}`];
  if (!filePath) {
    throw new Error(`Unable to find environment variable for file command ${command}`);
  }
  if (!fs.existsSync(filePath)) {
    throw new Error(`Missing file at path: ${filePath}`);
  }
  fs.appendFileSync(filePath, `${toCommandValue(message)}${os2.EOL}`, {
    encoding: "utf8"
  });
}
function prepareKeyValueMessage(key, value) {
  const delimiter = `ghadelimiter_${crypto.randomUUID()}`;
  const convertedValue = toCommandValue(value);
  if (key.includes(delimiter)) {
    throw new Error(`Unexpected input: name should not contain the delimiter "${delimiter}"`);
  }
  if (convertedValue.includes(delimiter)) {
    throw new Error(`Unexpected input: value should not contain the delimiter "${delimiter}"`);
  }
  return `${key}<<${delimiter}${os2.EOL}${convertedValue}${os2.EOL}${delimiter}`;
}

// node_modules/@actions/core/lib/core.js
import * as os4 from "os";

// node_modules/@actions/core/lib/oidc-utils.js
var import_http_client = __toESM(require_http_client(), 1);
var import_auth = __toESM(require_auth(), 1);

// node_modules/@actions/core/lib/summary.js
import { EOL as EOL3 } from "os";
import { constants, promises } from "fs";
var __awaiter = function(thisArg, _arguments, P, generator) {
  function adopt(value) {
    return value instanceof P ? value : new P(function(resolve) {
      resolve(value);
    });
  }
  return new (P || (P = Promise))(function(resolve, reject) {
    function fulfilled(value) {
      try {
        step(generator.next(value));
      } catch (e) {
        reject(e);
      }
    }
    function rejected(value) {
      try {
        step(generator["throw"](value));
      } catch (e) {
        reject(e);
      }
    }
    function step(result) {
      result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected);
    }
    step((generator = generator.apply(thisArg, _arguments || [])).next());
  });
};
var { access, appendFile, writeFile } = promises;
var SUMMARY_ENV_VAR = "GITHUB_STEP_SUMMARY";
var Summary = class {
  constructor() {
    this._buffer = "";
  }
  /**
   * Finds the summary file path from the environment, rejects if env var is not found or file does not exist
   * Also checks r/w permissions.
   *
   * @returns step summary file path
   */
  filePath() {
    return __awaiter(this, void 0, void 0, function* () {
      if (this._filePath) {
        return this._filePath;
      }
      const pathFromEnv = process.env[SUMMARY_ENV_VAR];
      if (!pathFromEnv) {
        throw new Error(`Unable to find environment variable for $${SUMMARY_ENV_VAR}. Check if your runtime environment supports job summaries.`);
      }
      try {
        yield access(pathFromEnv, constants.R_OK | constants.W_OK);
      } catch (_a) {
        throw new Error(`Unable to access summary file: '${pathFromEnv}'. Check if the file has correct read/write permissions.`);
      }
      this._filePath = pathFromEnv;
      return this._filePath;
    });
  }
  /**
   * Wraps content in an HTML tag, adding any HTML attributes
   *
   * @param {string} tag HTML tag to wrap
   * @param {string | null} content content within the tag
   * @param {[attribute: string]: string} attrs key-value list of HTML attributes to add
   *
   * @returns {string} content wrapped in HTML element
   */
  wrap(tag, content, attrs = {}) {
    const htmlAttrs = Object.entries(attrs).map(([key, value]) => ` ${key}="${value}"`).join("");
    if (!content) {
      return `<${tag}${htmlAttrs}>`;
    }
    return `<${tag}${htmlAttrs}>${content}</${tag}>`;
  }
  /**
   * Writes text in the buffer to the summary buffer file and empties buffer. Will append by default.
   *
   * @param {SummaryWriteOptions} [options] (optional) options for write operation
   *
   * @returns {Promise<Summary>} summary instance
   */
  write(options) {
    return __awaiter(this, void 0, void 0, function* () {
      const overwrite = !!(options === null || options === void 0 ? void 0 : options.overwrite);
      const filePath = yield this.filePath();
      const writeFunc = overwrite ? writeFile : appendFile;
      yield writeFunc(filePath, this._buffer, { encoding: "utf8" });
      return this.emptyBuffer();
    });
  }
  /**
   * Clears the summary buffer and wipes the summary file
   *
   * @returns {Summary} summary instance
   */
  clear() {
    return __awaiter(this, void 0, void 0, function* () {
      return this.emptyBuffer().write({ overwrite: true });
    });
  }
  /**
   * Returns the current summary buffer as a string
   *
   * @returns {string} string of summary buffer
   */
  stringify() {
    return this._buffer;
  }
  /**
   * If the summary buffer is empty
   *
   * @returns {boolen} true if the buffer is empty
   */
  isEmptyBuffer() {
    return this._buffer.length === 0;
  }
  /**
   * Resets the summary buffer without writing to summary file
   *
   * @returns {Summary} summary instance
   */
  emptyBuffer() {
    this._buffer = "";
    return this;
  }
  /**
   * Adds raw text to the summary buffer
   *
   * @param {string} text content to add
   * @param {boolean} [addEOL=false] (optional) append an EOL to the raw text (default: false)
   *
   * @returns {Summary} summary instance
   */
  addRaw(text, addEOL = false) {
    this._buffer += text;
    return addEOL ? this.addEOL() : this;
  }
  /**
   * Adds the operating system-specific end-of-line marker to the buffer
   *
   * @returns {Summary} summary instance
   */
  addEOL() {
    return this.addRaw(EOL3);
  }
  /**
   * Adds an HTML codeblock to the summary buffer
   *
   * @param {string} code content to render within fenced code block
   * @param {string} lang (optional) language to syntax highlight code
   *
   * @returns {Summary} summary instance
   */
  addCodeBlock(code, lang) {
    const attrs = Object.assign({}, lang && { lang });
    const element = this.wrap("pre", this.wrap("code", code), attrs);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML list to the summary buffer
   *
   * @param {string[]} items list of items to render
   * @param {boolean} [ordered=false] (optional) if the rendered list should be ordered or not (default: false)
   *
   * @returns {Summary} summary instance
   */
  addList(items, ordered = false) {
    const tag = ordered ? "ol" : "ul";
    const listItems = items.map((item) => this.wrap("li", item)).join("");
    const element = this.wrap(tag, listItems);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML table to the summary buffer
   *
   * @param {SummaryTableCell[]} rows table rows
   *
   * @returns {Summary} summary instance
   */
  addTable(rows) {
    const tableBody = rows.map((row) => {
      const cells = row.map((cell2) => {
        if (typeof cell2 === "string") {
          return this.wrap("td", cell2);
        }
        const { header, data, colspan, rowspan } = cell2;
        const tag = header ? "th" : "td";
        const attrs = Object.assign(Object.assign({}, colspan && { colspan }), rowspan && { rowspan });
        return this.wrap(tag, data, attrs);
      }).join("");
      return this.wrap("tr", cells);
    }).join("");
    const element = this.wrap("table", tableBody);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds a collapsable HTML details element to the summary buffer
   *
   * @param {string} label text for the closed state
   * @param {string} content collapsable content
   *
   * @returns {Summary} summary instance
   */
  addDetails(label, content) {
    const element = this.wrap("details", this.wrap("summary", label) + content);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML image tag to the summary buffer
   *
   * @param {string} src path to the image you to embed
   * @param {string} alt text description of the image
   * @param {SummaryImageOptions} options (optional) addition image attributes
   *
   * @returns {Summary} summary instance
   */
  addImage(src, alt, options) {
    const { width, height } = options || {};
    const attrs = Object.assign(Object.assign({}, width && { width }), height && { height });
    const element = this.wrap("img", null, Object.assign({ src, alt }, attrs));
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML section heading element
   *
   * @param {string} text heading text
   * @param {number | string} [level=1] (optional) the heading level, default: 1
   *
   * @returns {Summary} summary instance
   */
  addHeading(text, level) {
    const tag = `h${level}`;
    const allowedTag = ["h1", "h2", "h3", "h4", "h5", "h6"].includes(tag) ? tag : "h1";
    const element = this.wrap(allowedTag, text);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML thematic break (<hr>) to the summary buffer
   *
   * @returns {Summary} summary instance
   */
  addSeparator() {
    const element = this.wrap("hr", null);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML line break (<br>) to the summary buffer
   *
   * @returns {Summary} summary instance
   */
  addBreak() {
    const element = this.wrap("br", null);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML blockquote to the summary buffer
   *
   * @param {string} text quote text
   * @param {string} cite (optional) citation url
   *
   * @returns {Summary} summary instance
   */
  addQuote(text, cite) {
    const attrs = Object.assign({}, cite && { cite });
    const element = this.wrap("blockquote", text, attrs);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML anchor tag to the summary buffer
   *
   * @param {string} text link text/content
   * @param {string} href hyperlink
   *
   * @returns {Summary} summary instance
   */
  addLink(text, href) {
    const element = this.wrap("a", text, { href });
    return this.addRaw(element).addEOL();
  }
};
var _summary = new Summary();
var summary = _summary;

// node_modules/@actions/core/lib/platform.js
import os3 from "os";
var platform = os3.platform();
var arch = os3.arch();

// node_modules/@actions/core/lib/core.js
var ExitCode;
(function(ExitCode2) {
  ExitCode2[ExitCode2["Success"] = 0] = "Success";
  ExitCode2[ExitCode2["Failure"] = 1] = "Failure";
})(ExitCode || (ExitCode = {}));
function exportVariable(name, val) {
  const convertedVal = toCommandValue(val);
  process.env[name] = convertedVal;
  const filePath = process.env["GITHUB_ENV"] || "";
  if (filePath) {
    return issueFileCommand("ENV", prepareKeyValueMessage(name, val));
  }
  issueCommand("set-env", { name }, convertedVal);
}
function setSecret(secret) {
  issueCommand("add-mask", {}, secret);
}
function getInput(name, options) {
  const val = process.env[`INPUT_${name.replace(/ /g, "_").toUpperCase()}`] || "";
  if (options && options.required && !val) {
    throw new Error(`Input required and not supplied: ${name}`);
  }
  if (options && options.trimWhitespace === false) {
    return val;
  }
  return val.trim();
}
function setOutput(name, value) {
  const filePath = process.env["GITHUB_OUTPUT"] || "";
  if (filePath) {
    return issueFileCommand("OUTPUT", prepareKeyValueMessage(name, value));
  }
  process.stdout.write(os4.EOL);
  issueCommand("set-output", { name }, toCommandValue(value));
}
function debug(message) {
  issueCommand("debug", {}, message);
}
function error(message, properties = {}) {
  issueCommand("error", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
function warning(message, properties = {}) {
  issueCommand("warning", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
function info(message) {
  process.stdout.write(message + os4.EOL);
}
function startGroup(name) {
  issue("group", name);
}
function endGroup() {
  issue("endgroup");
}
function saveState(name, value) {
  const filePath = process.env["GITHUB_STATE"] || "";
  if (filePath) {
    return issueFileCommand("STATE", prepareKeyValueMessage(name, value));
  }
  issueCommand("save-state", { name }, toCommandValue(value));
}
function getState(name) {
  return process.env[`STATE_${name}`] || "";
}

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
    const shown2 = rest ? removed2 : redactLine(line, open);
    torn = shown2.trim() === removed2 && line.trim().length >= shortestTorn;
    return shown2;
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

// src/markdown.ts
var Markdown = class {
  text;
  constructor(text) {
    this.text = text;
  }
};
var mostText = 2e3;
var signs = /[&<>[\]()`|\\*_~!#@$^]/g;
var links = /:(?=\/\/)|(?<=www)\./gi;
var beginnings = /^[-+](?= |$)|^[-=](?=[-=]*$)|(?<=^\d{1,9})\.(?= |$)/;
function escaped(text) {
  const reference = (sign) => `&#${sign.charCodeAt(0)};`;
  const line = cutLine(plainLine(text), mostText);
  return line.replace(signs, reference).replace(links, reference).replace(beginnings, reference);
}
function cell(content) {
  return content instanceof Markdown ? content.text : escaped(String(content));
}
function table(heads, rows) {
  const line = (cells) => `| ${cells.map(cell).join(" | ")} |`;
  const rule = `|${heads.map((head) => head.endsWith(":") ? "--:" : "---").join("|")}|`;
  return [line(heads.map((head) => head.replace(/:$/, ""))), rule, ...rows.map(line)].join("\n");
}
function list(items) {
  return items.map((item) => `- ${escaped(item)}`).join("\n");
}
function folded(summary2, body) {
  return body && `<details><summary>${escaped(summary2)}</summary>

${body}

</details>`;
}

// src/github/hidden-values.ts
var shortestHidden = 8;
var values = /* @__PURE__ */ new Map();
var hidden = /* @__PURE__ */ new Set();
function hide(value) {
  if (hidden.has(value)) return;
  hidden.add(value);
  const plain = plainText(value);
  const html = plain.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
  for (const form of /* @__PURE__ */ new Set([value, plain, escaped(value), JSON.stringify(plain).slice(1, -1), html])) {
    if (form.length < shortestHidden) continue;
    const start = form.slice(0, shortestHidden);
    const known = values.get(start) ?? [];
    if (!known.includes(form))
      values.set(
        start,
        [...known, form].sort((one, other) => other.length - one.length)
      );
  }
}
function covered(text) {
  if (values.size === 0) return text;
  let shown2 = "";
  let from = 0;
  for (let at = 0; at + shortestHidden <= text.length; at++) {
    const found = values.get(text.slice(at, at + shortestHidden))?.find((value) => text.startsWith(value, at));
    if (found === void 0) continue;
    shown2 += `${text.slice(from, at)}***`;
    from = at + found.length;
    at = from - 1;
  }
  return shown2 + text.slice(from);
}

// src/github/log-text.ts
var mostLine = 4e3;
var mostLines = 1e3;
function printable(text) {
  const lines = plainText(text).split("\n");
  const more = lines.length - mostLines;
  return [...lines.slice(0, mostLines), ...more > 0 ? [`\u2026 (${more} more lines)`] : []].map((line) => uncommanded(cutLine(line, mostLine))).join("\n");
}
function printableValue(text) {
  return uncommanded(plainText(text).replaceAll("\n", " "));
}
function uncommanded(line) {
  return line.replaceAll("##[", "## [").replace(/^( *):(?=:)/, "$1: ");
}

// src/github/runner.ts
var shown = (text) => printable(covered(redact(text)));
function info2(text) {
  info(shown(text));
}
function debug2(text) {
  debug(shown(text));
}
function warning2(text, place = {}) {
  warning(shown(text), annotation(place));
}
function error2(text, place = {}) {
  error(shown(text), annotation(place));
}
function annotation({ title, file, line, column }) {
  return {
    ...title ? { title: property(title) } : {},
    ...file ? { file: property(file) } : {},
    ...line ? { startLine: line } : {},
    ...line && column ? { startColumn: column } : {}
  };
}
var property = (text) => printableValue(covered(redact(text)));
async function group(title, work) {
  startGroup(property(title));
  try {
    return await work();
  } finally {
    endGroup();
  }
}
function addMask(value) {
  hide(value);
  setSecret(value);
}
function setOutput2(name, value) {
  setOutput(fixed(name), typeof value === "string" ? printableValue(value) : jsonOf(value));
}
var jsonOf = (texts) => JSON.stringify(texts.map(printableValue));
function saveState2(name, value) {
  saveState(fixed(name), printableValue(value));
}
function readState(name) {
  return getState(name);
}
function exportVariable2(name, value) {
  exportVariable(fixed(name), printableValue(value));
}
function fixed(name) {
  if (/^[A-Za-z][\w-]{0,63}$/.test(name)) return name;
  throw new Error(`${JSON.stringify(name.slice(0, 80))} is not a name of an output, a state or a variable`);
}
function getInput2(name) {
  return getInput(name);
}
async function addSummary(markdown) {
  await summary.addRaw(plainText(covered(markdown)), true).write();
}
function published(text) {
  return covered(text);
}
function markFailed() {
  process.exitCode = ExitCode.Failure;
}

export {
  plainLine,
  cutLine,
  redact,
  redactLines,
  Markdown,
  escaped,
  cell,
  table,
  list,
  folded,
  shortestHidden,
  info2 as info,
  debug2 as debug,
  warning2 as warning,
  error2 as error,
  group,
  addMask,
  setOutput2 as setOutput,
  saveState2 as saveState,
  readState,
  exportVariable2 as exportVariable,
  getInput2 as getInput,
  addSummary,
  published,
  markFailed
};
