import { createPrivateKey, sign } from 'node:crypto';
import type Forge from 'node-forge';
import { publicHalf } from './keys.ts';

/** The subject of a client certificate: Kubernetes reads the common name as the user and the organizations as groups. */
export interface RequestedSubject {
  readonly user: string;
  readonly groups: readonly string[];
}

/** A PKCS#10 request (PEM) for an existing key. */
export async function certificateRequest({ user, groups }: RequestedSubject, key: string): Promise<string> {
  const forge: typeof Forge = (await import('node-forge')).default;
  // forge's default, PrintableString, excludes @, _ and [ ]: Go would refuse a name like dependabot[bot].
  const valueTagClass = forge.asn1.Type.UTF8 as unknown as Forge.asn1.Class;
  const request = forge.pki.createCertificationRequest();
  request.publicKey = forge.pki.publicKeyFromPem(publicHalf(key));
  request.setSubject([
    ...groups.map((value) => ({ name: 'organizationName', value, valueTagClass })),
    { name: 'commonName', value: user, valueTagClass },
  ]);
  const native = createPrivateKey(key);
  const nativeKey = {
    sign: () => sign('sha256', infoOf(forge, request), native).toString('latin1'),
  };
  // forge calls only this method of a key.
  request.sign(nativeKey as unknown as Forge.pki.rsa.PrivateKey, forge.md.sha256.create());
  return forge.pki.certificationRequestToPem(request).replaceAll('\r', '');
}

/** The part to sign. forge has encoded it at this point, but its types don't declare it. */
function infoOf(forge: typeof Forge, request: object): Buffer {
  const { certificationRequestInfo } = request as { readonly certificationRequestInfo: Forge.asn1.Asn1 };
  return Buffer.from(forge.asn1.toDer(certificationRequestInfo).getBytes(), 'latin1');
}
