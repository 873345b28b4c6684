/** Where a server that is measured listens, and its Redis: as our services are told, too. */
export interface ServerSettings {
  readonly redisUrl: string;
  readonly host: string;
  readonly port: number;
}

export function readServerSettings(env = process.env): ServerSettings {
  const { REDIS_URL = '', HOST = '', PORT = '' } = env;
  return { redisUrl: REDIS_URL, host: HOST, port: Number(PORT) };
}
