#!lua flags=allow-oom
-- Gives back entries that were taken and not begun: others can take them at once, and hear of it, and it was no attempt.
--
-- KEYS stream
-- ARGV group, wakeChannel, then the ids
-- Returns the number of entries given back
--@include stream-leases
local streamKey, group = KEYS[1], ARGV[1]
local given = 0
for i = 3, #ARGV do
  local pending = redis.call('XPENDING', streamKey, group, ARGV[i], ARGV[i], 1)[1]
  if pending then
    redis.call('XCLAIM', streamKey, group, CONSUMER, 0, ARGV[i], 'IDLE', FULL_MS, 'RETRYCOUNT', pending[4] - 1, 'JUSTID')
    given = given + 1
  end
end
if given > 0 then
  redis.call('SPUBLISH', ARGV[2], '')
end
return given
