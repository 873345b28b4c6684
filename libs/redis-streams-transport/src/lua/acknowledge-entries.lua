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

-- Lua can hand over only so many values at once.
local CHUNK = 1000

local acknowledged = 0
for i = 2, #ARGV, CHUNK do
  acknowledged = acknowledged + redis.call('XACK', stream, group, unpack(ARGV, i, math.min(i + CHUNK - 1, #ARGV)))
end
if redis.call('EXISTS', failures) == 1 then
  for i = 2, #ARGV do
    redis.call('HDEL', failures, group .. ':' .. ARGV[i])
  end
end
trim_acknowledged(stream)
return acknowledged
