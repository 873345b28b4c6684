import { isAlive, markOf, type ProcessMark } from './process-mark.js';

/**
 * A process that outlives a killed `start` just long enough to end the Redis that it left behind; the services end by
 * themselves meanwhile. The parent sends the pid of its Redis, and again when it has another one.
 */
const GRACE_MS = 15_000;
let redis: ProcessMark | undefined;

process.on('message', (pid) => {
  redis = markOf(Number(pid));
});
process.on('disconnect', () => {
  const left = redis;
  if (left === undefined || !isAlive(left)) process.exit();
  setTimeout(() => {
    if (isAlive(left)) process.kill(left.pid, 'SIGTERM');
    process.exit();
  }, GRACE_MS);
});
