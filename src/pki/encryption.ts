import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { parseYaml } from '../entry/yaml.ts';

/** A key of secretbox, with the name that etcd has in front of each value under it. */
export interface NamedKey {
  readonly name: string;
  /** 32 bytes in base64. */
  readonly secret: string;
}

/** A configuration of encryption at rest in the form that this project writes. */
export interface Encryption {
  /** Plural names, as `secrets`. */
  readonly resources: readonly string[];
  /** The first one encrypts; all of them decrypt. */
  readonly keys: readonly NamedKey[];
}

const key = z.object({ name: z.string(), secret: z.base64() });
const provider = z.object({ keys: z.array(key).min(1) });
const configuration = z.object({
  kind: z.literal('EncryptionConfiguration'),
  resources: z.array(z.object({ providers: z.array(z.record(z.string(), z.unknown())) })).min(1),
});

const ours = z.strictObject({
  apiVersion: z.literal('apiserver.config.k8s.io/v1'),
  kind: z.literal('EncryptionConfiguration'),
  resources: z.tuple([
    z.strictObject({
      resources: z.array(z.string().regex(/^[a-z]+$/)).min(1),
      providers: z.tuple([
        z.strictObject({
          secretbox: z.strictObject({
            keys: z.array(key.extend({ name: z.string().regex(/^[\w.-]+$/) }).strict()).min(1),
          }),
        }),
        z.strictObject({ identity: z.strictObject({}) }),
      ]),
    }),
  ]),
});

/** How the API server encrypts Secrets in etcd. */
export function newEncryptionConfig(): string {
  return encryptionConfig({ resources: ['secrets'], keys: [newKey('key1')] });
}

/** A random key. */
export function newKey(name: string): NamedKey {
  return { name, secret: randomBytes(32).toString('base64') };
}

/** The text of a configuration. `identity` comes last, so that unencrypted objects are readable. */
export function encryptionConfig({ resources, keys }: Encryption): string {
  const lines = keys.map(({ name, secret }) => `            - { name: ${name}, secret: ${secret} }\n`);
  return `apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
  - resources: [${resources.join(', ')}]
    providers:
      - secretbox:
          keys:
${lines.join('')}      - identity: {}
`;
}

/** Reads a configuration; undefined if it has another form than this project's, as one that was edited by hand. */
export function readEncryption(text: string): Encryption | undefined {
  const read = ours.safeParse(parsed(text));
  if (!read.success) return undefined;
  const [{ resources, providers }] = read.data.resources;
  return { resources, keys: providers[0].secretbox.keys };
}

/** The keys of a configuration of any form, in base64; empty if the text is not a configuration or has no key. */
export function encryptionKeys(text: string): readonly string[] {
  const read = configuration.safeParse(parsed(text));
  if (!read.success) return [];
  const providers = read.data.resources.flatMap((resource) => resource.providers.flatMap(Object.values));
  return providers.flatMap((each) => provider.safeParse(each).data?.keys.map(({ secret }) => secret) ?? []);
}

function parsed(text: string): unknown {
  // The text of a host is untrusted, and parsing it as YAML can take long.
  if (!text.includes('EncryptionConfiguration')) return undefined;
  try {
    return parseYaml(text, Error);
  } catch {
    return undefined;
  }
}
