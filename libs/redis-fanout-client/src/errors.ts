import type { TransportName } from './events.js';

/** An option has a value that cannot work. Thrown at construction. */
export class InvalidOptionError extends Error {
  override readonly name = 'InvalidOptionError';
  readonly retryable = false;

  constructor(
    /** The name of the option. */
    readonly option: string,
    /** What is allowed. */
    readonly allowed: string,
  ) {
    super(`${option} must be ${allowed}`);
  }
}

/**
 * What went wrong:
 *
 * - `connect-failed`: no connection came about (nobody answers, a proxy refuses the upgrade, `headers` threw);
 * - `connect-timeout`: none came about within `connectTimeoutMs`;
 * - `refused`: the server answered, but not with a stream of events; see `status`;
 * - `connection-lost`: the connection broke, or was closed with a reason; see `closeCode`;
 * - `silent`: nothing was heard for `silenceTimeoutMs`, so the connection was given up;
 * - `frame-malformed`: an event could not be read; it was passed over, and `resync` told;
 * - `frame-too-long`: an event was longer than `maxFrameLength`; it is passed over, and `resync` told;
 * - `listener-failed`: a listener threw, or returned a promise that rejected; see `cause`.
 */
export type ClientErrorCode =
  | 'connect-failed'
  | 'connect-timeout'
  | 'refused'
  | 'connection-lost'
  | 'silent'
  | 'frame-malformed'
  | 'frame-too-long'
  | 'listener-failed';

export interface ClientErrorFacts {
  readonly transport?: TransportName;
  readonly status?: number;
  readonly closeCode?: number;
  readonly cause?: unknown;
}

/** Something worth knowing. It is told, never thrown: the client goes on by itself after each of them. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  /** What it happened to. */
  readonly transport: TransportName | undefined;
  /** The status of the server's answer, where it `refused`. */
  readonly status: number | undefined;
  /** The close code of the WebSocket, where the `connection-lost` was one. */
  readonly closeCode: number | undefined;

  constructor(
    readonly code: ClientErrorCode,
    message: string,
    { transport, status, closeCode, cause }: ClientErrorFacts = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.transport = transport;
    this.status = status;
    this.closeCode = closeCode;
  }
}
