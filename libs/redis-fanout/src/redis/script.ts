import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import type { Redis } from 'ioredis';

import type { RedisClient } from './client.js';

/** What Redis takes as an argument. */
export type Argument = string | number;

/** The keys that a script wants, by name. */
export type KeysOf<S> = S extends Script<infer Key, string> ? Readonly<Record<Key, string>> : never;
/** The arguments that a script wants, by name. */
export type ArgsOf<S> = S extends Script<string, infer Arg> ? Readonly<Record<Arg, Argument>> : never;

const folder = new URL('../../src/lua/', import.meta.url);

/**
 * A Lua script with the names of its keys and arguments, in the order in which it expects them. All keys lie in one
 * slot, those that the script makes up from a stem included.
 */
export class Script<Key extends string, Arg extends string> {
  private readonly source: string;
  private readonly sha: string;

  constructor(
    readonly name: string,
    readonly keys: readonly Key[],
    readonly args: readonly Arg[],
  ) {
    this.source = readSource(name);
    this.sha = createHash('sha1').update(this.source).digest('hex');
  }

  /** Lets a server know the script beforehand: calls that are sent one after the other then run in that order. */
  async load(node: Redis): Promise<void> {
    await node.script('LOAD', this.source);
  }

  /**
   * Runs the script; `rest` follows the named arguments, and `moreKeys` the named keys. It is sent by its hash, and
   * whole where the server does not know it yet.
   */
  async run(
    client: RedisClient,
    keys: Readonly<Record<Key, string>>,
    args: Readonly<Record<Arg, Argument>>,
    rest: readonly Argument[] = [],
    moreKeys: readonly string[] = [],
  ): Promise<unknown> {
    const names = [...this.keys.map((key) => keys[key]), ...moreKeys];
    const values = [...names, ...this.args.map((arg) => args[arg]), ...rest];
    try {
      return await client.evalsha(this.sha, names.length, ...values);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return client.eval(this.source, names.length, ...values);
    }
  }
}

/** Reads a script and puts its fragments, and theirs, in their places: each once, where it is first wanted. */
function readSource(name: string, included = new Set<string>()): string {
  return readFileSync(new URL(`${name}.lua`, folder), 'utf8').replace(
    /^--@include (\S+)$/gm,
    (_, fragment: string) => {
      if (included.has(fragment)) return '';
      included.add(fragment);
      return readSource(`fragments/${fragment}`, included);
    },
  );
}
