import type { ModuleMetadata } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { setTimeout as delay } from 'node:timers/promises';

import type { RedisClient } from '../../src/index.js';

/** What the application logged: NestJS' own logger would fill the output with what is expected. */
export const logged: string[] = [];
const keep = (message: unknown): void => {
  logged.push(String(message));
};
const logger = { log: keep, warn: keep, error: keep };
const running = new Set<TestingModule>();

/** Starts an application of these modules and providers, which is stopped after the test. */
export async function start(metadata: ModuleMetadata): Promise<TestingModule> {
  const app = await Test.createTestingModule(metadata).setLogger(logger).compile();
  running.add(app);
  return app.init();
}

/** Stops an application within the test. */
export async function stop(app: TestingModule): Promise<void> {
  running.delete(app);
  await app.close();
}

/** Stops what is still running. */
export async function stopAll(): Promise<void> {
  await Promise.all([...running].map(stop));
  logged.length = 0;
}

/** How many connections of that name the server has. */
export async function connections(client: RedisClient, name: string): Promise<number> {
  const list = String(await client.client('LIST'));
  return list.split('\n').filter((line) => line.includes(` name=${name} `)).length;
}

export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await delay(5);
  }
}

/** Waits until the server has no connection of that name, and fails where it keeps one. */
export async function untilClosed(client: RedisClient, name: string): Promise<void> {
  await until(async () => (await connections(client, name)) === 0, `${name} is closed`);
}

/** A promise that the test itself resolves. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}
