export type { Fault, MakeFault, RunCommand } from './fault.ts';
export { type PowerCommands, poweroff } from './fault-poweroff.ts';
export { controlPlaneUnits, stopServices } from './fault-stop-services.ts';
export { type FailoverScene, type Prepared, prepareFailover } from './prepare.ts';
export { outputsOf, report } from './report.ts';
export type { FailoverResult } from './result.ts';
export { relative } from './timeline.ts';
export { defaultThresholds, judge, type Thresholds, type Verdict } from './verdict.ts';
export { type FailoverOptions, verifyFailover } from './verify.ts';
