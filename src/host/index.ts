export type * from './engine.ts';
export { redact, redactLines } from './redact.ts';
export { openHost } from './session.ts';
export * from './state.ts';
