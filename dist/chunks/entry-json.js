import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);

// src/entry/json.ts
var usualLimits = { depth: 200, values: 2e6 };
var [quote, backslash, comma] = [34, 92, 44];
var [openList, closeList, openMap, closeMap] = [91, 93, 123, 125];
function parseJson(text, refuse, limits = usualLimits) {
  checkJson(text, refuse, limits);
  try {
    return JSON.parse(text);
  } catch {
    throw refuse("text that is no JSON");
  }
}
function jsonOrUndefined(text) {
  try {
    return parseJson(text, Error);
  } catch {
    return void 0;
  }
}
function checkJson(text, refuse, { depth, values }) {
  let deep = 0;
  let seen = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at);
    else if (code === comma) seen += 1;
    else if (code === openList || code === openMap) {
      deep += 1;
      seen += 1;
      if (deep > depth) throw refuse(`JSON that is nested more than ${depth} levels deep`);
    } else if (code === closeList || code === closeMap) deep -= 1;
    if (seen > values) throw refuse(`JSON of more than ${values} values`);
  }
}
function endOfString(text, from) {
  for (let at = from + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === backslash) at += 1;
    else if (code === quote) return at;
  }
  return text.length;
}

export {
  parseJson,
  jsonOrUndefined
};
