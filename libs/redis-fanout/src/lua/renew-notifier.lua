#!lua
-- Says that a notifier lives.
--
-- KEYS notifier, deliveries
-- ARGV lifetimeMs
-- Returns whether it was known (1 or 0), how often it was told of something, and the last entry of what happened in the
--   partition ('0-0' where there is none)
local notifierKey, deliveriesKey = unpack(KEYS)

local told = redis.call('GET', notifierKey)
if told then
  redis.call('PEXPIRE', notifierKey, ARGV[1])
else
  redis.call('SET', notifierKey, 0, 'PX', ARGV[1])
end
local last = redis.call('XREVRANGE', deliveriesKey, '+', '-', 'COUNT', 1)[1]
return { told and 1 or 0, tonumber(told or 0), last and last[1] or '0-0' }
