#!lua flags=allow-oom
-- Keeps why the handling of entries failed: the first error, the last one, and when. Starts their idle time anew, so
-- that a backoff counts from the failure. Entries that are no longer pending are left out, so nothing is left over.
--
-- KEYS[1] stream
-- KEYS[2] failures
-- ARGV[1] group
-- ARGV[2] consumer
-- ARGV[3] error
-- ARGV[4..] id
--
-- Returns the number of entries recorded.
local stream, failures = KEYS[1], KEYS[2]
local group, consumer, message = ARGV[1], ARGV[2], ARGV[3]

local time = redis.call('TIME')
local at = time[1] * 1000 + math.floor(time[2] / 1000)
local recorded = 0
for i = 4, #ARGV do
  local id = ARGV[i]
  local pending = redis.call('XPENDING', stream, group, id, id, 1)[1]
  if pending then
    local field = group .. ':' .. id
    local earlier = redis.call('HGET', failures, field)
    local first = earlier and cjson.decode(earlier).first or message
    redis.call('HSET', failures, field, cjson.encode({ first = first, last = message, at = at }))
    if pending[2] == consumer then
      redis.call('XCLAIM', stream, group, consumer, 0, id, 'JUSTID')
    end
    recorded = recorded + 1
  end
end
return recorded
