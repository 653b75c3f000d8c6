import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __pathOf } from 'node:url';
const require = __createRequire(import.meta.url);
const __bundleFile = __pathOf(import.meta.url);
const __bundleDir = __dirnameOf(__bundleFile);

// src/github/server.ts
function serverUrl() {
  return URL.parse(process.env.GITHUB_SERVER_URL ?? "") ?? new URL("https://github.com");
}
function isEnterpriseServer() {
  const { hostname } = serverUrl();
  return hostname !== "github.com" && !/\.(ghe\.com|localhost)$/.test(hostname);
}
function tokenIssuer() {
  const { origin, hostname } = serverUrl();
  if (isEnterpriseServer()) return `${origin}/_services/token`;
  return hostname.endsWith(".ghe.com") ? `https://token.actions.${hostname}` : "https://token.actions.githubusercontent.com";
}

export {
  isEnterpriseServer,
  tokenIssuer
};
