import { setTimeout as delay } from 'node:timers/promises';

/** Checks repeatedly until a condition holds. @throws Error if it does not hold after half a minute */
export async function eventually(look: () => Promise<boolean> | boolean): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (await look()) return;
    await delay(100);
  }
  throw new Error(`never came true: ${look}`);
}
