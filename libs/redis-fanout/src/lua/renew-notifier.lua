#!lua flags=allow-oom
-- Says that a notifier lives, and forgets some of those that do not: a step of a walk through the connected readers.
--
-- KEYS notifier, deliveries, online, guard (never set)
-- ARGV lifetimeMs, notifierStem, cursor (of the walk; '0' at first)
-- Returns whether it was known (1 or 0), how often it was told of something, the last entry of what happened in the
--   partition ('0-0' where there is none), and the next cursor
local notifierKey, deliveriesKey, onlineKey = unpack(KEYS, 1, 3)
local lifetimeMs, notifierStem, cursor = unpack(ARGV)
--@include living-notifiers

local STEP = 100

local told = redis.call('GET', notifierKey)
if told then
  redis.call('PEXPIRE', notifierKey, lifetimeMs)
else
  redis.call('SET', notifierKey, 0, 'PX', lifetimeMs)
end

local scan = redis.call('HSCAN', onlineKey, cursor, 'COUNT', STEP)
for i = 1, #scan[2], 2 do
  livingNotifiers(scan[2][i], scan[2][i + 1])
end

local last = redis.call('XREVRANGE', deliveriesKey, '+', '-', 'COUNT', 1)[1]
return { told and 1 or 0, tonumber(told or 0), last and last[1] or '0-0', scan[1] }
