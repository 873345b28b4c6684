import { Writable } from 'node:stream';

import { type RedisClient } from './redis-client.js';
import { SharedWrite } from './shared-write.js';

/** A socket that tells what was written to it at once. */
function socket(): { readonly stream: Writable; readonly writes: string[] } {
  const writes: string[] = [];
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      writes.push(String(chunk));
      done();
    },
    writev: (chunks, done) => {
      writes.push(chunks.map(({ chunk }) => String(chunk)).join(''));
      done();
    },
  });
  return { stream, writes };
}

/** As much of a client as is looked at. */
function clientOf(...streams: (Writable | undefined)[]): RedisClient {
  const nodes = streams.map((stream) => ({ isCluster: false, stream }));
  const isCluster = streams.length > 1;
  return { ...(isCluster ? { isCluster, nodes: () => nodes } : nodes[0]) } as unknown as RedisClient;
}

async function turn(): Promise<void> {
  await new Promise(setImmediate);
}

it('has the commands of a turn go out in one write, and those of the next one in another', async () => {
  const { stream, writes } = socket();
  const write = new SharedWrite(clientOf(stream));
  const send = (command: string): void => {
    write.begin();
    stream.write(command);
  };
  send('a');
  send('b');
  await Promise.resolve();
  send('c');
  expect(writes).toEqual([]);
  await turn();
  send('d');
  await turn();
  expect(writes).toEqual(['abc', 'd']);
});

it('holds the sockets to all masters of a cluster', async () => {
  const sockets = [socket(), socket()];
  const write = new SharedWrite(clientOf(...sockets.map(({ stream }) => stream)));
  for (const { stream } of sockets) {
    write.begin();
    stream.write('a');
    stream.write('b');
  }
  await turn();
  expect(sockets.map(({ writes }) => writes)).toEqual([['ab'], ['ab']]);
});

it('leaves a client that is not connected as it is', async () => {
  const write = new SharedWrite(clientOf(undefined));
  expect(() => {
    write.begin();
  }).not.toThrow();
  await turn();
});
