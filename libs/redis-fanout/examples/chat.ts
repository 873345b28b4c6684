/**
 * A chat: messages are live for those who are connected, and otherwise wait in the inbox, counted by sender.
 *
 *   node examples/chat.ts redis://127.0.0.1:6379
 */
import { setTimeout as delay } from 'node:timers/promises';

import { Redis } from 'ioredis';
import { type Listening, openLists } from 'redis-fanout';

const client = new Redis(process.argv[2] ?? 'redis://127.0.0.1:6379');
const chat = await openLists<string>({ client, prefix: 'chat' });

/** What ann says to bob is a source of its own, with bob as its only recipient; a room is a source with many. */
const direct = (from: string, to: string): string => `${from}:${to}`;
const room = (name: string): string => `room:${name}`;

async function open(from: string, to: string): Promise<void> {
  await chat.subscribe(to, direct(from, to));
}

async function say(from: string, to: string, text: string): Promise<void> {
  // The key makes it safe to try again, whatever became of the answer.
  await chat.publish(direct(from, to), text, { idempotencyKey: `${from} ${Date.now()} ${text}` });
}

/** Shows what has waited, then what comes in; several devices of a user share the messages. */
async function connect(user: string): Promise<Listening> {
  return chat.listen(user, async ({ id, source, payload }) => {
    console.log(`${user} sees: ${source.replace(`:${user}`, '')}: ${payload}`);
    // Shown, so it need not come again. Were this process to die before, it would.
    await chat.acknowledge(user, id);
  });
}

await Promise.all([open('ann', 'bob'), open('cid', 'bob'), open('bob', 'ann')]);
await Promise.all(['ann', 'bob', 'cid'].map((user) => chat.subscribe(user, room('tea'))));

// Bob is away.
await say('ann', 'bob', 'are you there?');
await say('ann', 'bob', 'tea is ready');
await say('cid', 'bob', 'hello');
const { waiting, bySource } = await chat.backlog('bob');
console.log(`bob has ${waiting} unread:`, Object.fromEntries(bySource));

// Bob comes back: what has waited is shown in its order, and what is said from now on at once.
const bob = await connect('bob');
await chat.publish(room('tea'), 'the tea is getting cold');
while ((await chat.backlog('bob')).bySource.size > 0) await delay(10);
console.log(`ann has ${(await chat.backlog('ann')).waiting} unread`);

await bob.close();
await chat.close();
client.disconnect();
