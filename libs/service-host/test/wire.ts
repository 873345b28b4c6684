import { type ClientRequest, type IncomingHttpHeaders, request, type RequestOptions } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** An answer, with its body read. */
export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** Sends a request with `node:http`, which, unlike fetch, leaves the path and the headers as they are. */
export async function send(
  url: string,
  path: string,
  options: RequestOptions & { body?: string | Uint8Array } = {},
): Promise<Answer> {
  const { body, ...rest } = options;
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing: ClientRequest = request({ hostname, port, path, agent: false, ...rest }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode: status = 0, headers } = response;
        resolve({ status, headers, text: Buffer.concat(chunks).toString() });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Sends JSON. */
export async function sendJson(url: string, method: string, path: string, body: unknown): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return send(url, path, { method, body: text, headers: { 'content-type': 'application/json' } });
}

/** Sends bytes as they are over a connection of its own, and returns all that comes until it ends. */
export async function sendRaw(url: string, bytes: string): Promise<string> {
  const socket = await open(url);
  socket.write(bytes);
  let text = '';
  for await (const chunk of socket) {
    text += String(chunk);
  }
  return text;
}

/** A connection that is established. */
export async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve).once('error', reject);
  });
  return socket;
}

/** Waits until `condition` holds. */
export async function until(condition: () => unknown, timeoutMs = 10_000): Promise<void> {
  for (const end = Date.now() + timeoutMs; !(await condition());) {
    if (Date.now() > end) {
      throw new Error(`waited ${timeoutMs} ms in vain for ${String(condition)}`);
    }
    await delay(5);
  }
}

/** The code of a problem+json answer, after a look at its shape. */
export function problemOf(answer: Answer): {
  code: string;
  status: number;
  detail: string;
  errors?: { field: string; message: string }[];
} {
  expect(answer.headers['content-type']).toBe('application/problem+json');
  const body = JSON.parse(answer.text) as { type: string; title: string; status: number; detail: string };
  expect(body.status).toBe(answer.status);
  expect(body.type).toMatch(/^urn:redis-fanout:problem:[a-z-]+$/);
  expect(body.title).not.toBe('');
  expect(typeof body.detail).toBe('string');
  expect(answer.headers['x-request-id']).toMatch(/^[A-Za-z0-9._-]{1,64}$/);
  return { ...body, code: body.type.replace(/.*:/, '') };
}
