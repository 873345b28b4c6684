import type { ChainableCommander, Redis } from 'ioredis';

/** Commands that are sent at once. */
const AT_ONCE = 500;
/** Members of one command. */
const MEMBERS = 1000;

/** Sends many commands, some at once. @throws the first error */
export async function sendAll(
  redis: Redis,
  commands: Iterable<readonly (string | Buffer | number)[]>,
): Promise<void> {
  let pipeline = redis.pipeline();
  for (const [name = '', ...args] of commands) {
    pipeline.call(String(name), ...args);
    if (pipeline.length < AT_ONCE) continue;
    await answersOf(pipeline);
    pipeline = redis.pipeline();
  }
  await answersOf(pipeline);
}

/** Commands that make a set of these members. */
export function* setOf(key: string, members: readonly string[]): Generator<string[]> {
  for (let from = 0; from < members.length; from += MEMBERS) {
    yield ['SADD', key, ...members.slice(from, from + MEMBERS)];
  }
}

/** Gives many keys values in turn: those of keys which are made first, and dropped. */
export async function fillAll(
  redis: Redis,
  keys: Iterable<string>,
  makes: readonly ((key: string) => Promise<unknown>)[],
): Promise<void> {
  const pattern = `pattern:${process.pid}`;
  const values: Buffer[] = [];
  for (const make of makes) {
    await make(pattern);
    values.push(await redis.dumpBuffer(pattern));
    await redis.del(pattern);
  }
  await sendAll(redis, restores(keys, values));
}

function* restores(keys: Iterable<string>, values: readonly Buffer[]): Generator<(string | Buffer)[]> {
  let i = 0;
  for (const key of keys) yield ['RESTORE', key, '0', values[i++ % values.length] ?? ''];
}

/** The answers of a pipeline. @throws the first error */
export async function answersOf(pipeline: ChainableCommander): Promise<unknown[]> {
  return ((await pipeline.exec()) ?? []).map(([error, answer]) => {
    if (error !== null) throw error;
    return answer;
  });
}
