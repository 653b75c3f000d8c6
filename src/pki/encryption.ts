import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { parseYaml } from '../entry/yaml.ts';

const key = z.object({ name: z.string(), secret: z.base64() });
const provider = z.object({ keys: z.array(key).min(1) });
const configuration = z.object({
  kind: z.literal('EncryptionConfiguration'),
  resources: z.array(z.object({ providers: z.array(z.record(z.string(), z.unknown())) })).min(1),
});

/** How the API server encrypts Secrets in etcd. `identity` comes last, so that unencrypted objects are readable. */
export function newEncryptionConfig(): string {
  return `apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
  - resources: [secrets]
    providers:
      - secretbox:
          keys:
            - { name: key1, secret: ${randomBytes(32).toString('base64')} }
      - identity: {}
`;
}

/** The keys of a configuration, in base64; empty if the text is not a configuration or has no key. */
export function encryptionKeys(text: string): readonly string[] {
  // The text of a host is untrusted, and parsing it as YAML can take long.
  if (!text.includes('EncryptionConfiguration')) return [];
  const read = configuration.safeParse(parsed(text));
  if (!read.success) return [];
  const providers = read.data.resources.flatMap((resource) => resource.providers.flatMap(Object.values));
  return providers.flatMap((each) => provider.safeParse(each).data?.keys.map(({ secret }) => secret) ?? []);
}

function parsed(text: string): unknown {
  try {
    return parseYaml(text, Error);
  } catch {
    return undefined;
  }
}
