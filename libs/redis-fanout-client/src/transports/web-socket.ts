import { ClientError } from '../errors.js';
import { parseFrame } from '../frame.js';
import { endpoint, type Settings, type WebSocketLike } from '../options.js';
import type { Link, Transport } from './transport.js';

const NORMAL = 1000;
const GOING_AWAY = 1001;

/** Frames of JSON over a WebSocket. */
export const connectByWebSocket: Transport = async (settings, lastEventId, link) => {
  const socket = open(settings, lastEventId);
  let opened = false;
  socket.addEventListener('open', () => {
    opened = true;
    link.opened();
  });
  link.signal.addEventListener('abort', () => {
    // A farewell is waited for; from somebody who does not answer it would be in vain.
    if (link.signal.reason instanceof ClientError && socket.terminate !== undefined) socket.terminate();
    else socket.close();
  });
  const tooLong = receiveFrames(socket, settings.numbers.maxFrameLength, link);
  const failure = await Promise.race([tooLong, closed(socket, () => opened)]);
  if (failure !== undefined) throw failure;
};

/** In the address, as a server would have to wait for a first frame that says where the client is, or for none. */
function open({ webSocket, url, user }: Settings, lastEventId: string | undefined): WebSocketLike {
  if (webSocket === undefined) throw new TypeError('there is no WebSocket');
  const position = lastEventId === undefined ? {} : { lastEventId };
  const address = endpoint(url, 'ws', { user, positions: '1', ...position });
  address.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return new webSocket(address.href);
}

/** @returns what resolves with an error when a frame comes that is too long to be looked at */
function receiveFrames(socket: WebSocketLike, maxFrameLength: number, link: Link): Promise<ClientError> {
  return new Promise((resolve) => {
    socket.addEventListener('message', ({ data }) => {
      if (link.signal.aborted) return;
      link.heard();
      const text = typeof data === 'string' ? data : '';
      if (text.length > maxFrameLength) resolve(tooLongError(maxFrameLength));
      else readFrame(text, link);
    });
  });
}

function readFrame(text: string, link: Link): void {
  const frame = parseFrame(text);
  if (typeof frame === 'string') link.malformed(frame);
  else link.received(frame);
}

function tooLongError(maxFrameLength: number): ClientError {
  const message = `an event is longer than ${maxFrameLength}`;
  return new ClientError('frame-too-long', message, { transport: 'websocket' });
}

/** Resolves when the socket is closed, with an error unless that was in good order. */
function closed(socket: WebSocketLike, wasOpened: () => boolean): Promise<ClientError | undefined> {
  let failure: object | undefined;
  // Stays for good: a socket of `ws` without a listener for errors throws those that it has after its end.
  socket.addEventListener('error', (event) => {
    failure = event;
  });
  return new Promise((resolve) => {
    socket.addEventListener('close', ({ code, reason }) => {
      const isOrderly = code === NORMAL || code === GOING_AWAY;
      resolve(isOrderly ? undefined : closeError(wasOpened(), code, reason, failure));
    });
  });
}

function closeError(opened: boolean, closeCode: number, reason: string, failure?: object): ClientError {
  const message = `the WebSocket was closed with ${closeCode}${reason === '' ? '' : ` (${reason})`}`;
  const facts = { transport: 'websocket', closeCode, cause: causeOf(failure) } as const;
  return new ClientError(opened ? 'connection-lost' : 'connect-failed', message, facts);
}

/** What `ws` says about an error; browsers keep it to themselves. */
function causeOf(failure: object | undefined): unknown {
  return failure !== undefined && 'error' in failure ? failure.error : undefined;
}
