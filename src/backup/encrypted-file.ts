import type { Identity } from 'age-encryption';
import { Problem } from '../errors.ts';
import { judgeEnvelope } from '../pki/age-envelope.ts';
import type { Refusals } from './refusals.ts';

/** Room for the header of an age file: some hundred bytes for each recipient. */
const headBytes = 16 * 1024;

/** An age file that is decrypted as it is read. age says only that it can't decrypt; here it is found out why. */
export class EncryptedFile {
  readonly #file: AsyncIterable<Uint8Array>;
  readonly #refuse: Refusals;
  #head: Buffer = Buffer.alloc(0);
  #bytes = 0;
  #ended = false;

  constructor(file: AsyncIterable<Uint8Array>, refuse: Refusals) {
    this.#file = file;
    this.#refuse = refuse;
  }

  /** @throws Problem BACKUP_NOT_AGE, BACKUP_TRUNCATED, BACKUP_DAMAGED, BACKUP_OTHER_KEY */
  async decrypt(identity: string | Identity): Promise<AsyncIterable<Uint8Array>> {
    const age = await import('age-encryption');
    const decrypter = new age.Decrypter();
    decrypter.addIdentity(identity);
    return await this.explained(async () => await decrypter.decrypt(ReadableStream.from(this.#read())));
  }

  /** Does the work; an error of the libraries becomes a Problem with its cause. */
  async explained<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw error instanceof Problem ? error : this.#explain(error);
    }
  }

  /** The same for data that is read later. */
  async *explainedData(data: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* data;
    } catch (error) {
      throw error instanceof Problem ? error : this.#explain(error);
    }
  }

  async *#read(): AsyncGenerator<Uint8Array> {
    for await (const piece of this.#file) {
      this.#bytes += piece.length;
      if (this.#head.length < headBytes) this.#head = Buffer.concat([this.#head, piece]).subarray(0, headBytes);
      yield piece;
    }
    this.#ended = true;
  }

  #explain(error: unknown): Problem {
    const envelope = judgeEnvelope(this.#head, this.#bytes);
    if (envelope === 'foreign') return this.#refuse.notAge();
    if (this.#ended && envelope === 'truncated') return this.#refuse.truncated();
    // typage tells this case by its message alone; the test of it notices when the words change.
    const otherKey = error instanceof Error && error.message.startsWith('no identity matched');
    return otherKey ? this.#refuse.otherKey() : this.#refuse.damaged('it was changed after it was encrypted');
  }
}
