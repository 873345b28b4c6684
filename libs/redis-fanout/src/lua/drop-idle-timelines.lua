#!lua flags=allow-oom
-- Drops timelines that nobody has read for long, so that nothing is pushed to them any more. Timelines do not expire by
-- themselves: Redis would look for that with each push.
--
-- KEYS lastReads, guard (never set: while the slot moves to another node, where some of the keys are not yet, a cluster refuses
--   the call)
-- ARGV idleSeconds, limit, timelineStem
-- Returns the number of readers who have not read for so long, `limit` at most: what they had is gone
local lastReadsKey = KEYS[1]
local idleSeconds, limit, timelineStem = unpack(ARGV)

local now = tonumber(redis.call('TIME')[1])
local function readersBetween(from, to)
  return redis.call('ZRANGEBYSCORE', lastReadsKey, from, to, 'LIMIT', '0', limit)
end

local idle = readersBetween('-inf', string.format('(%d', now - idleSeconds))
for _, reader in ipairs(idle) do
  redis.call('UNLINK', timelineStem .. reader)
  redis.call('ZREM', lastReadsKey, reader)
end
-- Noted by a clock that is ahead. Later ones, of other clocks, count again from now on.
for _, reader in ipairs(readersBetween(string.format('(%d', now), '+inf')) do
  redis.call('ZADD', lastReadsKey, now, reader)
end
return #idle
