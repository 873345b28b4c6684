import { startRedis, startRedisCluster } from 'embedded-redis';
import { cleanUp, onCleanUp } from 'test-support';

import {
  buildModel,
  compareTimelines,
  pickReaders,
  randomInput,
  timelineService,
  untilSettled,
} from '../../src/index.js';
import { importLines, RunningService } from './running-services.js';

afterEach(cleanUp);

async function startStorage(kind: string): Promise<string> {
  const storage = kind === 'cluster' ? await startRedisCluster({ masters: 3 }) : await startRedis();
  onCleanUp(storage.stop);
  return storage.url;
}

async function start(name: string, env: NodeJS.ProcessEnv): Promise<RunningService> {
  const service = await RunningService.start(name, env);
  onCleanUp(() => service.stop());
  return service;
}

describe.each(['standalone', 'cluster'])('the services on a %s', (kind) => {
  it.each([
    [1, '0'],
    [1, '10000'],
    [1, 'unlimited'],
    [8, '0'],
    [8, '3'],
    [8, '10000'],
    [8, 'unlimited'],
    [64, '0'],
    [64, '10000'],
    [64, 'unlimited'],
  ])(
    'show what a plain model says, with %p partitions and pushing up to %s followers',
    async (partitions, threshold) => {
      const env = {
        REDIS_URL: await startStorage(kind),
        FANOUT_PARTITIONS: String(partitions),
        FANOUT_PUSH_MAX_FOLLOWERS: threshold,
        TIMELINE_MAX_ENTRIES: '30',
      };
      const [posts, worker, timelines] = await Promise.all([
        start('post-service', env),
        start('fanout-worker', env),
        start('timeline-service', env),
      ]);
      const lines = randomInput({ seed: partitions, users: 60, posts: 1500 });
      const model = buildModel(lines, { partitions });
      const readers = pickReaders(model, 30);
      const fetchPage = timelineService(timelines.url);
      await importLines(
        posts.url,
        lines.filter((line) => 'follow' in line),
      );
      // Half of the readers have live timelines when the posts come in.
      await Promise.all(readers.filter((_, i) => i % 2 === 0).map((reader) => fetchPage(reader, 1, null)));
      const sent = lines.filter((line) => 'post' in line);
      expect(await importLines(posts.url, sent)).toMatchObject({ posts: sent.length, rejected: 0 });
      await untilSettled(worker.url);
      const { differences } = await compareTimelines({ model, readers, fetchPage });
      expect(differences).toEqual([]);
    },
  );
});
