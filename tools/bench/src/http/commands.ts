import type { RedisClient } from 'redis-fanout';

/** How often each command of Redis runs for a request, those within scripts included. */
export type Commands = Readonly<Record<string, number>>;

/** Counts the commands that Redis runs while requests are made, for each of them. What runs less often is no part of them. */
export async function commandsOf(
  redis: RedisClient,
  requests: number,
  work: () => Promise<unknown>,
): Promise<Commands> {
  await redis.config('RESETSTAT');
  await work();
  return commandsIn(await redis.info('commandstats'), requests);
}

/** Reads the answer to `INFO commandstats`. */
export function commandsIn(info: string, requests: number): Commands {
  const counts = [...info.matchAll(/^cmdstat_(\S+?):calls=(\d+)/gm)].map(
    ([, name = '', calls]) => [name.toUpperCase(), Math.round(Number(calls) / requests)] as const,
  );
  return Object.fromEntries(counts.filter(([, count]) => count > 0).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** As a text: `2 LRANGE, 51 HMGET`. */
export function describeCommands(commands: Commands): string {
  return Object.entries(commands)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
}
