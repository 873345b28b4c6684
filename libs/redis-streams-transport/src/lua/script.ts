import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { type RedisClient } from '../redis/redis-client.js';

/** A Lua script and the names of what it takes, in their order. */
export interface Script<Key extends string = string, Argument extends string = string> {
  readonly name: string;
  readonly keys: readonly Key[];
  readonly args: readonly Argument[];
  /** The name of the values that may follow the arguments, any number of them. */
  readonly rest: string | undefined;
  readonly source: string;
  readonly sha: string;
}

export interface ScriptCall<Key extends string, Argument extends string> {
  readonly keys: Readonly<Record<Key, string>>;
  readonly args: Readonly<Record<Argument, string | number>>;
  readonly rest?: readonly string[];
}

/** Reads `<name>.lua` from src/lua, from the sources as from the build, and puts its fragments in. */
export function defineScript<const Key extends string, const Argument extends string>(
  name: string,
  keys: readonly Key[],
  args: readonly Argument[],
  rest?: string,
): Script<Key, Argument> {
  const source = readLua(name).replace(/^-- @include (\S+)$/gm, (_, fragment: string) => readLua(fragment));
  const sha = createHash('sha1').update(source).digest('hex');
  return { name, keys, args, rest, source, sha };
}

/** Runs a script by its hash; sends its text only to a server that does not know it. Rejects as the client does. */
export async function runScript<Key extends string, Argument extends string>(
  client: RedisClient,
  script: Script<Key, Argument>,
  call: ScriptCall<Key, Argument>,
): Promise<unknown> {
  const keys = script.keys.map((key) => call.keys[key]);
  const args = script.args.map((argument) => call.args[argument]);
  const values = [...keys, ...args, ...(call.rest ?? [])];
  try {
    return await client.evalsha(script.sha, keys.length, ...values);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return client.eval(script.source, keys.length, ...values);
  }
}

function readLua(name: string): string {
  return readFileSync(new URL(`../../src/lua/${name}.lua`, import.meta.url), 'utf8');
}
