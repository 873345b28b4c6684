#!lua flags=allow-oom
-- Acknowledges events of an outbox, and removes what every group has acknowledged.
--
-- KEYS outbox
-- ARGV group, then the ids (a thousand at most)
-- Returns the number of events that were not acknowledged before
--@include stream-groups
local outboxKey, group = KEYS[1], ARGV[1]
local acknowledged = redis.call('XACK', outboxKey, group, unpack(ARGV, 2))
local oldest = oldestNeeded(outboxKey)
if oldest == '+' then
  redis.call('XTRIM', outboxKey, 'MAXLEN', '=', 0)
else
  redis.call('XTRIM', outboxKey, 'MINID', '=', oldest)
end
return acknowledged
