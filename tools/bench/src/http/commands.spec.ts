import { commandsIn, describeCommands } from './commands.js';

const INFO = [
  '# Commandstats',
  'cmdstat_lrange:calls=200,usec=912,usec_per_call=4.56,rejected_calls=0,failed_calls=0',
  'cmdstat_hmget:calls=5097,usec=9000,usec_per_call=1.80,rejected_calls=0,failed_calls=0',
  'cmdstat_xlen:calls=8,usec=9,usec_per_call=1.13,rejected_calls=0,failed_calls=0',
  'cmdstat_config|resetstat:calls=1,usec=90,usec_per_call=90.00,rejected_calls=0,failed_calls=0',
].join('\r\n');

describe('the commands of a request', () => {
  it('are counted by name, without what runs only now and then', () => {
    const commands = commandsIn(INFO, 100);
    expect(commands).toEqual({ HMGET: 51, LRANGE: 2 });
    expect(describeCommands(commands)).toBe('51 HMGET, 2 LRANGE');
  });
});
