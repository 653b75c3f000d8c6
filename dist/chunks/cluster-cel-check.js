import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);
import {
  require_ipaddr
} from "./cluster-cluster.js";
import {
  components,
  places,
  withoutSuffix
} from "./layout-addresses.js";
import {
  __toESM
} from "./runtime.js";

// src/cluster/cel/nodes.ts
function childrenOf(node) {
  switch (node.kind) {
    case "select":
      return [node.of];
    case "index":
      return [node.of, node.index];
    case "call":
      return node.of === void 0 ? node.args : [node.of, ...node.args];
    case "operator":
      return node.operands;
    case "list":
    case "map":
      return node.items;
    default:
      return [];
  }
}
function allNodes(node) {
  return [node, ...childrenOf(node).flatMap(allNodes)];
}

// src/cluster/cel/tokens.ts
var CelProblem = class extends Error {
  at;
  constructor(message, at) {
    super(message);
    this.name = "CelProblem";
    this.at = at;
  }
};
var escaped = String.raw`\\(?:[\\'"\`?abfnrtv]|[xX][0-9a-fA-F]{2}|[0-3][0-7]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})`;
var strings = [
  String.raw`[bB]?[rR][bB]?(?:'''(?:(?!''')[\s\S])*'''|"""(?:(?!""")[\s\S])*"""|'[^'\r\n]*'|"[^"\r\n]*")`,
  String.raw`[bB]?(?:'''(?:(?!''')[^\\]|${escaped})*'''|"""(?:(?!""")[^\\]|${escaped})*""")`,
  String.raw`[bB]?(?:'(?!'')(?:[^'\\\r\n]|${escaped})*'|"(?!"")(?:[^"\\\r\n]|${escaped})*")`
];
var kinds = [
  ["blank", /(?:[ \t\r\n\f]|\/\/[^\n]*)+/y],
  ["string", new RegExp(strings.join("|"), "y")],
  ["number", /0[xX][0-9a-fA-F]+[uU]?|(?:\d+\.\d+|\.\d+|\d+)(?:[eE][+-]?\d+)?[uU]?/y],
  ["name", /[A-Za-z_]\w*|`[\w./ -]+`/y],
  ["punctuation", /&&|\|\||[<>=!]=|\[\?|\.\?|[-+*/%<>!?:.,()[\]{}]/y]
];
function tokensOf(expression) {
  const tokens = [];
  let at = 0;
  while (at < expression.length) {
    const [kind, text] = tokenAt(expression, at);
    if (kind !== "blank") tokens.push({ kind, text, at });
    at += text.length;
  }
  return [...tokens, { kind: "end", text: "", at }];
}
function tokenAt(expression, at) {
  for (const [kind, pattern] of kinds) {
    pattern.lastIndex = at;
    const [text] = pattern.exec(expression) ?? [];
    if (text !== void 0) return [kind, text];
  }
  const character = expression.slice(at, at + 1);
  if (character === "'" || character === '"')
    throw new CelProblem("a text in quotes is not closed, or has a wrong escape", at);
  if (character === "=") throw new CelProblem("\u201C=\u201D is no operator: write \u201C==\u201D", at);
  if (character === "&" || character === "|") throw new CelProblem(`\u201C${character}\u201D is no operator: write it twice`, at);
  throw new CelProblem(`the character ${JSON.stringify(character)} has no meaning here`, at);
}

// src/cluster/cel/parse.ts
var maxDepth = 100;
var levels = [
  ["||"],
  ["&&"],
  ["<", "<=", ">", ">=", "==", "!=", "in"],
  ["+", "-"],
  ["*", "/", "%"]
];
function parseCel(expression) {
  return new Parser(tokensOf(expression)).whole();
}
var Parser = class {
  #tokens;
  #next = 0;
  #depth = 0;
  constructor(tokens) {
    this.#tokens = tokens;
  }
  whole() {
    const node = this.#expression();
    if (this.#token.kind !== "end") this.#unexpected();
    return node;
  }
  get #token() {
    const token = this.#tokens[this.#next];
    if (token === void 0) throw new CelProblem("the expression ends here", this.#tokens.at(-1)?.at ?? 0);
    return token;
  }
  #unexpected() {
    const { kind, text, at } = this.#token;
    const what = kind === "end" ? "the expression ends too early" : `${JSON.stringify(text)} is not expected here`;
    throw new CelProblem(what, at);
  }
  /** Takes the next token if it is one of these. */
  #take(...texts) {
    const { kind, text } = this.#token;
    if (kind === "string" || kind === "end" || !texts.includes(text)) return void 0;
    this.#next += 1;
    return text;
  }
  #must(text) {
    if (this.#take(text) === void 0) this.#unexpected();
  }
  #expression() {
    this.#depth += 1;
    if (this.#depth > maxDepth) throw new CelProblem("the expression is nested too deep", this.#token.at);
    const node = this.#conditional(this.#binary(0));
    this.#depth -= 1;
    return node;
  }
  #conditional(condition) {
    if (this.#take("?") === void 0) return condition;
    const then = this.#binary(0);
    this.#must(":");
    return { kind: "operator", operator: "?:", operands: [condition, then, this.#expression()] };
  }
  /** All operands of one precedence level in one list, for any number of operators, with the first operator. */
  #binary(level) {
    const operators = levels[level];
    if (operators === void 0) return this.#unary();
    const operands = [this.#binary(level + 1)];
    const first = this.#take(...operators);
    for (let operator = first; operator !== void 0; operator = this.#take(...operators)) {
      operands.push(this.#binary(level + 1));
    }
    const [only] = operands;
    return first === void 0 && only !== void 0 ? only : { kind: "operator", operator: first ?? "", operands };
  }
  #unary() {
    const operator = this.#take("!", "-");
    if (operator === void 0) return this.#member();
    while (this.#take(operator) !== void 0) ;
    return { kind: "operator", operator, operands: [this.#member()] };
  }
  #member() {
    let node = this.#primary();
    for (let length = 0; ; length += 1) {
      const { at } = this.#token;
      const opened = this.#take(".", ".?", "[", "[?");
      if (opened === void 0) return node;
      if (length > maxDepth) throw new CelProblem("the expression is nested too deep", at);
      if (opened.startsWith("[")) {
        node = { kind: "index", of: node, index: this.#expression() };
        this.#must("]");
      } else {
        const field = this.#name();
        const called = opened === "." && this.#take("(") !== void 0;
        node = called ? { kind: "call", name: field, of: node, args: this.#items(")") } : { kind: "select", of: node, field, at };
      }
    }
  }
  #name() {
    const { kind, text } = this.#token;
    if (kind !== "name") this.#unexpected();
    this.#next += 1;
    return text.replaceAll("`", "");
  }
  #primary() {
    const { kind, text, at } = this.#token;
    if (this.#take("(") !== void 0) {
      const node = this.#expression();
      this.#must(")");
      return node;
    }
    if (this.#take("[") !== void 0) return { kind: "list", items: this.#items("]") };
    if (this.#take("{") !== void 0) return { kind: "map", items: this.#items("}") };
    if (kind === "name" && !text.startsWith("`") && text !== "in") return this.#named(at);
    if (kind !== "string" && kind !== "number") this.#unexpected();
    this.#next += 1;
    return kind === "string" ? { kind: "text", source: text } : { kind };
  }
  #named(at) {
    const name = this.#name();
    if (name === "true" || name === "false") return { kind: "boolean" };
    if (name === "null") return { kind: "null" };
    if (this.#take("(") !== void 0) return { kind: "call", name, args: this.#items(")") };
    return { kind: "name", name, at };
  }
  /** The items between commas up to the closing bracket; in braces, keys and values. */
  #items(closing) {
    const items = [];
    while (this.#take(closing) === void 0) {
      if (items.length > 0) {
        this.#must(",");
        if (closing !== ")" && this.#take(closing) !== void 0) break;
      }
      this.#take("?");
      items.push(this.#expression());
      if (closing !== "}") continue;
      this.#must(":");
      items.push(this.#expression());
    }
    return items;
  }
};

// src/cluster/cel/check.ts
var userFields = ["username", "uid", "groups", "extra"];
var macros = /* @__PURE__ */ new Set([
  "all",
  "exists",
  "exists_one",
  "existsOne",
  "map",
  "filter",
  "transformList",
  "transformMap",
  "bind"
]);
var maxLength = 1e4;
var comparing = /* @__PURE__ */ new Set(["||", "&&", "<", "<=", ">", ">=", "==", "!=", "in", "!"]);
function checkCel(expression, { variable, result }) {
  if (expression.length > maxLength) throw new CelProblem(`it has more than ${maxLength} characters`, 0);
  const root = parseCel(expression);
  const nodes = allNodes(root);
  const declared = new Set(nodes.flatMap(declaredBy));
  for (const node of valuesIn(root)) {
    if (node.kind !== "name" || node.name === variable || declared.has(node.name)) continue;
    throw new CelProblem(`there is no variable ${node.name}: write ${variable}`, node.at);
  }
  for (const node of nodes) if (variable === "user") checkField(node);
  for (const node of nodes) checkRange(node);
  if (result === "boolean" && neverBoolean(root)) throw new CelProblem("it is neither true nor false", 0);
  return root;
}
function declaredBy(node) {
  if (node.kind !== "call" || node.of === void 0 || !macros.has(node.name)) return [];
  return node.args.slice(0, 2).flatMap((arg) => arg.kind === "name" ? [arg.name] : []);
}
function valuesIn(node) {
  const isNamespaced = node.kind === "call" && node.of?.kind === "name";
  return [node, ...(isNamespaced ? node.args : childrenOf(node)).flatMap(valuesIn)];
}
function checkField(node) {
  if (node.kind !== "select" || node.of.kind !== "name" || node.of.name !== "user") return;
  if (userFields.includes(node.field)) return;
  throw new CelProblem(`user has no field ${node.field}: it has ${userFields.join(", ")}`, node.at);
}
function checkRange(node) {
  if (node.kind !== "call" || !macros.has(node.name) || node.of?.kind !== "select" || !isClaims(node.of.of)) return;
  const claim = `claims.${node.of.field}`;
  throw new CelProblem(`${claim} is of no known type: write dyn(${claim}).${node.name}(\u2026)`, node.of.at);
}
function neverBoolean(node) {
  if (node.kind === "operator") {
    if (node.operator === "?:") return node.operands.slice(1).every(neverBoolean);
    return !comparing.has(node.operator);
  }
  return node.kind !== "boolean" && node.kind !== "call";
}
function readsClaim(root, claim) {
  return allNodes(root).some((node) => {
    if (node.kind === "select") return isClaims(node.of) && node.field === claim;
    return node.kind === "index" && isClaims(node.of) && node.index.kind === "text" && textIn(node.index) === claim;
  });
}
function isClaims(node) {
  return node.kind === "name" && node.name === "claims";
}
function textIn({ source }) {
  return source.replace(/^[bBrR]*('''|"""|'|")([\s\S]*)\1$/, "$2");
}

// src/cluster/finding.ts
function formatPath(path) {
  return path.map(formatStep).join("").replace(/^\./, "");
}
function formatStep(step) {
  if (typeof step === "number") return `[${step}]`;
  return /^[A-Za-z][\w-]*$/.test(step) ? `.${step}` : `[${quote(step)}]`;
}
function quote(value) {
  const text = String(value);
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}\u2026` : text);
}
function alternatives(values) {
  const words2 = values.map(String);
  return words2.length < 2 ? words2.join("") : `${words2.slice(0, -1).join(", ")} or ${words2.at(-1)}`;
}

// src/cluster/checks/wrong-token.ts
function wrongToken(path, message, hint) {
  return { code: "CLUSTER_AUTHENTICATION", path, message, hint };
}

// src/cluster/checks/github-issuer.ts
var github = /^https:\/\/(token\.actions\.(githubusercontent\.com|[\w-]+\.ghe\.com)|[^/]+\/_services\/token)\/*$/;
var lasting = ["repository_id", "repository_owner_id", "enterprise_id"];
var names = ["sub", "repository", "repository_owner", "enterprise", "job_workflow_ref", "workflow_ref"];
function githubFindings(entry, path) {
  if (!github.test(entry.issuer.url) || reads(entry, [...lasting, ...names])) return [];
  const message = `The issuer ${quote(entry.issuer.url)} makes tokens for every repository on its server, and no rule names yours.`;
  const hint = "Add the rule claims.repository_id in ['123456789'] to claimValidationRules; see docs/github-oidc.md.";
  return [wrongToken([...path, "claimValidationRules"], message, hint)];
}
function knowsNamesOnly(entry) {
  return github.test(entry.issuer.url) && !reads(entry, lasting);
}
function reads({ claimValidationRules }, claims) {
  return claimValidationRules.some(({ claim, expression }) => {
    if (claim !== void 0) return claims.includes(claim);
    return expression !== void 0 && comparisonsIn(expression).some((parts) => comparesAny(parts, claims));
  });
}
function comparisonsIn(expression) {
  return parsed(expression).flatMap((node) => {
    if (node.kind === "operator" && ["==", "in"].includes(node.operator)) return [node.operands];
    return node.kind === "call" && node.of !== void 0 ? [[node.of, ...node.args]] : [];
  });
}
function comparesAny(parts, claims) {
  const reading = parts.filter((part) => claims.some((claim) => readsClaim(part, claim)));
  const others = parts.filter((part) => !reading.includes(part));
  const texts = others.flatMap(allNodes).filter((node) => node.kind === "text" && textIn(node) !== "");
  return reading.length > 0 && texts.length > 0;
}
function parsed(expression) {
  try {
    return allNodes(checkCel(expression, { variable: "claims", result: "boolean" }));
  } catch {
    return [];
  }
}

// src/cluster/checks/token-rules.ts
function ruleFindings({ claimValidationRules, userValidationRules }, path) {
  const claims = claimValidationRules.flatMap(
    (rule, index) => claimRuleFindings(rule, [...path, "claimValidationRules", index])
  );
  const users = userValidationRules.flatMap(
    ({ expression }, index) => expressionFindings([...path, "userValidationRules", index, "expression"], expression, {
      variable: "user",
      result: "boolean"
    })
  );
  return [
    ...claims,
    ...users,
    ...repeated(claimValidationRules, "claim", [...path, "claimValidationRules"]),
    ...repeated(claimValidationRules, "expression", [...path, "claimValidationRules"]),
    ...repeated(userValidationRules, "expression", [...path, "userValidationRules"])
  ];
}
function claimRuleFindings({ claim, requiredValue, expression, message }, path) {
  const name = formatPath(path);
  if (claim === void 0 === (expression === void 0)) {
    const problem = claim === void 0 ? "has neither claim nor expression" : "has both claim and expression";
    return [wrongToken(path, `${name} ${problem}.`, "Write claim and requiredValue, or expression and message.")];
  }
  if (expression === void 0) {
    return message === void 0 ? [] : [wrongToken(path, `${name} has a message beside claim.`, "Remove it, or use expression.")];
  }
  const own = expressionFindings([...path, "expression"], expression, { variable: "claims", result: "boolean" });
  if (requiredValue === void 0) return own;
  return [wrongToken(path, `${name} has a requiredValue beside expression.`, "Remove it, or use claim."), ...own];
}
function expressionFindings(path, text, use) {
  const read = readExpression(path, text, use);
  return "finding" in read ? [read.finding] : [];
}
function readExpression(path, text, use) {
  try {
    return { node: checkCel(text, use) };
  } catch (error) {
    if (!(error instanceof CelProblem)) throw error;
    const { line, column } = placeIn(text, error.at);
    const message = `${formatPath(path)} is no expression: ${error.message} (character ${column} of its line ${line}).`;
    const hint = "See https://kubernetes.io/docs/reference/using-api/cel/: texts in quotes, lists in [ ], == to compare.";
    return { finding: wrongToken(path, message, hint) };
  }
}
function placeIn(text, at) {
  const before = text.slice(0, at).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
function repeated(rules, key2, path) {
  return rules.flatMap((rule, index) => {
    const value = rule[key2];
    if (value === void 0 || rules.findIndex((other) => other[key2] === value) === index) return [];
    return [
      wrongToken([...path, index, key2], `The ${key2} ${quote(value)} has a rule before.`, "Keep one of the two rules.")
    ];
  });
}

// src/cluster/checks/token-mappings.ts
var overClaims = { variable: "claims", result: "any" };
var reserved = ["system:", "k8s-ha-action:"];
function mappingFindings(entry, path) {
  const { username, groups, uid, extra } = entry.claimMappings;
  const at = (...steps) => [...path, "claimMappings", ...steps];
  return [
    ...nameFindings(username, at("username")),
    ...groups === void 0 ? [] : nameFindings(groups, at("groups")),
    ...uid === void 0 ? [] : sourceFindings(uid, at("uid")),
    ...extraFindings(extra, at("extra")),
    ...emailFindings(entry, at("username", "expression"))
  ];
}
function sourceFindings({ claim, expression }, path) {
  if (claim === void 0 === (expression === void 0)) {
    const problem = claim === void 0 ? "has neither claim nor expression" : "has both claim and expression";
    return [wrongToken(path, `${formatPath(path)} ${problem}.`, "Write one of the two.")];
  }
  const read = expression === void 0 ? void 0 : readExpression([...path, "expression"], expression, overClaims);
  return read !== void 0 && "finding" in read ? [read.finding] : [];
}
function nameFindings(mapping, path) {
  const { claim, prefix, expression } = mapping;
  const wrong = sourceFindings(mapping, path);
  const name = formatPath(path);
  if (wrong.length > 0) return wrong;
  if (claim !== void 0 && prefix === void 0) {
    const hint2 = 'Write one that tells these users from others, such as prefix: "github:".';
    return [wrongToken(path, `${name} has no prefix, which is required with claim.`, hint2)];
  }
  if (expression !== void 0 && prefix !== void 0)
    return [
      wrongToken(
        [...path, "prefix"],
        `${name} has a prefix beside expression.`,
        `Write it into the expression: "'github:' + claims.sub".`
      )
    ];
  const begin = beginningOf(mapping);
  const own = reserved.find((each) => begin?.startsWith(each));
  if (own === void 0) return [];
  const hint = `Names that begin with ${own} belong to components. Write another prefix, such as github:.`;
  return [wrongToken(path, `${name} makes names that begin with ${quote(begin)}.`, hint)];
}
function beginningOf({ prefix, expression }) {
  if (expression === void 0) return prefix;
  const read = readExpression([], expression, overClaims);
  return "node" in read ? firstText(read.node) : void 0;
}
function firstText(node) {
  if (node === void 0) return void 0;
  if (node.kind === "text") return textIn(node);
  if (node.kind === "list") {
    const texts = node.items.map(firstText);
    return texts.find((text) => reserved.some((each) => text?.startsWith(each))) ?? (texts.includes(void 0) ? void 0 : texts[0]);
  }
  return node.kind === "operator" && node.operator === "+" ? firstText(node.operands[0]) : void 0;
}
function extraFindings(extra, path) {
  return extra.flatMap(({ key: key2, valueExpression }, index) => {
    const problem = keyProblem(key2) ?? (extra.findIndex((other) => other.key === key2) < index ? "is there twice" : void 0);
    const hint = "Write a domain of your own and a word, in lower case: example.com/run.";
    const keys = problem === void 0 ? [] : [wrongToken([...path, index, "key"], `The key ${quote(key2)} ${problem}.`, hint)];
    const read = readExpression([...path, index, "valueExpression"], valueExpression, overClaims);
    return "finding" in read ? [...keys, read.finding] : keys;
  });
}
function keyProblem(key2) {
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?\/[\w.~!$&'()*+,;=:@%/-]+$/i.test(key2)) return "has no domain before \u201C/\u201D";
  if (key2 !== key2.toLowerCase()) return "has capitals in it";
  return /^([^/]*\.)?(kubernetes|k8s)\.io\//.test(key2) ? "has a domain of Kubernetes\u2019 own" : void 0;
}
function emailFindings({ claimMappings, claimValidationRules }, path) {
  const reads2 = (text, claim) => {
    const read = text === void 0 ? void 0 : readExpression(path, text, overClaims);
    return read !== void 0 && "node" in read && readsClaim(read.node, claim);
  };
  const { username, extra } = claimMappings;
  if (!reads2(username.expression, "email")) return [];
  const places2 = [
    username.expression,
    ...extra.map((each) => each.valueExpression),
    ...claimValidationRules.map((rule) => rule.expression)
  ];
  if (places2.some((text) => reads2(text, "email_verified"))) return [];
  const hint = "Add the rule claims.?email_verified.orValue(true) == true to claimValidationRules.";
  return [wrongToken(path, `${formatPath(path)} reads claims.email, and no rule reads claims.email_verified.`, hint)];
}

// src/cluster/settings/oidc-flags.ts
function jwtHint(args) {
  return `Remove all oidc-* flags and write ${JSON.stringify({ apiServer: { authentication: { jwt: [jwtOf(args)] } } })}.`;
}
function jwtOf(args) {
  const given = (name) => args.findLast((arg) => arg.name === `oidc-${name}`)?.value;
  const url = given("issuer-url") ?? "https://issuer.example.com";
  const caFile = given("ca-file");
  const groups = given("groups-claim");
  const required = args.filter(({ name }) => name === "oidc-required-claim").map(({ value }) => value);
  return {
    issuer: {
      url,
      audiences: [given("client-id") ?? "your client id"],
      ...caFile && { certificateAuthority: `the text of ${caFile}` }
    },
    ...required.length > 0 && { claimValidationRules: required.map(ruleOf) },
    claimMappings: {
      username: usernameOf(given("username-claim") || "sub", given("username-prefix") ?? "", url),
      ...groups && { groups: { claim: groups, prefix: given("groups-prefix") ?? "" } }
    }
  };
}
function usernameOf(claim, prefix, url) {
  if (prefix === "-") return { claim, prefix: "" };
  return { claim, prefix: prefix === "" && claim !== "email" ? `${url}#` : prefix };
}
function ruleOf(required) {
  const [claim = "", ...value] = required.split("=");
  return { claim, requiredValue: value.join("=") };
}

// src/cluster/settings/rule.ts
function refuse(message, details = {}) {
  return { verdict: "refused", message, hint: "Remove it.", ...details };
}
function opens(message, details = {}) {
  return { verdict: "opens", message, hint: "Remove it, or accept it in review.", ...details };
}
function flag(name, ...rules) {
  return { flag: name, rules };
}
function key(path, ...rules) {
  return { key: path, rules };
}
function both(name, path, ...rules) {
  return { flag: name, key: path, rules };
}
function gate(name, ...rules) {
  return { gate: name, rules };
}
function gone(flags) {
  const message = "no longer exists in the supported versions of Kubernetes";
  return Object.entries(flags).map(([name, hint]) => flag(name, refuse(message, { hint })));
}
function madeFrom(flags) {
  const message = "is made from another key of this file";
  return Object.entries(flags).map(([name, source]) => flag(name, refuse(message, { hint: `Use ${source} instead.` })));
}
function placed(...names2) {
  return names2.map((name) => flag(name, placedRule));
}
var placedRule = refuse("is set by the product, which places what it names");

// src/cluster/settings/values.ts
var import_ipaddr = __toESM(require_ipaddr(), 1);
var isTrue = (value) => /^(|1|t|true)$/i.test(value.trim());
var isFalse = (value) => /^(0|f|false)$/i.test(value.trim());
var whenTrue = { words: "true", include: isTrue, type: "boolean" };
var whenFalse = { words: "false", include: isFalse, type: "boolean" };
var whenEmpty = { words: "empty", include: (value) => value.trim() === "" };
var whenGiven = { words: "not empty", include: (value) => !whenEmpty.include(value) };
var isInteger = (value) => /^\s*[+-]?\d+\s*$/.test(value);
function partsOf(value) {
  return value.split(",").map((part) => part.replaceAll('"', "").trim()).filter((part) => part !== "");
}
function otherThan(...known) {
  const words2 = `other than ${known.join(", ")}`;
  const include = (value) => !known.includes(value.trim());
  return known.every(isInteger) ? { words: words2, include, type: "number" } : { words: words2, include };
}
function withAny(...names2) {
  return { words: `with ${names2.join(", ")}`, include: (value) => partsOf(value).some((part) => names2.includes(part)) };
}
function withoutAll(...names2) {
  return {
    words: `without ${names2.join(", ")}`,
    include: (value) => !names2.every((name) => partsOf(value).includes(name))
  };
}
function like(words2, pattern) {
  return { words: words2, include: (value) => pattern.test(value.trim()) };
}
function anyOf(...all) {
  return {
    words: all.map(({ words: words2 }) => words2).join(", or "),
    include: (value) => all.some(({ include }) => include(value))
  };
}
function below(limit, { zero = false } = {}) {
  return {
    words: zero ? `below ${limit}, but for 0` : `below ${limit}`,
    include: (value) => isInteger(value) && Number(value) < limit && !(zero && Number(value) === 0),
    type: "number"
  };
}
function atLeast(limit) {
  const include = (value) => isInteger(value) && Number(value) >= limit;
  return { words: `${limit} and more`, include, type: "number" };
}
var noTime = {
  words: "0 and less",
  include: (value) => /^\s*-/.test(value) || /0/.test(value) && !/[1-9]/.test(value)
};
function moreHoursThan(limit) {
  return { words: `more than ${limit}h`, include: (value) => hoursOf(value.trim()) > limit };
}
var hoursIn = { h: 1, m: 1 / 60, s: 1 / 3600, ms: 1 / 36e5 };
function hoursOf(duration) {
  const parts = Array.from(duration.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g));
  return parts.reduce((sum, [, count, unit = ""]) => sum + Number(count) * (hoursIn[unit] ?? 0), 0);
}
function isLoopback(address) {
  const host2 = hostOf(address.trim()).toLowerCase();
  return host2 === "localhost" || import_ipaddr.default.isValid(host2) && import_ipaddr.default.parse(host2).range() === "loopback";
}
function hostOf(address) {
  const [, bracketed] = /^\[([^\]]*)\](:\d*)?$/.exec(address) ?? [];
  if (bracketed !== void 0) return bracketed;
  return address.split(":").length === 2 ? address.replace(/:.*$/, "") : address;
}
var beyondLoopback = {
  words: "other than 127.0.0.0/8 and ::1",
  include: (value) => !isLoopback(value)
};
var reachedByOthers = {
  words: beyondLoopback.words,
  include: (value) => whenGiven.include(value) && !isLoopback(value)
};
var plainBeyondLoopback = {
  words: "http beyond 127.0.0.0/8 and ::1",
  include: (value) => partsOf(value).some((url) => !/^(https|unixs?):/i.test(url) && !isLoopback(authorityOf(url)))
};
var urlBeyondLoopback = {
  words: "beyond 127.0.0.0/8 and ::1",
  include: (value) => partsOf(value).some((url) => !/^unixs?:/i.test(url) && !isLoopback(authorityOf(url)))
};
function authorityOf(url) {
  return url.replace(/^[a-z][a-z0-9+.-]*:\/\//i, "").replace(/[/?#].*$/, "").replace(/^.*@/, "");
}

// src/cluster/settings/api-server-access.ts
var oidc = ["issuer-url", "client-id", "ca-file", "username-claim", "username-prefix", "groups-claim"];
var moreOidc = ["groups-prefix", "signing-algs", "required-claim"];
var authentication = [
  flag(
    "anonymous-auth",
    refuse(
      "can\u2019t be combined with the authentication configuration, which lets anonymous users see /livez, /readyz and /healthz only",
      { hint: "Remove it: no other path is open to anonymous users.", cis: "1.2.1" }
    )
  ),
  ...[...oidc, ...moreOidc].map(
    (name) => flag(
      `oidc-${name}`,
      refuse(
        "can\u2019t be combined with the authentication configuration, and without that anonymous users reach all paths",
        {
          hint: "Use apiServer.authentication.jwt instead.",
          hintFor: jwtHint,
          cis: "1.2.1"
        }
      )
    )
  ),
  flag(
    "token-auth-file",
    refuse("would keep tokens that never expire in a file on each master", {
      hint: "Nodes join by a bootstrap token made for one run; users come by client certificates or apiServer.authentication.jwt.",
      cis: "1.2.2"
    })
  ),
  flag(
    "authentication-token-webhook-config-file",
    opens("lets a webhook of a file that no run sees say who a client is")
  ),
  flag("api-audiences", opens("takes tokens of service accounts that were made for others")),
  flag(
    "service-account-lookup",
    refuse("would let deleted tokens go on working", { values: whenFalse, cis: "1.2.21" })
  ),
  flag(
    "service-account-extend-token-expiration",
    opens("lets tokens of service accounts last for a year", { values: whenTrue, cis: "1.2.30" })
  ),
  flag("enable-bootstrap-token-auth", refuse("would keep new nodes from joining", { values: whenFalse })),
  ...placed("authentication-config", "requestheader-client-ca-file", "requestheader-allowed-names"),
  ...placed("requestheader-username-headers", "requestheader-group-headers", "requestheader-extra-headers-prefix"),
  ...placed("requestheader-uid-headers")
];
var authorization = [
  flag(
    "authorization-mode",
    refuse("would lack Node or RBAC, or let everyone do everything", {
      hint: "Keep Node and RBAC, and add to them: Node,RBAC,Webhook.",
      values: {
        words: "without Node or RBAC, or with AlwaysAllow",
        include: (value) => withoutAll("Node", "RBAC").include(value) || withAny("AlwaysAllow").include(value)
      },
      cis: "1.2.6 to 1.2.8"
    }),
    opens("lets more than roles say what a client may do", {
      values: { words: "with more than Node and RBAC", include: (value) => partsOf(value).some(isFurther) }
    })
  ),
  flag(
    "authorization-config",
    opens("takes the place of Node,RBAC by a file that no run sees", { cis: "1.2.6 to 1.2.8" })
  )
];
var isFurther = (mode) => mode !== "Node" && mode !== "RBAC";
var kept = ["NodeRestriction", "ServiceAccount", "NamespaceLifecycle"];
var keptForCertificates = ["CertificateApproval", "CertificateSigning", "CertificateSubjectRestriction"];
var policies = ["PodSecurity", "ValidatingAdmissionPolicy", "ValidatingAdmissionWebhook", "MutatingAdmissionWebhook"];
var admission = [
  flag(
    "admission-control",
    refuse("is deprecated", { hint: "Use enable-admission-plugins, with NodeRestriction among them." })
  ),
  flag(
    "enable-admission-plugins",
    refuse("would lack NodeRestriction, by which a node can\u2019t act as another, or admit everything", {
      hint: "Start the list by NodeRestriction, and leave AlwaysAdmit out.",
      values: {
        words: "without NodeRestriction, or with AlwaysAdmit",
        include: (value) => withoutAll("NodeRestriction").include(value) || withAny("AlwaysAdmit").include(value)
      },
      cis: "1.2.10 and 1.2.14"
    })
  ),
  flag(
    "disable-admission-plugins",
    refuse("would switch off a plugin that keeps nodes, service accounts or certificates in their bounds", {
      hint: `Leave ${[...kept, ...keptForCertificates].join(", ")} out.`,
      values: withAny(...kept, ...keptForCertificates),
      cis: "1.2.12 to 1.2.14"
    }),
    opens("switches off plugins that enforce policies", { values: withAny(...policies) })
  )
];
var accessSettings = [...authentication, ...authorization, ...admission];

// src/cluster/settings/api-server-audit.ts
var noAudit = "would leave no word of who did what";
var auditSettings = [
  flag(
    "audit-policy-file",
    refuse(noAudit, { values: whenEmpty, cis: "3.2.1" }),
    opens("logs by a policy that no run places or checks", { cis: "3.2.1" })
  ),
  flag(
    "audit-log-path",
    refuse(noAudit, { values: whenEmpty, cis: "1.2.16" }),
    refuse(noAudit, { values: like("below /dev, /proc and /sys", /^\/+(dev|proc|sys)(\/|$)/), cis: "1.2.16" }),
    refuse("is no path for a file", {
      hint: "Write an absolute path without detours, such as /var/log/kubernetes/audit/audit.log.",
      values: like("relative, or with \u201C..\u201D, \u201C//\u201D or \u201C/\u201D at its end", /^[^/-]|^-.|\/\/|(^|\/)\.{1,2}(\/|$)|\/$/),
      cis: "1.2.16"
    }),
    opens("keeps the log where a restart of the host loses it", {
      values: like("below /run and /tmp", /^\/+(run|tmp|var\/run|var\/tmp)(\/|$)/),
      cis: "1.2.16"
    }),
    opens("writes the log to the journal, which has other readers and keeps it for another time", {
      values: like("-", /^-$/),
      cis: "1.2.16"
    })
  ),
  // 0 means no limit.
  flag(
    "audit-log-maxage",
    opens("keeps the log for less than 30 days", { values: below(30, { zero: true }), cis: "1.2.17" })
  ),
  flag(
    "audit-log-maxbackup",
    opens("keeps fewer than 10 files of the log", { values: below(10, { zero: true }), cis: "1.2.18" })
  ),
  flag(
    "audit-log-maxsize",
    opens("keeps less than 100 MB in a file of the log", { values: below(100, { zero: true }), cis: "1.2.19" })
  ),
  flag("audit-webhook-config-file", opens("sends the log to a place of a file that no run sees"))
];

// src/cluster/settings/transport.ts
var strongCipherSuites = [
  "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
  "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
  "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
  "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
  "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
  "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
];
var asStrong = [
  "TLS_AES_128_GCM_SHA256",
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305",
  "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305"
];
var accepted = /* @__PURE__ */ new Set([...strongCipherSuites, ...asStrong]);
var isMiddling = (suite) => /^TLS_ECDHE_(RSA|ECDSA)_WITH_AES_(128|256)_CBC_SHA$/.test(suite);
function cipherRules(cis) {
  const number = cis === void 0 ? {} : { cis };
  return [
    refuse("would encrypt by suites that are broken or that Go does not know", {
      hint: `Use some of ${strongCipherSuites.join(",")}.`,
      values: {
        words: "with RC4, 3DES, static RSA or CBC with SHA-256, or with unknown names",
        include: (value) => partsOf(value).some((suite) => !accepted.has(suite) && !isMiddling(suite))
      },
      ...number
    }),
    opens("lets clients choose TLS 1.2 suites without authenticated encryption", {
      values: {
        words: "empty, or with ECDHE and CBC",
        include: (value) => partsOf(value).length === 0 || partsOf(value).some(isMiddling)
      },
      ...number
    })
  ];
}
function tlsVersionRule(...known) {
  return refuse("would speak TLS older than 1.2, or a version that the component does not know", {
    hint: `Write ${known.join(" or ")}, or remove it.`,
    values: otherThan(...known)
  });
}
var kubernetesTls = tlsVersionRule("VersionTLS12", "VersionTLS13");
var allAlpha = opens("turns on every alpha feature, none of which is declared safe", {
  values: anyOf(whenTrue, whenEmpty)
});
var allBeta = opens("turns off every beta feature, protections among them", { values: whenFalse });
var bodiesLogged = "writes the contents of requests to the journal, and so may write Secrets";
var verbose = opens(bodiesLogged, { values: atLeast(8) });
var verboseFiles = opens(bodiesLogged, {
  values: like("with 8 and more for a file", /(=|"verbosity":)\s*"?0*([89]|[1-9]\d)/)
});
var sharedPort = opens("lets another process of the host listen at the same port", { values: whenTrue });
var blockingProfiles = opens("records what blocks, for those who may read profiles", { values: whenTrue });
function profiles(cis) {
  return opens("serves profiles of the process", { values: whenTrue, ...cis === void 0 ? {} : { cis } });
}
var olderBehaviour = opens("makes the component behave as an older version, without the later protections");

// src/cluster/settings/logging.ts
function loggingSettings({ unit }) {
  const journal = `Logs go to the journal: journalctl -u ${withoutSuffix(unit)} on the host.`;
  return [
    flag("v", verbose),
    flag("vmodule", verboseFiles),
    ...gone({ logtostderr: journal, "log-dir": journal, "log-file": journal, alsologtostderr: journal })
  ];
}

// src/cluster/settings/api-server.ts
var plainStore = {
  words: "with http",
  include: (value) => /(^|[#;,\s])http:/i.test(value)
};
var serving = [
  flag("tls-min-version", kubernetesTls),
  flag("tls-cipher-suites", ...cipherRules("1.2.29")),
  flag("tls-sni-cert-key", opens("serves a certificate for some names that no run renews")),
  flag("profiling", profiles("1.2.15")),
  flag("contention-profiling", blockingProfiles),
  flag("debug-socket-path", opens("serves profiles on a socket, without asking who reads them")),
  flag("enable-logs-handler", opens("serves files of /var/log of the master", { values: whenTrue })),
  flag("cors-allowed-origins", opens("answers pages of other web sites")),
  flag("permit-port-sharing", sharedPort),
  flag("permit-address-sharing", sharedPort),
  flag("enable-priority-and-fairness", opens("lets one client take all requests", { values: whenFalse })),
  flag(
    "aggregator-reject-forwarding-redirect",
    opens("lets an aggregated API server send clients elsewhere (CVE-2022-3172)", { values: whenFalse })
  ),
  flag("egress-selector-config-file", opens("connects to nodes and webhooks by a proxy of a file that no run sees")),
  flag(
    "etcd-servers-overrides",
    refuse("would keep objects in a store without TLS", { values: plainStore }),
    opens("keeps objects in a store that no run looks after")
  ),
  flag("service-account-jwks-uri", opens("tells others to take the keys of service accounts from there")),
  flag(
    "runtime-config",
    opens("serves APIs that are not declared stable", {
      values: like("with api/all=true or api/alpha=true", /(^|,)\s*"?api\/(all|alpha)(\s*=\s*(1|t|true))?"?\s*(,|$)/i)
    })
  ),
  ...["emulated-version", "min-compatibility-version", "emulation-forward-compatible"].map(
    (name) => flag(name, olderBehaviour)
  ),
  flag("runtime-config-emulation-forward-compatible", olderBehaviour),
  flag(
    "endpoint-reconciler-type",
    refuse("would keep dead masters in the kubernetes Service", {
      hint: "Remove it: lease is the default.",
      values: otherThan("lease")
    })
  ),
  flag(
    "bind-address",
    refuse("would hide the API from other hosts", {
      values: { words: "127.0.0.0/8 and ::1", include: isLoopback }
    })
  )
];
var protections = [
  "AuthorizeNodeWithSelectors",
  "AuthorizeWithSelectors",
  "AuthorizePodWebsocketUpgradeCreatePermission",
  "ServiceAccountNodeAudienceRestriction",
  "ServiceAccountTokenNodeBindingValidation",
  "TokenRequestServiceAccountUIDValidation",
  "UnauthenticatedHTTP2DOSMitigation"
];
var gates = [
  gate("AllAlpha", allAlpha),
  gate("AllBeta", allBeta),
  // Both are locked to true in the versions that have them: if they were off, anonymous users could not be limited to the three health paths.
  ...["AnonymousAuthConfigurableEndpoints", "StructuredAuthenticationConfiguration"].map(
    (name) => gate(name, refuse("would keep the API server from starting, or open paths to anonymous users"))
  ),
  ...protections.map((name) => gate(name, opens("turns off a protection", { values: whenFalse }))),
  gate("KMSv1", opens("turns on an encryption provider that is deprecated", { values: whenTrue }))
];
var removed = gone({
  "insecure-port": "All clients use https and certificates: api.port, and the kubeconfigs that the master action writes.",
  "insecure-bind-address": "All clients use https: --bind-address and api.port.",
  address: "All clients use https: --bind-address and api.port.",
  port: "All clients use https: api.port.",
  "basic-auth-file": "Use client certificates, or apiServer.authentication.jwt.",
  "enable-swagger-ui": "The API describes itself under /openapi/v2 and /openapi/v3.",
  "kubelet-https": "Kubelets are always asked by https: remove it.",
  "kubelet-read-only-port": "Kubelets are always asked by https: remove it.",
  "etcd-quorum-read": "Reads always have a quorum: remove it.",
  "storage-versions": "Remove it: versions are chosen by the API server.",
  "experimental-encryption-provider-config": "Encryption at rest is on from the start: remove it."
});
var apiServerSettings = [
  ...accessSettings,
  ...auditSettings,
  ...serving,
  ...gates,
  ...loggingSettings(components.apiServer),
  ...removed,
  flag("apiserver-count", refuse("is deprecated and counts for nothing", { hint: "API servers count by leases." })),
  ...madeFrom({
    "secure-port": "api.port",
    "advertise-address": "the host\u2019s address",
    "service-cluster-ip-range": "network.serviceSubnet",
    "service-node-port-range": "network.serviceNodePortRange",
    "etcd-servers": "the role etcd of hosts",
    "service-account-issuer": "network.dnsDomain"
  }),
  ...placed("etcd-cafile", "etcd-certfile", "etcd-keyfile", "client-ca-file", "tls-cert-file", "tls-private-key-file"),
  ...placed("kubelet-client-certificate", "kubelet-client-key", "kubelet-certificate-authority", "cert-dir"),
  ...placed("service-account-key-file", "service-account-signing-key-file", "service-account-signing-endpoint"),
  ...placed("proxy-client-cert-file", "proxy-client-key-file", "encryption-provider-config")
];

// src/cluster/settings/containerd.ts
var secret = refuse("would keep a password in this file", {
  hint: "Use imagePullSecrets, or a credential provider of the kubelet."
});
var containerdSettings = [
  key("grpc.address", { ...placedRule, values: otherThan(places.containerdSocket) }),
  key("grpc.tcp_address", refuse("would let everyone who reaches it run containers as root", { values: whenGiven })),
  ...["uid", "gid"].map(
    (id) => key(`grpc.${id}`, opens("lets more than root run containers as root", { values: like("other than 0", /^(?!0$)/) }))
  ),
  key("metrics.address", opens("shows metrics, without asking who reads them", { values: reachedByOthers })),
  key("imports", opens("merges files that no run sees")),
  key("*.disable_apparmor", opens("runs containers without AppArmor", { values: whenTrue })),
  key(
    "*.unset_seccomp_profile",
    opens("lets containers make every system call", { values: like("unconfined", /^unconfined$/i) })
  ),
  key("*.disable_cgroup", opens("runs containers without limits of their own", { values: whenTrue })),
  key(
    "*.privileged_without_host_devices_all_devices_allowed",
    opens("lets privileged containers use every device", { values: whenTrue })
  ),
  key("*.disable_tcp_service", opens("streams exec and attach over TCP", { values: whenFalse })),
  key("*.stream_server_address", opens("streams exec and attach to other hosts", { values: reachedByOthers })),
  key("*.base_runtime_spec", opens("starts containers by a file that no run sees", { values: whenGiven })),
  key("*.registry.config_path", opens("takes registries from files that no run sees")),
  key("*.insecure_skip_verify", opens("takes images from anyone who answers for the registry", { values: whenTrue })),
  ...["auth", "password", "identitytoken"].map((name) => key(`*.auth.${name}`, secret))
];

// src/cluster/settings/controllers.ts
var health = ["/healthz", "/readyz", "/livez"];
function controllerSettings(cis) {
  return [
    flag("bind-address", opens("is reached by other hosts", { values: beyondLoopback, cis: cis.bind })),
    flag("profiling", profiles(cis.profiling)),
    flag("contention-profiling", blockingProfiles),
    flag(
      "authorization-always-allow-paths",
      refuse("would answer everyone who reaches it", {
        hint: `Name single paths beside ${health.join(",")}.`,
        values: { words: "with \u201C*\u201D, or with paths of profiles", include: (value) => partsOf(value).some(isWide) }
      }),
      opens("answers without asking who asks", {
        values: { words: "with more than the health paths", include: (value) => partsOf(value).some(isFurther2) }
      })
    ),
    flag("authentication-skip-lookup", opens("does not look up who may speak for others", { values: whenTrue })),
    flag("permit-port-sharing", sharedPort),
    flag("permit-address-sharing", sharedPort),
    flag("tls-min-version", kubernetesTls),
    flag("tls-cipher-suites", ...cipherRules()),
    flag("emulated-version", olderBehaviour),
    flag("min-compatibility-version", olderBehaviour),
    flag("master", refuse("is not used: each master\u2019s components talk to its own API server by a kubeconfig")),
    flag(
      "leader-elect",
      refuse("would let several masters act at once", {
        hint: "Remove it: leader election is always on.",
        values: whenFalse
      })
    ),
    ...placed("kubeconfig", "authentication-kubeconfig", "authorization-kubeconfig", "client-ca-file", "secure-port"),
    ...placed("requestheader-client-ca-file", "requestheader-allowed-names", "requestheader-username-headers"),
    ...placed("requestheader-group-headers", "requestheader-extra-headers-prefix", "requestheader-uid-headers")
  ];
}
var isWide = (path) => path.includes("*") || /^\/?(debug|$)/.test(path);
var isFurther2 = (path) => !health.includes(path.replace(/^\/?/, "/"));

// src/cluster/settings/controller-manager.ts
var signers = ["kube-apiserver-client", "kubelet-client", "kubelet-serving", "legacy-unknown"];
var controllerManagerSettings = [
  ...controllerSettings({ profiling: "1.3.2", bind: "1.3.7" }),
  flag(
    "use-service-account-credentials",
    refuse("would give every controller all rights", { values: whenFalse, cis: "1.3.3" })
  ),
  flag("terminated-pod-gc-threshold", opens("keeps ended pods for ever", { values: below(1), cis: "1.3.1" })),
  flag(
    "cluster-signing-duration",
    opens("signs client certificates, which can\u2019t be revoked, for more than a year", { values: moreHoursThan(8760) })
  ),
  flag(
    "controllers",
    opens("leaves expired bootstrap tokens in the cluster", {
      values: { words: "without tokencleaner", include: (value) => !partsOf(value).includes("tokencleaner") }
    })
  ),
  flag("enable-hostpath-provisioner", opens("makes volumes of directories of the hosts", { values: whenTrue })),
  flag("allocate-node-cidrs", refuse("would leave nodes without a subnet for pods", { values: whenFalse })),
  gate("AllAlpha", allAlpha),
  gate("AllBeta", allBeta),
  gate(
    "RotateKubeletServerCertificate",
    opens("lets serving certificates of kubelets run out", { values: whenFalse, cis: "1.3.6" })
  ),
  ...loggingSettings(components.controllerManager),
  ...gone({
    address: "Use bind-address.",
    port: `It serves https on ${components.controllerManager.ports.health.port} only: remove it.`,
    "pod-eviction-timeout": "Pods say themselves how long they stay, by tolerationSeconds.",
    "experimental-cluster-signing-duration": "Use cluster-signing-duration."
  }),
  ...madeFrom({
    "cluster-cidr": "network.podSubnet",
    "node-cidr-mask-size": "network.nodeCidrMaskSize",
    "service-cluster-ip-range": "network.serviceSubnet",
    "cluster-name": "name"
  }),
  ...placed(
    "root-ca-file",
    "service-account-private-key-file",
    "cluster-signing-cert-file",
    "cluster-signing-key-file"
  ),
  ...placed(...signers.flatMap((signer) => ["cert", "key"].map((part) => `cluster-signing-${signer}-${part}-file`)))
];

// src/cluster/settings/etcd.ts
var unsigned = (cis) => refuse("would take certificates that no CA signed", {
  hint: "Remove it: the pki action makes them.",
  values: whenTrue,
  cis
});
var anyMachine = "would let any machine join etcd";
var watched = `http://127.0.0.1:${components.etcd.ports.metrics.port}`;
var anySite = opens("answers pages of any web site", { values: withAny("*") });
var etcdSettings = [
  flag(
    "client-cert-auth",
    refuse("would open etcd, and with it all secrets, to everyone who reaches it", { values: whenFalse, cis: "2.2" })
  ),
  flag("peer-client-cert-auth", refuse(anyMachine, { values: whenFalse, cis: "2.5" })),
  flag("peer-skip-client-san-verification", refuse(anyMachine, { values: whenTrue })),
  flag("experimental-peer-skip-client-san-verification", refuse(anyMachine, { values: whenTrue })),
  flag("auto-tls", unsigned("2.3")),
  flag("peer-auto-tls", unsigned("2.6")),
  // etcd's gRPC gateway is on this port: it can read and write the complete cluster.
  flag("listen-client-http-urls", refuse("would open etcd\u2019s HTTP interface beyond this host, or without TLS")),
  flag(
    "listen-metrics-urls",
    refuse("would show etcd\u2019s metrics and health to everyone who reaches it", {
      hint: `Write ${watched}, and after it https URLs if others are to read them.`,
      values: plainBeyondLoopback
    }),
    refuse(`would remove ${watched}, which verify-failover watches`, {
      hint: `Keep ${watched} in the list.`,
      values: withoutAll(watched)
    }),
    opens("shows etcd\u2019s metrics to other hosts", { values: urlBeyondLoopback })
  ),
  flag("tls-min-version", tlsVersionRule("TLS1.2", "TLS1.3")),
  flag("cipher-suites", ...cipherRules()),
  flag("enable-pprof", profiles()),
  flag("cors", anySite),
  flag("host-whitelist", anySite),
  flag("socket-reuse-port", sharedPort),
  flag("socket-reuse-address", sharedPort),
  flag("enable-v2", opens("serves the API of version 2, which Kubernetes does not use", { values: whenTrue })),
  flag("distributed-tracing-address", opens("sends what clients ask to a collector")),
  flag("experimental-distributed-tracing-address", opens("sends what clients ask to a collector")),
  flag("force-new-cluster", refuse("would throw the other members out at each start", { values: whenTrue })),
  flag("unsafe-no-fsync", refuse("would lose what was written when a host loses power", { values: whenTrue })),
  flag("pre-vote", refuse("would let a member that comes back unseat the leader", { values: whenFalse })),
  flag("strict-reconfig-check", refuse("would allow changes of members that break the quorum", { values: whenFalse })),
  gate("AllAlpha", allAlpha),
  ...madeFrom({ "data-dir": "etcd.dataDir", name: "the host\u2019s name", "initial-cluster-token": "name" }),
  ...placed("listen-client-urls", "advertise-client-urls", "listen-peer-urls", "initial-advertise-peer-urls"),
  ...placed("initial-cluster", "initial-cluster-state", "cert-file", "key-file", "trusted-ca-file"),
  ...placed("peer-cert-file", "peer-key-file", "peer-trusted-ca-file", "config-file", "discovery-fallback"),
  ...placed("discovery", "discovery-srv", "discovery-srv-name", "discovery-token", "discovery-endpoints"),
  ...placed("discovery-insecure-transport", "discovery-insecure-skip-tls-verify", "discovery-proxy"),
  ...placed("discovery-cert", "discovery-key", "discovery-cacert", "discovery-user", "discovery-password")
];

// src/cluster/settings/flannel.ts
var flannelSettings = [
  flag("kube-api-url", refuse("would lead past the local balancer")),
  flag(
    "healthz-port",
    opens("answers everyone who reaches it, unless healthz-ip is 127.0.0.1", { values: otherThan("0") })
  ),
  flag("v", verbose),
  ...madeFrom({
    iface: "interface of the host",
    "public-ip": "the host\u2019s address",
    "net-config-path": "network.podSubnet and flannel.backend"
  }),
  ...placed("kubeconfig-file", "kube-subnet-mgr", "subnet-file"),
  ...gone({
    "etcd-endpoints": "Remove it: flannel asks the API for subnets, not etcd.",
    "etcd-prefix": "Remove it: flannel asks the API for subnets, not etcd."
  })
];

// src/cluster/settings/kube-proxy.ts
var kubeProxySettings = [
  both(
    "metrics-bind-address",
    "metricsBindAddress",
    opens("shows metrics and settings, without asking who reads them", { values: reachedByOthers, cis: "4.3.1" })
  ),
  both("profiling", "enableProfiling", profiles()),
  both(
    "nodeport-addresses",
    "nodePortAddresses",
    opens("serves NodePorts at more addresses than the node\u2019s own", {
      values: { words: "other than primary", include: (value) => partsOf(value).some((part) => part !== "primary") }
    })
  ),
  key("apiVersion", { ...placedRule, values: otherThan("kubeproxy.config.k8s.io/v1alpha1") }),
  key("kind", { ...placedRule, values: otherThan("KubeProxyConfiguration") }),
  key("clientConnection.kubeconfig", placedRule),
  key("logging.verbosity", verbose),
  key("logging.vmodule", verboseFiles),
  gate("AllAlpha", allAlpha),
  gate("AllBeta", allBeta),
  flag("master", refuse("would lead past the local balancer")),
  ...loggingSettings(components.kubeProxy),
  ...madeFrom({
    "proxy-mode": "kubeProxy.mode",
    "cluster-cidr": "network.podSubnet",
    "hostname-override": "hostname of the host",
    config: "kubeProxy.config"
  }),
  ...placed("kubeconfig")
];

// src/cluster/settings/kubelet.ts
var runtime = "Remove it: containerd is reached by CRI; see containerd.config.";
var access = [
  both(
    "anonymous-auth",
    "authentication.anonymous.enabled",
    refuse("would open the node\u2019s pods to everyone who reaches it", { values: whenTrue, cis: "4.2.1" })
  ),
  both(
    "authentication-token-webhook",
    "authentication.webhook.enabled",
    refuse("would refuse tokens of service accounts, so that metrics-server stops", { values: whenFalse })
  ),
  both("client-ca-file", "authentication.x509.clientCAFile", { ...placedRule, cis: "4.2.3" }),
  both(
    "authorization-mode",
    "authorization.mode",
    refuse("would open the node\u2019s pods to every user", {
      hint: "Remove it: Webhook is used.",
      values: otherThan("Webhook"),
      cis: "4.2.2"
    })
  ),
  both(
    "read-only-port",
    "readOnlyPort",
    refuse("would show the node\u2019s pods to everyone who reaches it", { values: otherThan("0"), cis: "4.2.4" })
  ),
  both("healthz-bind-address", "healthzBindAddress", opens("is reached by other hosts", { values: beyondLoopback })),
  both("healthz-port", "healthzPort", {
    ...placedRule,
    values: otherThan(String(components.kubelet.ports.health.port))
  }),
  both(
    "streaming-connection-idle-timeout",
    "streamingConnectionIdleTimeout",
    opens("lets an idle exec or port-forward last for ever", { values: noTime, cis: "4.2.5" })
  )
];
var certificates = [
  both(
    "rotate-certificates",
    "rotateCertificates",
    refuse("would let the node\u2019s certificate run out", { values: whenFalse, cis: "4.2.10" })
  ),
  both(
    "rotate-server-certificates",
    "serverTLSBootstrap",
    refuse("would ask for a serving certificate, which no run approves", { values: whenTrue })
  ),
  both("tls-cert-file", "tlsCertFile", { ...placedRule, cis: "4.2.9" }),
  both("tls-private-key-file", "tlsPrivateKeyFile", { ...placedRule, cis: "4.2.9" }),
  both("tls-min-version", "tlsMinVersion", kubernetesTls),
  both("tls-cipher-suites", "tlsCipherSuites", ...cipherRules("4.2.12")),
  gate(
    "RotateKubeletServerCertificate",
    opens("lets serving certificates of kubelets run out", { values: whenFalse, cis: "4.2.11" })
  )
];
var host = [
  both(
    "pod-manifest-path",
    "staticPodPath",
    opens("runs pods of files, past the API\u2019s admission", { values: whenGiven })
  ),
  both(
    "manifest-url",
    "staticPodURL",
    refuse("would run pods that anyone on the way can replace", { values: plainBeyondLoopback }),
    opens("runs pods of a URL, past the API\u2019s admission", { values: whenGiven })
  ),
  both(
    "protect-kernel-defaults",
    "protectKernelDefaults",
    opens("lets the kubelet change the kernel\u2019s settings", { values: whenFalse })
  ),
  both(
    "make-iptables-util-chains",
    "makeIPTablesUtilChains",
    opens("leaves out the rules that keep others from 127.0.0.0/8", { values: whenFalse, cis: "4.2.6" })
  ),
  both(
    "seccomp-default",
    "seccompDefault",
    opens("lets pods make every system call", { values: whenFalse, cis: "4.2.14" })
  ),
  both("pod-max-pids", "podPidsLimit", opens("lets one pod take all processes", { values: below(1), cis: "4.2.13" })),
  both(
    "allowed-unsafe-sysctls",
    "allowedUnsafeSysctls",
    opens("lets pods change settings of the kernel that others share", { values: whenGiven })
  ),
  both("fail-swap-on", "failSwapOn", opens("lets Secrets of pods reach the disk by swap", { values: whenFalse })),
  key("memorySwap.swapBehavior", opens("lets pods use swap", { values: like("LimitedSwap", /^LimitedSwap$/i) })),
  key(
    "imagePullCredentialsVerificationPolicy",
    opens("lets a pod run private images that another pod pulled", { values: like("NeverVerify", /^NeverVerify$/i) })
  ),
  gate(
    "KubeletEnsureSecretPulledImages",
    opens("lets a pod run private images that another pod pulled", { values: whenFalse })
  )
];
var diagnosis = [
  key("enableProfilingHandler", profiles()),
  both("contention-profiling", "enableContentionProfiling", blockingProfiles),
  key("enableDebugFlagsHandler", opens("lets its flags be changed while it runs", { values: whenTrue })),
  key("enableSystemLogQuery", opens("serves logs of the host\u2019s services", { values: whenTrue })),
  key("logging.verbosity", verbose),
  key("logging.vmodule", verboseFiles),
  gate("AllAlpha", allAlpha),
  gate("AllBeta", allBeta)
];
var kubeletSettings = [
  ...access,
  ...certificates,
  ...host,
  ...diagnosis,
  ...loggingSettings(components.kubelet),
  both("register-node", "registerNode", refuse("would keep the node out of the cluster", { values: whenFalse })),
  key("apiVersion", { ...placedRule, values: otherThan("kubelet.config.k8s.io/v1beta1") }),
  key("kind", { ...placedRule, values: otherThan("KubeletConfiguration") }),
  key("containerRuntimeEndpoint", { ...placedRule, values: otherThan(`unix://${places.containerdSocket}`) }),
  key(
    "registerWithTaints",
    refuse("is made from another key of this file", { hint: "Use taints of the host instead." })
  ),
  flag("config-dir", refuse("would let files that no run sees override kubelet.config")),
  ...gone({
    "api-servers": "The kubelet finds the API through its kubeconfig and the local balancer: api.localPort.",
    "require-kubeconfig": "Remove it: a kubeconfig is always used.",
    "experimental-bootstrap-kubeconfig": "Remove it: the node action writes the bootstrap kubeconfig.",
    "network-plugin": "Use network.plugin.",
    "cni-conf-dir": runtime,
    "cni-bin-dir": runtime,
    "cni-cache-dir": runtime,
    "container-runtime": runtime,
    "pod-infra-container-image": "Use versions.pause.",
    "cadvisor-port": "Remove it.",
    "register-schedulable": "Use taints of the host.",
    "allow-privileged": "Remove it: Pod Security decides."
  }),
  ...madeFrom({
    "node-labels": "labels of the host",
    "register-with-taints": "taints of the host",
    "node-ip": "the host\u2019s address",
    "hostname-override": "hostname of the host",
    "cluster-dns": "network.serviceSubnet, of which it is the second address",
    "cluster-domain": "network.dnsDomain",
    config: "kubelet.config",
    "hairpin-mode": "hairpinMode in kubelet.config",
    "serialize-image-pulls": "serializeImagePulls in kubelet.config",
    "cgroup-driver": "cgroupDriver in kubelet.config",
    "max-pods": "maxPods in kubelet.config"
  }),
  ...placed("kubeconfig", "bootstrap-kubeconfig", "container-runtime-endpoint", "cert-dir")
];

// src/cluster/settings/scheduler.ts
var schedulerSettings = [
  ...controllerSettings({ profiling: "1.4.1", bind: "1.4.2" }),
  flag("config", opens("takes all settings from a file that no run sees", { cis: "1.4.1" })),
  flag("write-config-to", refuse("would write a file and end")),
  gate("AllAlpha", allAlpha),
  gate("AllBeta", allBeta),
  ...loggingSettings(components.scheduler),
  ...gone({
    address: "Use bind-address.",
    port: `It serves https on ${components.scheduler.ports.health.port} only: remove it.`,
    "algorithm-provider": "Use profiles of a KubeSchedulerConfiguration.",
    "policy-config-file": "Use profiles of a KubeSchedulerConfiguration."
  })
];

// src/cluster/settings/table.ts
var settings = {
  etcd: etcdSettings,
  apiServer: apiServerSettings,
  controllerManager: controllerManagerSettings,
  scheduler: schedulerSettings,
  kubelet: kubeletSettings,
  kubeProxy: kubeProxySettings,
  flannel: flannelSettings,
  containerd: containerdSettings
};

// src/cluster/settings/given.ts
function givenSettings(file) {
  return Object.keys(settings).flatMap((component) => {
    const section = file[component];
    const args = "extraArgs" in section ? section.extraArgs : [];
    const config = "config" in section ? section.config : {};
    return [
      ...args.flatMap((arg, index) => givenFlag(component, arg, [component, "extraArgs", index, "name"])),
      ...givenKeys(component, config, [component, "config"], [])
    ];
  });
}
function givenFlag(component, { name, value }, path) {
  const base = { component, raw: value, path };
  const own = { ...base, kind: "flag", name: flagName(name), value, words: `${name}=${value}` };
  if (own.name !== "feature-gates") return [own];
  const gates2 = value.split(",").map((pair) => {
    const [gate2 = "", set = ""] = pair.split("=").map((part) => part.trim());
    return { ...base, kind: "gate", name: gate2.replace(/^.*:/, ""), value: set, words: `${name}=${pair.trim()}` };
  });
  return [own, ...gates2];
}
function givenKeys(component, raw, path, steps) {
  if (isMap(raw)) {
    return Object.entries(raw).flatMap(
      ([step, below2]) => givenKeys(component, below2, [...path, step], [...steps, step])
    );
  }
  const value = textOf(raw);
  const base = { component, value, raw, path, words: `${formatPath(path)} ${quote(value)}` };
  const [first = "", ...rest] = steps;
  if (plainName(first) === "featuregates" && rest.length > 0) return [{ ...base, kind: "gate", name: rest.join(".") }];
  return [{ ...base, kind: "key", name: steps.join(".") }];
}
function textOf(value) {
  if (value === null || value === void 0) return "";
  if (Array.isArray(value)) return value.map(textOf).join(",");
  return isMap(value) ? JSON.stringify(value) : String(value);
}
function isMap(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
function flagName(name) {
  return name.toLowerCase().replaceAll("_", "-");
}
function plainName(name) {
  return name.toLowerCase().replace(/[-_.]/g, "");
}

// src/cluster/settings/misplaced.ts
function replacedFindings(given, settingsOf2) {
  const replacing = given.filter((each) => each.kind === "key" && (hasKeysBelow(each) || isEmpty(each, settingsOf2)));
  return replacing.map(({ path, words: words2, raw }) => ({
    code: "CLUSTER_CONFIG",
    path,
    message: `${raw === null ? `${formatPath(path)} has no value, and` : words2} removes what the product sets there.`,
    hint: "Write a value, or remove the key."
  }));
}
function isEmpty(given, settingsOf2) {
  return given.raw === null && settingsOf2(given).length > 0;
}
function hasKeysBelow({ component, name }) {
  return settings[component].some(({ key: key2 = "" }) => {
    const steps = key2.split(".");
    return steps.slice(1).some((_, index) => plainName(steps.slice(0, index + 1).join("")) === plainName(name));
  });
}
var words = { boolean: "true or false", number: "a number" };
function typeFindings(given, settingsOf2) {
  return given.flatMap((each) => {
    if (each.path[1] !== "config" || each.raw === null) return [];
    const expected = settingsOf2(each).flatMap(({ rules }) => rules.flatMap(({ values }) => values?.type ?? []))[0];
    if (expected === void 0 || typeof each.raw === expected) return [];
    const message = `${each.words} is not ${words[expected]}.`;
    return [
      {
        code: "CLUSTER_CONFIG",
        path: each.path,
        message,
        hint: `Write ${words[expected]}, without quotes, or remove it.`
      }
    ];
  });
}

// src/cluster/settings/judge.ts
function judgeSettings(file, verdict) {
  return givenSettings(file).flatMap((given) => {
    const met = settingsOf(given).flatMap(({ rules }) => rules).filter(({ values }) => values === void 0 || values.include(given.value));
    const refused = met.filter((rule) => rule.verdict === "refused").slice(0, 1);
    const said = refused.length > 0 ? refused : met;
    return said.filter((rule) => rule.verdict === verdict).map((rule) => ({ given, rule }));
  });
}
function settingsOf(given) {
  return settings[given.component].filter((setting) => isAbout(setting, given));
}
function isAbout(setting, { kind, name }) {
  const own = setting[kind];
  if (own === void 0 || kind !== "key") return own === name;
  return own.startsWith("*.") ? plainName(name).endsWith(plainName(own.slice(2))) : plainName(own) === plainName(name);
}
function settingFindings(file) {
  const given = givenSettings(file);
  return [
    ...replacedFindings(given, settingsOf),
    ...typeFindings(given, settingsOf),
    ...judgeSettings(file, "refused").map((judged) => findingOf(judged, file))
  ];
}
function findingOf({ given, rule }, file) {
  const { component, kind, path, name, words: words2 } = given;
  const section = file[component];
  const hint = rule.hintFor?.("extraArgs" in section ? section.extraArgs : []) ?? rule.hint;
  if (path[1] === "config") return { code: "CLUSTER_CONFIG", path, message: `${words2} ${rule.message}.`, hint };
  const isNamed = kind === "flag" && rule.values === void 0 && rule.hintFor === void 0;
  const shown = isNamed ? name : words2;
  return { code: "CLUSTER_FLAG", path, message: `The flag ${JSON.stringify(shown)} ${rule.message}.`, hint };
}

// src/cluster/openings.ts
function openingFindings(file) {
  return [...settingOpenings(file), ...tokenOpenings(file), ...sourceOpenings(file), ...gateOpenings(file)];
}
function plainMirror(openings) {
  return openings.find(({ setting }) => setting.startsWith("mirror "));
}
function describeOpening({ setting, effect, cis, line }) {
  return `opens: ${setting} ${effect} (line ${line}${cis === void 0 ? "" : `, CIS ${cis}`})`;
}
function settingOpenings(file) {
  return judgeSettings(file, "opens").map(({ given, rule }) => ({
    path: given.path,
    setting: given.path[1] === "config" ? given.words : `${given.component}.extraArgs ${given.words}`,
    effect: rule.message,
    ...rule.cis !== void 0 && { cis: rule.cis }
  }));
}
function tokenOpenings({ apiServer }) {
  return apiServer.authentication.jwt.flatMap((entry, index) => {
    const { issuer, claimMappings, claimValidationRules } = entry;
    const base = ["apiServer", "authentication", "jwt", index];
    const path = [...base, "issuer", "url"];
    const setting = `${formatPath(base)} ${quote(issuer.url)}`;
    const rules = claimValidationRules.length;
    const audiences = issuer.audiences.map(quote).join(", ");
    const bare = ["username", "groups"].filter((name) => isBare(claimMappings[name]));
    return [
      {
        path,
        setting,
        effect: `accepts its tokens for ${audiences} that keep ${rules} ${rules === 1 ? "rule" : "rules"}`
      },
      ...knowsNamesOnly(entry) ? [{ path, setting, effect: "knows repositories by names, which others may have later: use repository_id" }] : [],
      ...bare.map((name) => ({
        path: [...base, "claimMappings", name],
        setting: formatPath([...base, "claimMappings", name]),
        effect: "takes names out of tokens as they are, so that they may be those of others"
      }))
    ];
  });
}
function isBare(mapping) {
  return mapping !== void 0 && !beginningOf(mapping);
}
function gateOpenings({ upgrade: { gate: gate2 } }) {
  if (gate2 === void 0) return [];
  const path = ["upgrade", "gate"];
  return [{ path, setting: `${formatPath(path)} ${quote(gate2)}`, effect: "runs on the runner during an upgrade" }];
}
function sourceOpenings({ mirror, containerd }) {
  const plain = (path, url, effect) => /^http:/i.test(url) ? [{ path, setting: `${formatPath(path)} ${quote(url)}`, effect }] : [];
  return [
    ...plain(["mirror"], mirror ?? "", "lets anyone on the way replace programs that run as root"),
    ...Object.entries(containerd.registries).flatMap(([name, { mirrors, skipVerify }]) => {
      const path = ["containerd", "registries", name];
      const unverified = [...path, "skipVerify"];
      const effect = "takes images from anyone who answers for the mirror";
      return [
        ...mirrors.flatMap(
          (url, index) => plain([...path, "mirrors", index], url, "lets anyone on the way replace images")
        ),
        ...skipVerify ? [{ path: unverified, setting: `${formatPath(unverified)} true`, effect }] : []
      ];
    })
  ];
}

export {
  formatPath,
  quote,
  alternatives,
  wrongToken,
  githubFindings,
  ruleFindings,
  mappingFindings,
  whenFalse,
  strongCipherSuites,
  flagName,
  settingFindings,
  openingFindings,
  plainMirror,
  describeOpening
};
