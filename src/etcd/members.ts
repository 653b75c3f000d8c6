import * as z from 'zod';
import { parseJson } from '../entry/json.ts';

/** One member as etcd lists it. */
export interface Member {
  /** In hexadecimal, as etcdctl takes it. */
  readonly id: string;
  /** Empty until the member has started for the first time. */
  readonly name: string;
  readonly peerUrls: readonly string[];
  /** Empty until the member has started for the first time. */
  readonly clientUrls: readonly string[];
  /** It receives the data and does not vote. */
  readonly learner: boolean;
}

/** The members by the answer of one of them, which a quorum has confirmed. */
export interface MemberList {
  /** The cluster's id, in hexadecimal. */
  readonly cluster: string;
  readonly members: readonly Member[];
}

/** Clusters have seven members at most; a list of more than this is not from etcd. */
const mostMembers = 50;
const id = z.string().regex(/^[0-9a-f]{1,16}$/);
const urls = z.array(z.string().max(300)).max(20).default([]);
const listShape = z.looseObject({
  header: z.looseObject({ cluster_id: id }),
  members: z
    .array(
      z.looseObject({
        ID: id,
        name: z.string().max(300).default(''),
        peerURLs: urls,
        clientURLs: urls,
        isLearner: z.boolean().default(false),
      }),
    )
    .min(1)
    .max(mostMembers),
});

/** Reads what `etcdctl --hex -w json member list` prints; nothing for any other text. */
export function readMemberList(text: string): MemberList | undefined {
  try {
    const { header, members } = listShape.parse(parseJson(text, Error));
    return {
      cluster: header.cluster_id,
      members: members.map(({ ID, name, peerURLs, clientURLs, isLearner }) => ({
        id: ID,
        name,
        peerUrls: peerURLs,
        clientUrls: clientURLs,
        learner: isLearner,
      })),
    };
  } catch {
    return undefined;
  }
}

/** Whether the member has ever run: it publishes its client URLs when it first starts. */
export function hasStarted({ clientUrls }: Member): boolean {
  return clientUrls.length > 0;
}
