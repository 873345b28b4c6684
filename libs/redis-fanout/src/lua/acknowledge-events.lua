#!lua flags=allow-oom
-- Acknowledges events of an outbox, and removes what every group has acknowledged.
--
-- KEYS outbox
-- ARGV group, then the ids
-- Returns the number of events that were not acknowledged before
--@include stream-groups
local outboxKey, group = KEYS[1], ARGV[1]
local acknowledged = 0
for i = 2, #ARGV do
  acknowledged = acknowledged + redis.call('XACK', outboxKey, group, ARGV[i])
end
local oldest = oldestNeeded(outboxKey)
if oldest == '+' then
  redis.call('XTRIM', outboxKey, 'MAXLEN', '=', 0)
else
  redis.call('XTRIM', outboxKey, 'MINID', '=', oldest)
end
return acknowledged
