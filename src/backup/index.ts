export type { Manifest } from './manifest.ts';
export { type OpenOptions, openBackup, openWith } from './open.ts';
export { type BackupContents, checkRecipients, sealBackup } from './seal.ts';
