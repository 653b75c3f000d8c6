export { type OpenOptions, openBackup, openWith } from './open.ts';
export { type BackupContents, sealBackup } from './seal.ts';
