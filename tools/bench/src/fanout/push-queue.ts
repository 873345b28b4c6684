import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';

/** Followers of one job. */
const CHUNK = 500;
/** Jobs that the worker has at once. */
const CONCURRENCY = 10;

interface Job {
  readonly id: string;
  readonly followers: readonly string[];
}

/** BullMQ with queue and worker in one process: a job for each chunk of the followers of a post. */
export class PushQueue {
  private readonly connections: readonly [Redis, Redis];
  private readonly queue: Queue<Job>;
  private readonly worker: Worker<Job>;
  /** Jobs of each post that are not done. */
  private readonly waiting = new Map<string, { jobs: number; done: () => void }>();

  constructor(redisUrl: string, push: (id: string, followers: readonly string[]) => Promise<void>) {
    const connection = (): Redis => new Redis(redisUrl, { maxRetriesPerRequest: null });
    this.connections = [connection(), connection()];
    this.queue = new Queue<Job>('fan-out', {
      connection: this.connections[0],
      defaultJobOptions: { removeOnComplete: true, removeOnFail: 1000, attempts: 3 },
    });
    this.worker = new Worker<Job>('fan-out', async ({ data: { id, followers } }) => push(id, followers), {
      connection: this.connections[1],
      concurrency: CONCURRENCY,
    });
    this.worker.on('completed', ({ data: { id } }) => {
      const post = this.waiting.get(id);
      if (post !== undefined && --post.jobs === 0) post.done();
    });
  }

  /** Adds the jobs of a post. Resolves when they are accepted, with what resolves when they are done. */
  async add(id: string, followers: readonly string[]): Promise<{ readonly delivered: Promise<void> }> {
    const jobs = [];
    for (let from = 0; from < followers.length; from += CHUNK) {
      jobs.push({ name: 'push', data: { id, followers: followers.slice(from, from + CHUNK) } });
    }
    if (jobs.length === 0) return { delivered: Promise.resolve() };
    const delivered = new Promise<void>((resolve) => {
      const done = (): void => {
        this.waiting.delete(id);
        resolve();
      };
      this.waiting.set(id, { jobs: jobs.length, done });
    });
    await this.queue.addBulk(jobs);
    return { delivered };
  }

  async close(): Promise<void> {
    await this.worker.close();
    await this.queue.close();
    for (const each of this.connections) each.disconnect();
  }
}
