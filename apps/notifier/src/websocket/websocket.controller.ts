import type { IncomingMessage, ServerResponse } from 'node:http';

import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { LiveHub } from 'redis-fanout';
import {
  ApiProblem,
  invalidRequest,
  LOGGER,
  PROBLEM_MEDIA_TYPE,
  type ProblemBody,
  type ServiceLogger,
  SETTINGS,
} from 'service-host';
import { type RawData, type ServerOptions, type WebSocket, WebSocketServer } from 'ws';

import type { Config } from '../config.js';
import { Connections, type Place } from '../connections/connections.js';
import { Session } from '../connections/session.js';
import { mayOpenWebSocket } from '../cors/cors.js';
import { StreamQuery } from '../stream/stream.query.js';
import { parseFrame } from './frames.js';
import { takeUpgrade, wantsUpgrade } from './upgrades.js';
import { WebSocketTransport } from './websocket-transport.js';

/** The largest frame that a client may send, in bytes. */
const MAX_FRAME_BYTES = 65_536;
/** A client that has not said by then where it goes on begins where it was when it connected. */
const FIRST_FRAME_MS = 1000;
/** A connection that is closed has so long to end. */
const CLOSE_TIMEOUT_MS = 5000;
const PROTOCOL_ERROR = 1002;

/** The types do not know the last one yet. */
const OPTIONS: ServerOptions & { readonly closeTimeout: number } = {
  noServer: true,
  clientTracking: false,
  maxPayload: MAX_FRAME_BYTES,
  closeTimeout: CLOSE_TIMEOUT_MS,
};

/** RFC 9457 has `about:blank` for what a status says by itself; for none of the contract's codes is this the meaning. */
const OTHER_ORIGIN: ProblemBody = {
  type: 'about:blank',
  title: 'Forbidden',
  status: 403,
  detail: 'pages of this origin may not connect: it is none of CORS_ORIGIN',
};

interface Request {
  readonly raw: IncomingMessage;
}
interface Reply {
  code(status: number): this;
  type(mediaType: string): this;
  send(body: Buffer): this;
  hijack(): void;
  readonly raw: ServerResponse;
}

@ApiTags('stream')
@Controller('ws')
export class WebSocketController {
  private readonly server = new WebSocketServer(OPTIONS);

  constructor(
    private readonly connections: Connections,
    private readonly hub: LiveHub,
    @Inject(LOGGER) private readonly logger: ServiceLogger,
    @Inject(SETTINGS) private readonly config: Config,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'The same as `/stream`, over WebSocket',
    description:
      'Text frames `{id, event, data}`. `{"resume": "<id>"}` as the first frame of the client goes on from there, as ' +
      '`lastEventId` does. Where `CORS_ORIGIN` is set, pages of other origins get 403.',
  })
  @ApiProblem('invalid-request', 'storage-unavailable', 'too-many-connections')
  async open(
    @Query() query: StreamQuery,
    @Req() { raw: request }: Request,
    @Res() reply: Reply,
  ): Promise<void> {
    checkHandshake(request);
    if (!mayOpenWebSocket(request, this.config.corsOrigins)) {
      const body = Buffer.from(JSON.stringify(OTHER_ORIGIN));
      reply.code(OTHER_ORIGIN.status).type(PROBLEM_MEDIA_TYPE).send(body);
      return;
    }
    const place = this.connections.admit(query.user);
    let here: string;
    try {
      here = await this.hub.position(query.user);
      this.connections.checkOpen();
    } catch (error) {
      place();
      throw error;
    }
    reply.hijack();
    const upgrade = takeUpgrade(request, reply.raw);
    if (upgrade === undefined || upgrade.socket.destroyed) {
      place();
      return;
    }
    upgrade.socket.once('close', place);
    this.server.handleUpgrade(request, upgrade.socket, upgrade.head, (socket) => {
      const transport = new WebSocketTransport(socket, upgrade.socket, query.positions !== undefined);
      this.serve(socket, transport, query, here, place);
    });
  }

  /** A client that says in its address what it wants is not waited for. */
  private serve(
    socket: WebSocket,
    transport: WebSocketTransport,
    { user, lastEventId = '', positions }: StreamQuery,
    here: string,
    place: Place,
  ): void {
    // Told by the close that follows.
    socket.on('error', () => undefined);
    const session = new Session(user, transport);
    const since = new Promise<string>((resolve) => {
      let isSaid = false;
      const begin = (position: string): void => {
        isSaid = true;
        clearTimeout(timer);
        resolve(position);
      };
      // What has come while this process was busy is read first.
      const timer = setTimeout(() => {
        setImmediate(() => {
          if (!isSaid) begin(here);
        });
      }, FIRST_FRAME_MS);
      socket.once('close', () => {
        begin(here);
      });
      if (lastEventId !== '') begin(lastEventId);
      else if (positions !== undefined) begin(here);
      socket.on('message', (data: RawData, isBinary: boolean) => {
        const frame = parseFrame(data, isBinary);
        // Later it would come after what was told already.
        if (frame === undefined || isSaid) {
          socket.close(PROTOCOL_ERROR, frame === undefined ? 'malformed' : 'resume comes first');
        } else begin(frame.resume);
      });
    });
    this.connections.open(session, place, since).catch((err: unknown) => {
      this.logger.warn({ err }, 'a connection could not begin');
      session.transport.closeFailed();
    });
  }
}

function checkHandshake(request: IncomingMessage): void {
  const { headers } = request;
  const isWebSocket =
    wantsUpgrade(request) &&
    /^[+/0-9A-Za-z]{22}==$/.test(headers['sec-websocket-key'] ?? '') &&
    headers['sec-websocket-version'] === '13';
  if (!isWebSocket) throw invalidRequest('this path is for WebSocket: a handshake of version 13 is expected');
}
