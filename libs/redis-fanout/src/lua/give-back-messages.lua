#!lua flags=allow-oom
-- Gives back messages that were taken and not begun: others can take them at once, and hear of it, and it was no attempt.
--
-- KEYS taken, leases
-- ARGV wakeChannel, then the ids
-- Returns the number of messages given back
--@include now
local takenKey, leasesKey = unpack(KEYS, 1, 2)
local now = nowMs()
local given = 0
for i = 2, #ARGV do
  local value = redis.call('HGET', takenKey, ARGV[i])
  if value then
    local attempt, entry = string.match(value, '^(%d+) (.*)$')
    redis.call('HSET', takenKey, ARGV[i], attempt - 1 .. ' ' .. entry)
    redis.call('ZADD', leasesKey, now, ARGV[i])
    given = given + 1
  end
end
if given > 0 then
  redis.call('SPUBLISH', ARGV[1], '')
end
return given
