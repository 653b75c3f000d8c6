// `npm run -s needs -- cluster.yaml` prints what the hosts of a cluster, and the runner, get from elsewhere, one address a line: binaries, their
// checksum files, and the images of pods. With `images` or `files` behind the path, only these. docs/requirements.md shows how to copy them.
import { readFileSync } from 'node:fs';
import { parseCluster } from '../src/cluster/load.ts';
import { needsOf } from '../src/components/needs.ts';
import { describeProblem, problemsOf } from '../src/errors.ts';

const [file = 'cluster.yaml', kind = ''] = process.argv.slice(2);

try {
  // Official addresses: a mirror of the file is where they are copied to.
  const cluster = { ...parseCluster(readFileSync(file, 'utf8'), file), mirror: undefined };
  const { binaries, images } = needsOf(cluster);
  const files = [...new Set(binaries.flatMap(({ url, sumUrl }) => [url, sumUrl]))].toSorted();
  const printed = { files, images, '': [...files, ...images] }[kind];
  if (printed === undefined) throw new Error(`"${kind}" is neither files nor images`);
  for (const line of printed) console.log(line);
} catch (error) {
  console.error(problemsOf(error).map(describeProblem).join('\n'));
  process.exitCode = 1;
}
