import { decodeMessage, encodeMessage } from './message.js';
import { MessageQueue } from './message-queue.js';

it('handles one message at a time, and reports what was dropped when it is empty again', async () => {
  const handled: string[] = [];
  const dropped: number[] = [];
  let release = (): void => undefined;
  const queue = new MessageQueue(
    2,
    async (message) => {
      await new Promise<void>((resolve) => (release = resolve));
      handled.push(message);
    },
    (sinceMs) => dropped.push(sinceMs),
  );
  for (const message of ['a', 'b', 'c', 'd', 'e']) queue.push(message);
  while (dropped.length === 0) {
    release();
    await Promise.resolve();
  }
  expect(handled).toEqual(['a', 'b', 'c']);
  expect(dropped).toHaveLength(1);
  queue.push('f');
  queue.push('g');
  const stopped = queue.stop();
  release();
  await stopped;
  expect(handled).toEqual(['a', 'b', 'c', 'f']);
});

it.each(['', 'x', 'null', '[]', '{"pattern":1,"data":2}'])('does not read the message %j', (text) => {
  expect(() => decodeMessage(text)).toThrow(/a message/);
});

it('reads what it writes', () => {
  expect(decodeMessage(encodeMessage('a', { b: [1] }))).toEqual({ pattern: 'a', data: { b: [1] } });
  expect(decodeMessage('{"pattern":"a"}')).toEqual({ pattern: 'a', data: undefined });
});
