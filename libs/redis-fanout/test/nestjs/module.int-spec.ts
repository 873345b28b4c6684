import { Inject, Injectable, Module } from '@nestjs/common';

import { Fanout, type RedisClient } from '../../src/index.js';
import {
  FANOUT_CLIENT,
  RedisFanoutModule,
  type RedisFanoutModuleOptions,
  type RedisFanoutOptionsFactory,
} from '../../src/nestjs/index.js';
import { Fixture } from '../support/fixture.js';
import { connections, start, stopAll } from './support.js';

let redis: Fixture;
beforeAll(async () => {
  redis = await Fixture.standalone();
});
afterEach(stopAll);
afterAll(async () => redis.stop());

@Injectable()
class Author {
  constructor(
    readonly fanout: Fanout,
    @Inject(FANOUT_CLIENT) readonly client: RedisClient,
  ) {}
}

@Module({ providers: [Author], exports: [Author] })
class AuthorsModule {}

const SETTINGS = Symbol('settings');
@Module({ providers: [{ provide: SETTINGS, useValue: { prefix: 'from-settings' } }], exports: [SETTINGS] })
class SettingsModule {}

describe('forRoot', () => {
  it('connects to the url, and gives the fan-out and its connection', async () => {
    const app = await start({
      imports: [
        RedisFanoutModule.forRoot({ url: redis.url, prefix: 'url', connection: { connectionName: 'own' } }),
        AuthorsModule,
      ],
    });
    const { fanout, client } = app.get(Author, { strict: false });
    await fanout.posts.publish({ author: 'ann', text: 'hello' });
    await expect(client.hget('url:settings', 'partitions')).resolves.toBe('8');
    await expect(connections(redis.client, 'own')).resolves.toBe(1);
  });

  it('works on the client that it is given', async () => {
    const app = await start({
      imports: [RedisFanoutModule.forRoot({ client: redis.client, partitions: 3, prefix: 'client' })],
    });
    expect(app.get(FANOUT_CLIENT)).toBe(redis.client);
    expect(app.get(Fanout).partitions).toBe(3);
  });

  it('is imported where it is wanted when it is not global', async () => {
    const own = RedisFanoutModule.forRoot({ client: redis.client, prefix: 'not-global', isGlobal: false });
    await expect(start({ imports: [own, AuthorsModule] })).rejects.toThrow(
      /resolve dependencies of the Author/,
    );
    const app = await start({ imports: [own], providers: [Author] });
    expect(app.get(Author).client).toBe(redis.client);
  });

  it('is there twice, for modules that import one each', async () => {
    const modules = ['one', 'two'].map((prefix) => {
      const own = RedisFanoutModule.forRoot({ client: redis.client, prefix, partitions: 2, isGlobal: false });
      const token = Symbol(prefix);
      @Module({ imports: [own], providers: [{ provide: token, useExisting: Fanout }] })
      class UserModule {}
      return { token, UserModule };
    });
    const app = await start({ imports: modules.map(({ UserModule }) => UserModule) });
    const fanouts = modules.map(({ token }) => app.get<Fanout>(token, { strict: false }));
    expect(fanouts.map(({ outboxes }) => outboxes[0]?.split(':')[0])).toEqual(['one', 'two']);
  });
});

describe('forRootAsync', () => {
  const expectPrefix = async (prefix: string): Promise<void> => {
    await expect(redis.client.exists(`${prefix}:settings`)).resolves.toBe(1);
  };

  it('takes its options from a factory', async () => {
    const app = await start({
      imports: [
        RedisFanoutModule.forRootAsync({
          imports: [SettingsModule],
          inject: [SETTINGS],
          useFactory: async ({ prefix }: { prefix: string }) => {
            await Promise.resolve();
            return { client: redis.client, prefix };
          },
        }),
        AuthorsModule,
      ],
    });
    expect(app.get(Author, { strict: false }).client).toBe(redis.client);
    await expectPrefix('from-settings');
  });

  it('takes its options from a class, or from a provider that is there', async () => {
    @Injectable()
    class Options implements RedisFanoutOptionsFactory {
      protected prefix = 'from-class';
      createRedisFanoutOptions(): RedisFanoutModuleOptions {
        return { client: redis.client, prefix: this.prefix };
      }
    }
    @Injectable()
    class ExistingOptions extends Options {
      protected override prefix = 'from-existing';
    }
    @Module({ providers: [ExistingOptions], exports: [ExistingOptions] })
    class OptionsModule {}

    await start({ imports: [RedisFanoutModule.forRootAsync({ useClass: Options })] });
    await expectPrefix('from-class');
    await start({
      imports: [RedisFanoutModule.forRootAsync({ imports: [OptionsModule], useExisting: ExistingOptions })],
    });
    await expectPrefix('from-existing');
  });

  it('is imported where it is wanted when it is not global', async () => {
    const own = RedisFanoutModule.forRootAsync({
      useFactory: () => ({ client: redis.client }),
      isGlobal: false,
    });
    await expect(start({ imports: [own, AuthorsModule] })).rejects.toThrow(
      /resolve dependencies of the Author/,
    );
  });
});
