import { parseArgs } from 'node:util';
import { openIssuer } from './issuer.ts';
import { startIssuerService } from './service.ts';

/** `node lab/issuer/server.ts --folder DIR --address IP --port N`: serves until it is ended. */
const { values } = parseArgs({
  options: { folder: { type: 'string' }, address: { type: 'string' }, port: { type: 'string', default: '0' } },
});
const { folder, address } = values;
if (folder === undefined || address === undefined) throw new Error('the issuer needs --folder DIR and --address IP');
const { url, requestUrl } = await startIssuerService(openIssuer(folder, address), {
  address,
  port: Number(values.port),
});
// The starting process reads both addresses from this line.
console.log(`issuer ${url} gives tokens at ${requestUrl}`);
