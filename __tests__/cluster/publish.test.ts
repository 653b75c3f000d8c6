import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { clusterJsonSchema, type JsonSchema } from '../../src/cluster/json-schema.ts';
import { parseCluster } from '../../src/cluster/load.ts';
import { publishedFiles } from '../../src/cluster/publish.ts';
import { annotatedExample } from '../../src/cluster/reference-example.ts';

test.each([...publishedFiles()])('%s is what the schema makes (else: npm run docs)', (file, text) => {
  expect(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')).toBe(text);
});

test('the example of the reference page is a valid cluster', () => {
  expect(parseCluster(annotatedExample, 'docs/cluster-yaml.md').hosts).toHaveLength(8);
});

test('every key has a description that ends like a sentence', () => {
  expect(undescribed(clusterJsonSchema(), '')).toEqual([]);
});

test('editors refuse unknown keys, know the defaults, and require only the name and the hosts', () => {
  const { properties, required, additionalProperties } = clusterJsonSchema();
  expect({ required, additionalProperties }).toEqual({ required: ['name', 'hosts'], additionalProperties: false });
  expect(properties?.kubernetesVersion?.default).toBe('1.37.2');
  expect(properties?.hosts?.items?.required).toEqual(['name', 'address', 'roles']);
});

function undescribed({ properties = {}, items, additionalProperties }: JsonSchema, path: string): readonly string[] {
  const values = typeof additionalProperties === 'object' ? undescribed(additionalProperties, `${path}.*`) : [];
  const own = Object.entries(properties).flatMap(([key, schema]) => [
    ...(/[.…]$/.test(schema.description ?? '') ? [] : [`${path}.${key}`]),
    ...undescribed(schema, `${path}.${key}`),
  ]);
  return [...own, ...values, ...(items ? undescribed(items, `${path}[]`) : [])];
}
