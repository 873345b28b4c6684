import { createHash } from 'node:crypto';

import type { Script } from '../../src/redis/script.js';

/** A defect in Lua: what is in the script, once, and what stands in its place. */
export interface Harm {
  readonly script: Script<string, string>;
  readonly sound: string;
  readonly harmed: string;
}

/** Does something while a script is another one. */
export async function whileHarmed<T>({ script, sound, harmed }: Harm, action: () => Promise<T>): Promise<T> {
  const source = String(Reflect.get(script, 'source'));
  expect(source.split(sound)).toHaveLength(2);
  exchange(
    script,
    source.replace(sound, () => harmed),
  );
  try {
    return await action();
  } finally {
    exchange(script, source);
  }
}

function exchange(script: Script<string, string>, source: string): void {
  const sha = createHash('sha1').update(source).digest('hex');
  Object.assign(script, { source, sha });
}
