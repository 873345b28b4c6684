import type { Fanout, Page, Post, RedisClient } from 'redis-fanout';

import { type Commands, commandsOf } from './commands.js';
import type { Contest } from './contest.js';
import { type HttpRequest, withHeaders } from './http-request.js';
import { sendToLibrary } from './library.js';
import { READ_BEFORE, SAMPLE } from './plan.js';

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Sends a request, and resolves with the answer. */
export type Send = (request: HttpRequest) => Promise<Answer>;

/** What some of the requests of a contest were answered with, and what was asked of Redis for each of them. */
export interface Sample {
  readonly answers: readonly { readonly request: HttpRequest; readonly answer: Answer }[];
  readonly commands: Commands;
}

export function sendTo(port: number): Send {
  return async (request) => {
    const { method, path, body = null, headers } = withHeaders(request);
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, body, headers });
    return { status: response.status, body: await response.json() };
  };
}

export async function takeSample({ requests }: Contest, redis: RedisClient, send: Send): Promise<Sample> {
  const answers: { request: HttpRequest; answer: Answer }[] = [];
  const sample = requests.slice(0, SAMPLE);
  const reads = sample.filter(({ body }) => body === undefined);
  for (let i = 0; i < READ_BEFORE; i++) for (const request of reads) await send(request);
  const commands = await commandsOf(redis, SAMPLE, async () => {
    for (const request of sample) answers.push({ request, answer: await send(request) });
  });
  return { answers, commands };
}

/**
 * Compares answers with what the library says in this process.
 *
 * @throws Error where one of them is another
 */
export async function checkAnswers({ answers }: Sample, { status }: Contest, fanout: Fanout): Promise<void> {
  for (const { request, answer } of answers) {
    if (answer.status !== status) throw new Error(`${request.path} was answered with ${answer.status}`);
    const isRight =
      request.body === undefined
        ? isSamePage(answer.body, (await sendToLibrary(fanout)(request)).body)
        : await isKept(answer.body, request.body, fanout);
    if (!isRight) {
      throw new Error(`${request.path} was answered wrongly: ${JSON.stringify(answer.body).slice(0, 500)}`);
    }
  }
}

/** Cursors are opaque: what counts is whether there is one. */
function isSamePage(body: unknown, due: unknown): boolean {
  const [answered, right] = [body as Page<Post>, due as Page<Post>];
  return (
    isSame(answered.items, right.items) && (answered.nextCursor === null) === (right.nextCursor === null)
  );
}

async function isKept(body: unknown, sent: string, fanout: Fanout): Promise<boolean> {
  const { author, text } = JSON.parse(sent) as Post;
  const kept = await fanout.posts.get((body as Post).id);
  return isSame(body, kept) && kept.author === author && kept.text === text;
}

/** Compares JSON by its text: the order of fields is the same everywhere, too. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
