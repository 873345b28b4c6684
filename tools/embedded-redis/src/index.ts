export { findRedisExecutable } from './executable.js';
export { freePort, startRedis, type RedisServer, type RedisServerOptions } from './server.js';
export { startRedisCluster, type RedisCluster, type RedisClusterOptions } from './cluster.js';
