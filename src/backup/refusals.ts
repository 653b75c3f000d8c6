import { Problem } from '../errors.ts';
import { backupFormat } from './manifest.ts';

const takeAnother = 'Take another copy of this backup, or an older backup.';

/** Why a backup is not opened: each reason with its own code, sentence and fix. */
export class Refusals {
  readonly #name: string;

  /** @param name the file, for messages */
  constructor(name: string) {
    this.#name = name;
  }

  notAge(): Problem {
    return this.#because('BACKUP_NOT_AGE', 'is not an age file', 'Is it the file that backup wrote, and not its zip?');
  }

  truncated(): Problem {
    return this.#because('BACKUP_TRUNCATED', 'is cut off', takeAnother);
  }

  damaged(why: string): Problem {
    return this.#because('BACKUP_DAMAGED', `is damaged: ${why}`, takeAnother);
  }

  otherKey(): Problem {
    const fix = 'Use the secret key of a recipient that cluster.yaml named when the backup was made.';
    return this.#because('BACKUP_OTHER_KEY', 'is encrypted for other keys than this one', fix);
  }

  otherFormat(format: number): Problem {
    const fix = 'Use the version of this project that made it, or a newer one.';
    return this.#because('BACKUP_FORMAT', `has format ${format}, and this version reads ${backupFormat}`, fix);
  }

  otherCluster(cluster: string, expected: string): Problem {
    const fix = 'Is it the right file, and the right cluster.yaml?';
    return this.#because('BACKUP_OTHER_CLUSTER', `is of the cluster ${cluster}, not ${expected}`, fix);
  }

  #because(code: Problem['code'], message: string, hint: string): Problem {
    return new Problem(`the backup ${this.#name} ${message}`, { code, hint });
  }
}
