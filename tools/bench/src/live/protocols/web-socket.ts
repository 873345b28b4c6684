import type { Post } from 'redis-fanout';
import { type RawData, WebSocket } from 'ws';

import { nowMs } from '../../shared/clock.js';
import type { Connect, Listener } from './listener.js';

/** What a protocol does with a frame; `send` answers it. */
export type TakeFrame = (text: string, atMs: number, send: (text: string) => void) => void;

interface Handshake {
  readonly url: string;
  /** Whether it is ready as soon as it is open. */
  readonly readyOnceOpen?: boolean;
  /** Makes what takes the frames, and may say that the connection is ready. */
  readonly speak: (ready: () => void) => TakeFrame;
}

/** Opens a WebSocket, and resolves when it is ready. */
export async function openWebSocket(
  listener: Listener,
  { url, readyOnceOpen = false, speak }: Handshake,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    const take = speak(resolve);
    if (readyOnceOpen) socket.on('open', resolve);
    socket.on('message', (frame: RawData) => {
      const atMs = nowMs();
      take((frame as Buffer).toString(), atMs, (text) => {
        socket.send(text);
      });
    });
    socket.on('error', reject);
    socket.on('close', (code) => {
      const reason = `a WebSocket was closed with ${code}`;
      listener.lost(reason);
      reject(new Error(reason));
    });
  });
}

/** The notifier's `GET /ws`: the first frame says where the client is, and that it is told what happens from then on. */
export const connectNotifierSocket: Connect = async (port, reader, listener) =>
  openWebSocket(listener, {
    url: `ws://127.0.0.1:${port}/ws?user=${reader}&positions=1`,
    speak: (ready) => takeFrames(listener, ready),
  });

/** A server that tells everybody everything, once they are connected. */
export const connectPlainSocket: Connect = async (port, reader, listener) =>
  openWebSocket(listener, {
    url: `ws://127.0.0.1:${port}/?user=${reader}`,
    readyOnceOpen: true,
    speak: (ready) => takeFrames(listener, ready),
  });

function takeFrames(listener: Listener, ready: () => void): TakeFrame {
  return (text, atMs) => {
    const { event, data } = JSON.parse(text) as { readonly event: string; readonly data: Post };
    if (event === 'post') listener.post(data, atMs);
    else if (event === 'position') ready();
    else listener.lost(`the event ${event} came`);
  };
}
