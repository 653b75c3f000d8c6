import type Forge from 'node-forge';
import { Problem } from '../errors.ts';

/** What a PKCS#10 request asks to be called. */
export interface RequestedName {
  /** Each attribute of the subject in order, as OID and text. */
  readonly subject: readonly { readonly oid: string; readonly value: string }[];
  /** OIDs of what is asked for beside the subject; SANs come as 1.2.840.113549.1.9.14 (extensionRequest). */
  readonly attributes: readonly string[];
}

type Asn1 = Forge.asn1.Asn1;

/**
 * Reads subject and attributes of a request and leaves the key aside: kubelets have EC keys, which node-forge can't read.
 * The API server has checked the signature when it took the request.
 * Source: RFC 2986, section 4.1
 * @throws Problem CSR_UNREADABLE
 */
export async function readCertificateRequest(pem: string): Promise<RequestedName> {
  // Only a run with a node that joins needs it, and it takes longer to load than all of the rest.
  const { default: forge } = await import('node-forge');
  const oidOf = (node: Asn1 | undefined) => forge.asn1.derToOid(encodedOid(node));
  try {
    // A kubelet's request has about 500 bytes; nothing far from that is worth parsing.
    if (pem.length > 16_384) throw new Error('too long');
    const [message, ...more] = forge.pem.decode(pem);
    if (!message || more.length > 0 || message.type !== 'CERTIFICATE REQUEST') throw new Error('not one request');
    const request = forge.asn1.fromDer(message.body, { decodeBitStrings: false } as unknown as boolean);
    const [, name, , attributes] = children(children(request, sequence)[0], sequence);
    return {
      subject: children(name, sequence).flatMap((part) => children(part, set).map((pair) => attributeOf(pair, oidOf))),
      attributes: attributes ? children(attributes, 0).map((one) => oidOf(children(one, sequence)[0])) : [],
    };
  } catch (error) {
    throw new Problem('the certificate request can’t be read', { code: 'CSR_UNREADABLE', cause: error });
  }
}

/** Universal tags. Source: X.680, section 8.6 */
const { sequence, set, oid, utf8, printable } = { sequence: 16, set: 17, oid: 6, utf8: 12, printable: 19 };

function attributeOf(pair: Asn1, oidOf: (node: Asn1 | undefined) => string): { oid: string; value: string } {
  const [type, value] = children(pair, sequence);
  const text = value?.type === utf8 || value?.type === printable;
  if (!text || typeof value.value !== 'string') throw new Error('a name’s value is not text');
  // node-forge hands out bytes as a binary string.
  return { oid: oidOf(type), value: Buffer.from(value.value, 'latin1').toString('utf8') };
}

/** The parts of a structure that has to be of this type; 0 is the one tag that the request itself defines. */
function children(node: Asn1 | undefined, type: number): readonly Asn1[] {
  if (!Array.isArray(node?.value) || node.type !== type) throw new Error('a structure is missing');
  return node.value;
}

function encodedOid(node: Asn1 | undefined): string {
  if (node?.type !== oid || typeof node.value !== 'string') throw new Error('an OID is missing');
  return node.value;
}
