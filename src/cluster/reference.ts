import { clusterJsonSchema, type JsonSchema } from './json-schema.ts';
import { annotatedExample } from './reference-example.ts';
import { judgedSettings } from './settings/reference.ts';

/** docs/cluster-yaml.md: every key with its type, default and meaning, generated from the schema that parses the file. */
export function clusterReference(): string {
  const { properties = {}, required = [] } = clusterJsonSchema();
  const sections = Object.entries(properties).filter(([, schema]) => isSection(schema));
  const plain = Object.entries(properties).filter(([, schema]) => !isSection(schema));
  return [
    introduction,
    '## An example with most keys\n',
    `\`\`\`yaml\n${annotatedExample}\`\`\`\n`,
    '## The cluster\n',
    table(plain.map(([key, schema]) => row(key, schema, required.includes(key)))),
    ...sections.flatMap(([key, schema]) => [
      `## ${key}\n`,
      `${cell(schema.description ?? '')}\n`,
      table(rowsBelow(key, schema)),
    ]),
    judgedSettings(),
  ].join('\n');
}

const introduction = `# cluster.yaml

<!-- Made from src/cluster/schema.ts by \`npm run docs\`: change it there. -->

One file describes the cluster, and every action reads it. Names follow those of Kubernetes and kubeadm. The first line of
the examples enables completion and checks in editors with the YAML language server:

\`\`\`yaml
# yaml-language-server: $schema=https://raw.githubusercontent.com/org/k8s-ha-action/v1/cluster.schema.json
\`\`\`

- A cluster has a \`name\` and \`hosts\`, each with a name, an IPv4 address and at least one role. Everything else has a default.
- A key that is not listed here is an error with a suggestion, and so is a value that can't work: the \`plan\` action reports
  all of them in one run, each with line, column, the value and what to write instead, before it connects to any host.
- The file is not a template: \`\${{ }}\` is refused. Values that look like secrets are refused, and the message does not repeat them.
- It is YAML 1.2 in UTF-8, up to 1 MiB: no tabs, no tags, no merge keys. Anchors and aliases are allowed.
- Put versions and other texts that look like numbers in quotes: \`"3.10"\`.
`;

/** Objects and lists of objects get a separate section. */
function isSection(schema: JsonSchema): boolean {
  return Object.keys(schema.properties ?? schema.items?.properties ?? {}).length > 0;
}

function rowsBelow(path: string, schema: JsonSchema): readonly string[] {
  const place = schema.items ? `${path}[]` : path;
  const { properties = {}, required = [] } = schema.items ?? schema;
  return Object.entries(properties).flatMap(([key, value]) => {
    const own = row(`${place}.${key}`, value, required.includes(key));
    const values = typeof value.additionalProperties === 'object' ? value.additionalProperties : undefined;
    if (values?.properties) return [own, ...rowsBelow(`${place}.${key}.NAME`, values)];
    // The two keys of extraArgs are described once, in their own section.
    return isSection(value) && key !== 'extraArgs' ? [own, ...rowsBelow(`${place}.${key}`, value)] : [own];
  });
}

function row(path: string, schema: JsonSchema, required: boolean): string {
  const fallback = required ? 'required' : schema.default === undefined ? '' : code(JSON.stringify(schema.default));
  return `| ${code(path)} | ${typeOf(schema)} | ${fallback} | ${cell(schema.description ?? '')} |`;
}

function table(rows: readonly string[]): string {
  return ['| key | type | default | meaning |', '| --- | --- | --- | --- |', ...rows, ''].join('\n');
}

function typeOf(schema: JsonSchema): string {
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(', ');
  if (schema.enum) return schema.enum.map((value) => code(String(value))).join(', ');
  if (schema.type === 'array')
    return schema.items?.properties ? 'list of maps' : `list of ${typeOf(schema.items ?? {})}`;
  if (schema.type === 'integer') return `${schema.minimum} to ${schema.maximum}`;
  if (schema.type === 'string') return schema.format === 'uri' ? 'URL' : 'text';
  if (schema.type === 'boolean') return 'true, false';
  return 'map';
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '\\<');
}
