import { type Finding, quote } from '../finding.ts';
import type { ClusterFile } from '../schema.ts';
import { urlFindings } from './paths.ts';

/** Registries with names that containerd would never look up, and mirrors with unusable URLs. */
export function containerdFindings({ containerd }: ClusterFile): readonly Finding[] {
  return Object.entries(containerd.registries).flatMap(([name, { mirrors }]) => [
    ...nameFinding(name),
    ...mirrors.flatMap((url, index) => urlFindings(['containerd', 'registries', name, 'mirrors', index], url)),
  ]);
}

function nameFinding(name: string): readonly Finding[] {
  // containerd's own name for all other registries is _default.
  if (name === '_default' || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i.test(name)) return [];
  return [
    {
      code: 'CLUSTER_REGISTRY',
      path: ['containerd', 'registries', name],
      atKey: true,
      message: `The registry ${quote(name)} is not a registry name of an image.`,
      hint: 'Write its host, with a port if it has one: docker.io or registry.example.com:5000; _default for all others.',
    },
  ];
}
