import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type Readable } from 'node:stream';

import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Injectable,
  Module,
  Param,
  Post,
  Put,
  Query,
  Res,
} from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiProperty,
  ApiTags,
} from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';

import {
  ApiProblem,
  backlogFull,
  blocked,
  BodyStream,
  createService,
  type CreateOptions,
  deleted,
  idempotencyConflict,
  IsHttpUrlList,
  IsText,
  IsUserId,
  Lifecycle,
  Metrics,
  notFound,
  PageQuery,
  PostIdParam,
  rateLimited,
  RawBodyStream,
  Readiness,
  type Service,
  type ServiceDefinition,
  type ServiceSettings,
  storageUnavailable,
  UserIdParam,
} from '../src/index.js';

/** An error of a storage library, which only the app can tell from a fault. */
class StorageDown extends Error {}

/** What the tests turn and look at. */
@Injectable()
export class Knobs {
  ready: () => unknown = () => undefined;
  lag: () => number = () => 7;
  slow: Promise<void> = Promise.resolve();
  slowRequests = 0;
  drained = 0;
  readonly seen: unknown[] = [];

  constructor(readiness: Readiness, metrics: Metrics, lifecycle: Lifecycle) {
    readiness.add('redis', () => this.ready());
    metrics.gauge({
      name: 'fanout_lag',
      help: 'Posts waiting',
      collect: (gauge) => {
        gauge.set(this.lag());
      },
    });
    lifecycle.onDrain(() => {
      this.drained++;
    });
  }
}

class CreatePost {
  @IsUserId()
  readonly author!: string;

  @IsText(10)
  readonly text!: string;

  @IsHttpUrlList(3, { optional: true })
  readonly attachments?: string[];
}

class PostBody extends CreatePost {
  @ApiProperty({ type: String })
  readonly id!: string;
}

const THROWN: Readonly<Record<string, () => Error>> = {
  blocked: () => blocked(),
  'not-found': () => notFound('no such post'),
  'idempotency-conflict': () => idempotencyConflict(),
  deleted: () => deleted(),
  'rate-limited': () => rateLimited(1.2),
  'backlog-full': () => backlogFull(5),
  'storage-unavailable': () => storageUnavailable(3, new Error('redis://secret')),
  mapped: () => new StorageDown('ECONNREFUSED secret'),
  'internal-error': () => new TypeError('secret'),
};

@ApiTags('posts')
@Controller()
class ExampleController {
  readonly #knobs: Knobs;

  constructor(knobs: Knobs) {
    this.#knobs = knobs;
  }

  @Post('posts')
  @ApiCreatedResponse({ type: PostBody })
  @ApiProblem('invalid-request', 'rate-limited', 'backlog-full', 'storage-unavailable')
  create(@Body() body: CreatePost): PostBody {
    return Object.assign(new PostBody(), body, { id: '1234567890123456789' });
  }

  @Get('posts/:id')
  @ApiOkResponse({ type: PostBody })
  @ApiProblem('invalid-request', 'not-found', 'deleted')
  read(@Param('id', PostIdParam) id: string): { id: string } {
    return { id };
  }

  @Get('users/:user/posts')
  @ApiOkResponse()
  list(@Param('user', UserIdParam) user: string, @Query() page: PageQuery): object {
    return { user, limit: page.limit, cursor: page.cursor ?? null };
  }

  @Put('users/:user/following/:author')
  @HttpCode(204)
  @ApiNoContentResponse()
  follow(@Param('user', UserIdParam) user: string, @Param('author', UserIdParam) author: string): void {
    this.#knobs.seen.push([user, author]);
  }

  @Delete('posts/:id')
  @HttpCode(204)
  @ApiNoContentResponse()
  remove(@Param('id', PostIdParam) id: string, @Query('author', UserIdParam) author: string): void {
    this.#knobs.seen.push([id, author]);
  }

  @Get('throw/:what')
  throw(@Param('what') what: string): never {
    throw THROWN[what]?.() ?? notFound();
  }

  @Get('slow')
  async slow(): Promise<string> {
    this.#knobs.slowRequests++;
    await this.#knobs.slow;
    return 'done';
  }

  @Get('broken-stream')
  brokenStream(@Res() reply: FastifyReply): void {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/plain' });
    reply.raw.write('half');
    throw new Error('lost the rest');
  }

  /** Answers each line while the next is still to come. */
  @Post('import')
  @RawBodyStream()
  async import(@BodyStream() body: Readable, @Res() reply: FastifyReply): Promise<void> {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'application/x-ndjson' });
    reply.raw.flushHeaders();
    let lines = 0;
    let bytes = 0;
    for await (const line of createInterface({ input: body, crlfDelay: Infinity })) {
      bytes += line.length + 1;
      if (++lines % 1000 === 1 && !reply.raw.write(`${JSON.stringify({ lines })}\n`)) {
        await once(reply.raw, 'drain');
      }
    }
    reply.raw.end(`${JSON.stringify({ lines, bytes })}\n`);
  }
}

@Module({ controllers: [ExampleController], providers: [Knobs], exports: [Knobs] })
export class ExampleModule {}

/** The example's settings: any free port, no log. */
export const SETTINGS_OF_TEST: ServiceSettings = { port: 0, host: '127.0.0.1', logLevel: 'silent' };

/** The example service, listening. */
export async function startExample(
  options: Partial<CreateOptions<ServiceSettings>> = {},
): Promise<Service & { knobs: Knobs }> {
  const service = await createService({ ...exampleDefinition, settings: SETTINGS_OF_TEST, ...options });
  return { ...service, knobs: service.app.get(Knobs) };
}

/** What the example is made of. */
export const exampleDefinition: ServiceDefinition<ServiceSettings> = {
  name: 'example',
  description: 'A service for the tests',
  module: () => ExampleModule,
  mapError: (error: unknown) => (error instanceof StorageDown ? storageUnavailable(2, error) : undefined),
};
