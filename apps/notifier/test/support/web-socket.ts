import { request } from 'node:http';

import { type Answer, type Caller, onCleanUp, until } from 'test-support';
import { WebSocket } from 'ws';

/** A frame as it came. */
export interface Frame {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

/** A reader's connection over WebSocket. */
export class LiveSocket {
  readonly frames: Frame[] = [];
  closed: { readonly code: number; readonly reason: string } | undefined;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => {
      this.frames.push(JSON.parse((data as Buffer).toString()) as Frame);
    });
    socket.on('close', (code, reason) => (this.closed = { code, reason: reason.toString() }));
  }

  static async open({ url }: Caller, user: string, query = ''): Promise<LiveSocket> {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws?user=${user}${query}`);
    onCleanUp(() => {
      socket.terminate();
    });
    const live = new LiveSocket(socket);
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return live;
  }

  async untilFrames(count: number): Promise<Frame[]> {
    await until(() => this.frames.length >= count, `${count} frames have come`);
    return this.frames;
  }

  async untilClosed(): Promise<{ readonly code: number; readonly reason: string }> {
    await until(() => this.closed !== undefined, 'it is closed');
    return this.closed ?? { code: 0, reason: '' };
  }
}

const HANDSHAKE = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  'sec-websocket-version': '13',
};

/** The answer to a handshake that is refused. */
export async function refusal(
  { url }: Caller,
  path: string,
  headers: Record<string, string>,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(path, url), { headers: { ...HANDSHAKE, ...headers } });
    outgoing.on('upgrade', () => {
      reject(new Error('it was not refused'));
    });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        const { statusCode: status = 0, headers: answered } = response;
        resolve({ status, headers: answered, body: JSON.parse(text) });
      });
    });
    outgoing.end();
  });
}
