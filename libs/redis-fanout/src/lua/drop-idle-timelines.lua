#!lua flags=allow-oom
-- Drops timelines that nobody has read for long, so that nothing is pushed to them any more. Timelines do not expire by
-- themselves: Redis would look for that with each push.
--
-- KEYS lastReads, guard (never set: while the slot moves to another node, where some of the keys are not yet, a cluster refuses
--   the call)
-- ARGV idleSeconds, limit, timelineStem
-- Returns how many readers' there were, `limit` at most
local lastReadsKey = KEYS[1]
local idleSeconds, limit, timelineStem = unpack(ARGV)

local upTo = string.format('(%d', redis.call('TIME')[1] - idleSeconds)
local readers = redis.call('ZRANGEBYSCORE', lastReadsKey, '-inf', upTo, 'LIMIT', '0', limit)
for _, reader in ipairs(readers) do
  redis.call('UNLINK', timelineStem .. reader)
  redis.call('ZREM', lastReadsKey, reader)
end
return #readers
