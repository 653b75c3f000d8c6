import { parseArgs } from 'node:util';
import { startMirror } from './mirror.ts';

/** `node lab/mirror/server.ts --root DIR --listen IP:PORT [--own DIR] [--log FILE] [--faults FILE]`: serves until it is ended. */
const { values } = parseArgs({
  options: {
    root: { type: 'string' },
    listen: { type: 'string', default: '127.0.0.1:8080' },
    own: { type: 'string' },
    log: { type: 'string' },
    faults: { type: 'string' },
  },
});
const { root, listen, own, log, faults } = values;
if (root === undefined) throw new Error('failed to start the mirror: --root DIR is missing');
const colon = listen.lastIndexOf(':');
const mirror = await startMirror({
  root,
  host: listen.slice(0, colon),
  port: Number(listen.slice(colon + 1)),
  ...(own === undefined ? {} : { own }),
  ...(log === undefined ? {} : { accessLog: log }),
  ...(faults === undefined ? {} : { faults }),
});
// The parent process reads this line to know that the server listens.
console.log(`mirror of ${root} listens on ${listen.slice(0, colon)}:${mirror.port}`);
