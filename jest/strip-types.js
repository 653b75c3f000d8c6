// Jest's transform: Node's own type stripping, so that tests run what Node runs, without a second compiler.
import { createHash } from 'node:crypto';
import { stripTypeScriptTypes } from 'node:module';

export default {
  getCacheKey: (source, path) => createHash('sha1').update(`${process.version}\0${path}\0${source}`).digest('hex'),
  process: (source, path) => ({ code: path.endsWith('.ts') ? stripTypeScriptTypes(source) : source }),
};
