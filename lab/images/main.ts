import { cacheFolder } from '../binaries/cache.ts';
import { provideImages } from './index.ts';

/** `node lab/images/main.ts`: fills the cache with the lab's images ahead of its start. */
const archives = await provideImages({ cache: cacheFolder(), log: (line) => console.log(line) });
for (const [reference, archive] of archives) console.log(`${reference}\t${archive}`);
