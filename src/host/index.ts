export type * from './engine.ts';
export { onAllHosts, openAll } from './on-all-hosts.ts';
export { redact, redactLines } from './redact.ts';
export { openHost } from './session.ts';
export * from './state.ts';
