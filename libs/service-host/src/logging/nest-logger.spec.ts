import { createLogger, type LogLevel } from './logger.js';
import { NestLogger } from './nest-logger.js';
import { runInRequest } from './request-context.js';

const logged = (write: (logger: NestLogger) => void, level: LogLevel = 'info'): Record<string, unknown>[] => {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (text: string) => lines.push(JSON.parse(text) as Record<string, unknown>) };
  write(new NestLogger(createLogger({ name: 'test', level, destination })));
  return lines;
};

describe('NestLogger', () => {
  it('writes the message, the context and the service', () => {
    expect(
      logged((logger) => {
        logger.log('ready', 'Worker');
      }),
    ).toMatchObject([{ level: 'info', msg: 'ready', context: 'Worker', service: 'test' }]);
  });

  it('keeps the stack that comes with an error, and an error itself', () => {
    const lines = logged((logger) => {
      logger.error('failed', 'Error: x\n    at y', 'Worker');
      logger.error(new Error('as it is'));
      logger.warn({ some: 'object' });
    });
    expect(lines).toMatchObject([
      { level: 'error', msg: 'failed', context: 'Worker', details: ['Error: x\n    at y'] },
      { level: 'error', msg: 'as it is', err: { message: 'as it is' } },
      { level: 'warn', value: { some: 'object' } },
    ]);
  });

  it('is silent about modules and routes, and about what is thrown as well', () => {
    const chatter = (logger: NestLogger): void => {
      logger.log('AppModule dependencies initialized', 'InstanceLoader');
      logger.error('thrown, too', 'ExceptionHandler');
    };
    expect(logged(chatter)).toEqual([]);
    expect(logged(chatter, 'debug')).toHaveLength(2);
  });

  it('names the request that a line belongs to', () => {
    const [line] = logged((logger) => {
      runInRequest('id', () => {
        logger.log('within');
      });
    });
    expect(line).toMatchObject({ requestId: 'id' });
  });
});
