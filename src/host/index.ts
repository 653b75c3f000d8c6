export type * from './engine.ts';
export { openHost } from './session.ts';
export * from './state.ts';
