#!lua flags=allow-oom
-- Keeps with each post what its delivery came to. The first account stays: a repeated delivery changes nothing.
--
-- KEYS lastId (names the partition; not touched)
-- ARGV postStem, then for each post: id, pushed, skippedInactive, leftToPull
-- Returns the number of accounts written
local postStem = ARGV[1]
local time = redis.call('TIME')
local deliveredMs = string.format('%d', tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000))

local written = 0
for i = 2, #ARGV, 4 do
  local postKey = postStem .. ARGV[i]
  local entry = redis.call('HGET', postKey, 'outbox')
  if entry then
    local acceptedMs = string.match(entry, '^%d+')
    local account = table.concat({ acceptedMs, deliveredMs, ARGV[i + 1], ARGV[i + 2], ARGV[i + 3] }, ' ')
    redis.call('HSET', postKey, 'delivery', account)
    redis.call('HDEL', postKey, 'outbox')
    written = written + 1
  end
end
return written
