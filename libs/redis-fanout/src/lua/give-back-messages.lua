#!lua flags=allow-oom
-- Gives back messages that were taken and not begun, where whoever took them holds them still: others can take them at
-- once, and hear of it, and it was no attempt.
--
-- KEYS taken, leases
-- ARGV wakeChannel, then for each message: id, attempt
-- Returns the number of messages given back
--@include now
--@include taken-attempt
local takenKey, leasesKey = unpack(KEYS, 1, 2)
local now = nowMs()
local given = 0
for i = 2, #ARGV, 2 do
  local id, attempt = ARGV[i], ARGV[i + 1]
  if takenAttempt(takenKey, id) == attempt then
    local entry = string.sub(redis.call('HGET', takenKey, id), #attempt + 2)
    redis.call('HSET', takenKey, id, attempt - 1 .. ' ' .. entry)
    redis.call('ZADD', leasesKey, now, id)
    given = given + 1
  end
end
if given > 0 then
  redis.call('SPUBLISH', ARGV[1], '')
end
return given
