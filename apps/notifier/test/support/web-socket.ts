import { type Caller, onCleanUp, until } from 'test-support';
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
