import { parseArgs } from 'node:util';
import { cacheFolder } from '../binaries/cache.ts';
import { startRegistry } from './registry.ts';

/** `node lab/images/registry-server.ts --listen IP:PORT [--cache DIR]`: serves the lab's images until it is ended. */
const { values } = parseArgs({
  options: {
    listen: { type: 'string', default: '127.0.0.1:5000' },
    cache: { type: 'string', default: cacheFolder() },
  },
});
const colon = values.listen.lastIndexOf(':');
const host = values.listen.slice(0, colon);
const registry = await startRegistry({ cache: values.cache, host, port: Number(values.listen.slice(colon + 1)) });
// The parent process reads this line to know that the server listens.
console.log(`registry listens on ${host}:${registry.port}`);
