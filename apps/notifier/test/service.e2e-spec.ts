import { type Caller, cleanUp, expectProblem, ownRedis } from 'test-support';

import { EventStream } from './support/event-stream.js';
import { startNotifier } from './support/system.js';

describe('notifier', () => {
  let api: Caller;

  beforeAll(async () => {
    ({ api } = await startNotifier(await ownRedis()));
  });

  afterAll(cleanUp);

  it('is alive, and ready once it is subscribed', async () => {
    expect(await api.get('/health/live')).toMatchObject({ status: 200 });
    expect(await api.get('/health/ready')).toMatchObject({
      status: 200,
      body: { status: 'ok', details: { redis: { status: 'up' }, subscriptions: { status: 'up' } } },
    });
  });

  it('has metrics, the number of connections among them', async () => {
    await EventStream.open(api, 'ada');
    const { status, headers, body } = await api.get('/metrics');
    expect([status, headers['content-type']]).toEqual([200, expect.stringContaining('text/plain')]);
    expect(body).toMatch(/^notifier_connections\{[^}]*\} 1$/m);
  });

  it('describes its call', async () => {
    expect((await api.get('/openapi.json')).body).toHaveProperty(['paths', '/stream', 'get', 'responses']);
  });

  it('has a page for people', async () => {
    const { status, headers } = await api.get('/docs');
    expect([status, headers['content-type']]).toEqual([200, expect.stringContaining('text/html')]);
  });

  it('is 404 for other paths, and 405 for other methods', async () => {
    expectProblem(await api.get('/streams'), 404, 'not-found');
    const answer = await api.send('POST', '/stream?user=ada');
    expectProblem(answer, 405, 'method-not-allowed');
    expect(String(answer.headers.allow).split(', ')).toContain('GET');
  });
});
