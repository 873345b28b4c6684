import { cleanUp, onCleanUp, ownRedis, until } from 'test-support';

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

async function start(name: string, env: NodeJS.ProcessEnv): Promise<RunningService> {
  const service = await RunningService.start(name, env);
  onCleanUp(() => service.stop());
  return service;
}

async function backlog(worker: RunningService): Promise<number> {
  const lag = (await (await fetch(`${worker.url}/lag`)).json()) as { waiting: number; pending: number };
  return lag.waiting + lag.pending;
}

describe('the timelines', () => {
  it.each([
    ['0', 'of one worker'],
    ['5', 'of one worker'],
    ['unlimited', 'of one worker'],
    ['5', 'of two workers in turn'],
  ])(
    'are what a model says, pushed up to %s followers, after many kills %s in a load',
    async (threshold, whose) => {
      const redis = await ownRedis();
      const env = { REDIS_URL: redis.url, FANOUT_PUSH_MAX_FOLLOWERS: threshold, TIMELINE_MAX_ENTRIES: '300' };
      const [posts, timelines, ...workers] = await Promise.all([
        start('post-service', env),
        start('timeline-service', env),
        start('fanout-worker', env),
        ...(whose === 'of two workers in turn' ? [start('fanout-worker', env)] : []),
      ]);
      const lines = randomInput({ seed: 7, users: 300, follows: 3000, posts: 8000 });
      const model = buildModel(lines, { partitions: 8 });
      const readers = pickReaders(model, 30);
      const fetchPage = timelineService(timelines.url);
      await importLines(
        posts.url,
        lines.filter((line) => 'follow' in line),
      );
      // Half of the readers have live timelines when the posts come in.
      await Promise.all(readers.filter((_, i) => i % 2 === 0).map((reader) => fetchPage(reader, 1, null)));
      const load = { isSent: false };
      const sending = importLines(
        posts.url,
        lines.filter((line) => 'post' in line),
      ).finally(() => {
        load.isSent = true;
      });
      let kills = 0;
      for (let i = 0; !load.isSent || kills < 5; i++) {
        const worker = workers[i % workers.length] ?? workers[0];
        // Not at a place that is chosen: wherever it stands when it is up and has taken something.
        await until(async () => load.isSent || (await backlog(worker)) > 0, 'it has something to do');
        await worker.killAndRestart();
        kills++;
        await worker.ready();
      }
      expect(await sending).toMatchObject({ posts: 8000, rejected: 0 });
      await Promise.all(workers.map((worker) => worker.ready()));
      await untilSettled(workers[0].url);
      const { differences } = await compareTimelines({ model, readers, fetchPage, limits: [100] });
      expect(differences).toEqual([]);
      const { items } = (await (await fetch(`${workers[0].url}/dead-letters`)).json()) as {
        items: unknown[];
      };
      expect(items).toEqual([]);
    },
    180_000,
  );
});
