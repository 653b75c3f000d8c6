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
  array,
  boolean,
  looseObject,
  string
} from "./errors.js";

// src/etcd/members.ts
var mostMembers = 50;
var id = string().regex(/^[0-9a-f]{1,16}$/);
var urls = array(string().max(300)).max(20).default([]);
var listShape = looseObject({
  header: looseObject({ cluster_id: id }),
  members: array(
    looseObject({
      ID: id,
      name: string().max(300).default(""),
      peerURLs: urls,
      clientURLs: urls,
      isLearner: boolean().default(false)
    })
  ).min(1).max(mostMembers)
});
function readMemberList(text) {
  try {
    const { header, members } = listShape.parse(parseJson(text, Error));
    return {
      cluster: header.cluster_id,
      members: members.map(({ ID, name, peerURLs, clientURLs, isLearner }) => ({
        id: ID,
        name,
        peerUrls: peerURLs,
        clientUrls: clientURLs,
        learner: isLearner
      }))
    };
  } catch {
    return void 0;
  }
}
function hasStarted({ clientUrls }) {
  return clientUrls.length > 0;
}

export {
  readMemberList,
  hasStarted
};
