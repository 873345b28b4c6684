#!lua flags=allow-oom
-- Acknowledges entries, forgets their failures, and trims the stream to what some group still needs.
-- It frees memory, so it runs when Redis is out of it. Doing it again changes nothing.
--
-- KEYS[1] stream
-- KEYS[2] failures
-- ARGV[1] group
-- ARGV[2..] id
--
-- Returns the number of entries that were still pending.
local stream, failures = KEYS[1], KEYS[2]
local group = ARGV[1]

-- @include trim-acknowledged

local has_failures = redis.call('EXISTS', failures) == 1
local acknowledged = 0
for i = 2, #ARGV do
  local id = ARGV[i]
  acknowledged = acknowledged + redis.call('XACK', stream, group, id)
  if has_failures then
    redis.call('HDEL', failures, group .. ':' .. id)
  end
end
trim_acknowledged(stream)
return acknowledged
