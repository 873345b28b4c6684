import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import { NestFactory } from '@nestjs/core';
import { Fanout, type RedisClient } from 'redis-fanout';
import { FANOUT_CLIENT, RedisFanoutModule } from 'redis-fanout/nestjs';
import { decodeEvent, RedisStreamsClient } from 'redis-streams-transport';
import { firstValueFrom } from 'rxjs';

/** A NestJS application on the installed packages, as an ES module and as a CommonJS module. */
async function main(url: string): Promise<void> {
  const prefix = randomUUID();
  const app = await NestFactory.createApplicationContext(RedisFanoutModule.forRoot({ url, prefix }), {
    logger: ['error'],
  });
  const fanout = app.get(Fanout);
  await fanout.follows.follow('bob', 'ann');
  assert.equal((await fanout.follows.counts('ann')).followers, 1);

  const client = app.get<RedisClient>(FANOUT_CLIENT);
  const events = new RedisStreamsClient({ client, stream: prefix });
  const id = await firstValueFrom(events.emit<string>('hello', { from: 'ann' }));
  const [entry] = await client.xrange(prefix, id, id);
  assert.deepEqual(decodeEvent(entry?.[1] ?? []), { pattern: 'hello', data: { from: 'ann' } });
  await app.close();
}

main(process.argv[2] ?? '').catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
