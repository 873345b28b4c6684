/**
 * Loaded into each service before the service itself: ends it in order when the process that started it is gone, however
 * that went. The channel between the two closes then; it does not keep the service from ending by itself.
 */
process.on('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
});
process.channel?.unref();
