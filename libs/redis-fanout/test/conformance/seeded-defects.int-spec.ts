import { acknowledgeMessagesScript } from '../../src/lua/acknowledge-messages.js';
import { fanOutMessageScript } from '../../src/lua/fan-out-message.js';
import { type Harm, whileHarmed } from '../support/harms.js';
import { inAllWays } from './check.js';
import { failuresOf } from './conformance.js';
import { RedisStage } from './redis-subjects.js';

const stage = new RedisStage('standalone');
beforeAll(async () => {
  await stage.start();
});
afterAll(async () => {
  await stage.stop();
});

const PUSH = "redis.call('RPUSH', key, entry)";
const subject = stage.listsInOnePartition;

const HARMS: readonly (Harm & { readonly name: string; readonly caughtBy: string[] })[] = [
  {
    name: 'a dropped push',
    script: fanOutMessageScript,
    sound: 'local function pushToInboxes(recipients, entry)\n',
    harmed: 'local function pushToInboxes(recipients, entry)\n  table.remove(recipients, 2)\n',
    caughtBy: inAllWays('reaches every recipient once, and nobody else', subject.capabilities),
  },
  {
    name: 'a doubled push',
    script: fanOutMessageScript,
    sound: `if ${PUSH}`,
    harmed: `${PUSH}\n    if ${PUSH}`,
    caughtBy: inAllWays('reaches every recipient once, and nobody else', subject.capabilities),
  },
  {
    name: 'an order swap',
    script: fanOutMessageScript,
    sound: PUSH,
    harmed: PUSH.replace('RPUSH', 'LPUSH'),
    caughtBy: [
      'brings the messages of a source in their order, or says that it does not, by reading',
      'brings the messages of a source in their order, or says that it does not, by taking',
    ],
  },
  {
    name: 'a lost acknowledgement',
    script: acknowledgeMessagesScript,
    sound: "    redis.call('HDEL', takenKey, id)\n    redis.call('ZREM', leasesKey, id)\n",
    harmed: '',
    caughtBy: [
      'hands out nothing that is acknowledged',
      'counts what an acknowledgement did, and minds no id that it does not know',
      'counts what is taken apart, and what is acknowledged not at all',
    ],
  },
];

describe('the suite, of lists whose Lua is changed', () => {
  const names = [...new Set(HARMS.flatMap(({ caughtBy }) => caughtBy))];

  it('finds nothing wrong while it is not', async () => {
    expect(await failuresOf(subject, { names })).toEqual([]);
  });

  it.each(HARMS)('catches $name', async (harm) => {
    const failures = await whileHarmed(harm, async () => failuresOf(subject, { names: harm.caughtBy }));
    expect(failures).toEqual(harm.caughtBy);
  });
});
