import { parseArgs } from 'node:util';
import { startResultsService } from './results-service.ts';

/** `node lab/workflow/results-server.ts --folder DIR [--port N]`: serves on loopback until it is ended. */
const { values } = parseArgs({ options: { folder: { type: 'string' }, port: { type: 'string', default: '0' } } });
if (values.folder === undefined) throw new Error('failed to start the results service: --folder DIR is missing');
const service = await startResultsService(values.folder, Number(values.port));
// The parent process reads the server's address from this line.
console.log(`results service listens on ${service.url}`);
