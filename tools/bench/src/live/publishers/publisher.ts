/** Publishes to all readers, from another process than that of the server. */
export interface Publisher {
  /** Publishes a post of this number. */
  readonly publish: (n: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Connects to Redis. */
export type OpenPublisher = (redisUrl: string) => Promise<Publisher>;
