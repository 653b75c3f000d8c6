import { writeFileSync } from 'node:fs';
import { publishedFiles } from '../src/cluster/publish.ts';

// Writes what is made from the schema of cluster.yaml: `node docs/cluster-yaml.ts`. A test tells when it was forgotten.
for (const [file, text] of publishedFiles()) writeFileSync(new URL(`../${file}`, import.meta.url), text);
