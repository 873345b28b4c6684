import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';

import { Controller, Inject, Post, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { BodyStream, LOGGER, RawBodyStream, type ServiceLogger } from 'service-host';

import { Importer, type ImportProgress } from './importer.js';

/** The part of Fastify's reply that is used here: the answer is written by hand, as it comes. */
interface Reply {
  hijack(): void;
  readonly request: { readonly id: string };
  readonly raw: ServerResponse;
}

const PROGRESS_MS = 1000;

@ApiTags('import')
@Controller('import')
export class ImportController {
  constructor(
    private readonly importer: Importer,
    @Inject(LOGGER) private readonly logger: ServiceLogger,
  ) {}

  @Post()
  @RawBodyStream()
  @ApiOperation({
    summary: 'Bring in follows, posts and messages',
    description:
      'NDJSON of any length: `{"follow": ["reader", "author"]}`, `{"post": {"author", "text", "at"?}}` or ' +
      '`{"message": {"from", "to", "text"}}` a line. The answer is NDJSON while the lines are taken: the counts every ' +
      'second and at the end, and each line left out.',
  })
  @ApiConsumes('application/x-ndjson')
  @ApiBody({ schema: { type: 'string' } })
  @ApiOkResponse({ content: { 'application/x-ndjson': { schema: { type: 'string' } } } })
  async import(@BodyStream() body: Readable, @Res() reply: Reply): Promise<void> {
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, {
      'content-type': 'application/x-ndjson; charset=utf-8',
      'cache-control': 'no-store',
    });
    const gone = new AbortController();
    raw.once('close', () => {
      gone.abort();
    });
    const progress: ImportProgress = { lines: 0, follows: 0, posts: 0, messages: 0, rejected: 0 };
    const write = async (line: object): Promise<void> => {
      // Whoever does not read the answer is not read from, either.
      if (!raw.write(`${JSON.stringify(line)}\n`)) await once(raw, 'drain', { signal: gone.signal });
    };
    const timer = setInterval(() => void raw.write(`${JSON.stringify(progress)}\n`), PROGRESS_MS);
    try {
      for await (const rejected of this.importer.import(body, progress, gone.signal)) await write(rejected);
      raw.end(`${JSON.stringify(progress)}\n`);
    } catch (err) {
      // The status is sent already: only an answer that breaks off tells that not all was taken.
      this.logger.warn({ requestId: reply.request.id, err, progress }, 'an import broke off');
      raw.destroy();
    } finally {
      clearInterval(timer);
    }
  }
}
