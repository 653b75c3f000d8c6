// `node forward-proxy.ts ADDRESS PORT LOG`: a proxy as companies have them, for http only. It records who asks for what.
import { appendFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { pipeline } from 'node:stream';

const [address = '', port = '', log = ''] = process.argv.slice(2);

createServer((asked, answer) => {
  const { url = '', method, headers } = asked;
  appendFileSync(log, `${asked.socket.remoteAddress} ${url}\n`);
  if (!url.startsWith('http://')) return void answer.writeHead(400).end();
  const forwarded = request(url, { method, headers }, (response) => {
    answer.writeHead(response.statusCode ?? 502, response.rawHeaders);
    // A client that goes away ends both; its next request is another one.
    pipeline(response, answer, () => undefined);
  });
  forwarded.on('error', () => answer.destroy());
  asked.pipe(forwarded);
}).listen(Number(port), address, () => console.log(`proxy listens on ${address}:${port}`));
