// Runs in a host's network in the place of its API server, with that one's certificate: answers /readyz as it should, a new
// certificate request with an endless text, and everything else with 503. The cluster's own clients on the host ask here too,
// and they read an answer into memory without a limit: one endless answer to the kubelet takes the memory of the machine.
// Arguments: the host's root as seen from this machine, the port.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';

const [root = '', port = ''] = process.argv.slice(2);
const read = (name: string) => readFileSync(`${root}/etc/kubernetes/pki/${name}`);
const tls = { cert: read('apiserver.crt'), key: read('apiserver.key') };
const server = createServer(tls, ({ method, url = '' }, response) => {
  if (url.startsWith('/readyz')) return void response.end('ok');
  if (method !== 'POST' || !url.startsWith('/apis/certificates.k8s.io/')) return void response.writeHead(503).end();
  const go = () => {
    for (let left = 100; left > 0 && response.writable && response.write('y\n'.repeat(30_000)); left -= 1);
  };
  response.on('drain', go).on('error', () => undefined);
  go();
});
server.on('clientError', () => undefined);
server.listen(Number(port), () => process.stdout.write('listening\n'));
