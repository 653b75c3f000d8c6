import { numberInput } from './inputs.ts';

/** The limits of a failover check, in ms but for counts. */
interface Limits {
  readonly transferMs: number;
  readonly failedRequests: number;
  readonly longestGapMs: number;
  readonly keptGapMs: number;
  readonly watchGapMs: number;
  readonly failedWrites: number;
  readonly writeGapMs: number;
  readonly failedServiceRequests: number;
  readonly placingMs: number;
  readonly notReadyNodes: number;
  readonly rejoinMs: number;
}

/** The limits as the inputs `max-…` say, which are in seconds; what is not given is as it was. @throws Problem INPUT_INVALID */
export function thresholdInputs(otherwise: Limits): Limits {
  const ms = (name: string, usual: number) => numberInput(name, usual / 1000) * 1000;
  return {
    transferMs: ms('max-transfer-seconds', otherwise.transferMs),
    failedRequests: numberInput('max-failed-requests', otherwise.failedRequests),
    longestGapMs: ms('max-gap-seconds', otherwise.longestGapMs),
    keptGapMs: ms('max-kept-gap-seconds', otherwise.keptGapMs),
    watchGapMs: ms('max-watch-gap-seconds', otherwise.watchGapMs),
    failedWrites: numberInput('max-failed-writes', otherwise.failedWrites),
    writeGapMs: ms('max-write-gap-seconds', otherwise.writeGapMs),
    failedServiceRequests: numberInput('max-failed-service-requests', otherwise.failedServiceRequests),
    placingMs: ms('max-placing-seconds', otherwise.placingMs),
    notReadyNodes: numberInput('max-not-ready-nodes', otherwise.notReadyNodes),
    rejoinMs: ms('max-rejoin-seconds', otherwise.rejoinMs),
  };
}
