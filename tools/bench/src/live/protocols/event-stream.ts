import { type IncomingMessage, request } from 'node:http';

import type { Post } from 'redis-fanout';

import { nowMs } from '../../shared/clock.js';
import type { Connect, Listener } from './listener.js';

/** The notifier's `GET /stream`. */
export const connectEventStream: Connect = async (port, reader, listener) => {
  await new Promise<void>((resolve, reject) => {
    const path = `/stream?user=${reader}&positions=1`;
    const outgoing = request({ host: '127.0.0.1', port, path, agent: false });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      if (response.statusCode === 200) follow(response, listener, resolve);
      else reject(new Error(`an event stream was answered with ${response.statusCode ?? ''}`));
    });
    outgoing.end();
  });
};

function follow(response: IncomingMessage, listener: Listener, ready: () => void): void {
  let rest = '';
  response.setEncoding('utf8');
  response.on('data', (text: string) => {
    const atMs = nowMs();
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) take(block, atMs, listener, ready);
  });
  response.on('error', () => undefined);
  response.on('close', () => {
    listener.lost('an event stream has ended');
  });
}

function take(block: string, atMs: number, listener: Listener, ready: () => void): void {
  const fields = new Map(
    block.split('\n').map((line) => [line.replace(/:.*/s, ''), line.replace(/^[^:]*: ?/, '')]),
  );
  const event = fields.get('event');
  if (event === 'post') listener.post(JSON.parse(fields.get('data') ?? '') as Post, atMs);
  else if (event === 'position') ready();
  else if (event !== undefined) listener.lost(`the event ${event} came`);
}
