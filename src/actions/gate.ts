import { runAction } from '../github/action.ts';
import { judgeJobs } from '../github/gate-run.ts';

await runAction(judgeJobs);
