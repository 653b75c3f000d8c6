// Runs in a host's network in the place of its API server, with that one's certificate: answers /readyz as it should, and
// everything else with an endless text. Arguments: the host's root as seen from this machine, the port.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';

const [root = '', port = ''] = process.argv.slice(2);
const read = (name: string) => readFileSync(`${root}/etc/kubernetes/pki/${name}`);
const server = createServer({ cert: read('apiserver.crt'), key: read('apiserver.key') }, ({ url = '' }, response) => {
  if (url.startsWith('/readyz')) return void response.end('ok');
  const go = () => {
    for (let left = 100; left > 0 && response.writable && response.write('y\n'.repeat(30_000)); left -= 1);
  };
  response.on('drain', go).on('error', () => undefined);
  go();
});
server.on('clientError', () => undefined);
server.listen(Number(port), () => process.stdout.write('listening\n'));
