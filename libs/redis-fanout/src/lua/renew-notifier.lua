#!lua flags=allow-oom
-- Says that a notifier lives, and forgets some of those that do not: a step of a walk through the connected readers.
--
-- KEYS notifier, deliveries, online, guard (never set)
-- ARGV lifetimeMs, notifierStem, cursor (of the walk; '0' at first)
-- Returns its epoch (another one where it was not known), how often it was told of something since that began, the last
--   place in what happened in the partition ('0-0' where there is none), and the next cursor
local notifierKey, deliveriesKey, onlineKey = unpack(KEYS, 1, 3)
local lifetimeMs, notifierStem, cursor = unpack(ARGV)
--@include living-notifiers
--@include event-places
--@include events-of

local STEP = 100

local epoch, told = unpack(redis.call('HMGET', notifierKey, 'epoch', 'told'))
if not epoch then
  local time = redis.call('TIME')
  epoch, told = string.format('%d%06d', time[1], time[2]), 0
  redis.call('HSET', notifierKey, 'epoch', epoch, 'told', told)
end
redis.call('PEXPIRE', notifierKey, lifetimeMs)

local scan = redis.call('HSCAN', onlineKey, cursor, 'COUNT', STEP)
for i = 1, #scan[2], 2 do
  livingNotifiers(scan[2][i], scan[2][i + 1])
end

local last = redis.call('XREVRANGE', deliveriesKey, '+', '-', 'COUNT', 1)[1]
return { epoch, tonumber(told), last and eventPlace(last[1], #eventsOf(last) - 1) or '0-0', scan[1] }
