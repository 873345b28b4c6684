#!lua flags=allow-oom
-- Keeps with each post what its delivery came to. The first account stays: a repeated delivery changes nothing.
--
-- KEYS lastId, guard (neither is touched: they name the slot, and while it moves to another node a cluster refuses the
--   call, as the guard is never set)
-- ARGV postStem, undeliveredStem, then for each post: id, pushed, skippedInactive, leftToPull
-- Returns the number of accounts written
--@include now
local postStem, undeliveredStem = ARGV[1], ARGV[2]
local deliveredMs = string.format('%d', nowMs())

-- Takes an id out of those on their way, mostly the only one or the first.
local function takeOut(undeliveredKey, id)
  local ids = redis.call('GETDEL', undeliveredKey) or ''
  local at = 1
  while at < #ids and string.sub(ids, at, at + #id - 1) ~= id do
    at = at + #id
  end
  local others = string.sub(ids, 1, at - 1) .. string.sub(ids, at + #id)
  if others ~= '' then
    redis.call('SET', undeliveredKey, others)
  end
end

local written = 0
for i = 3, #ARGV, 4 do
  local postKey = postStem .. ARGV[i]
  local delivery, author = unpack(redis.call('HMGET', postKey, 'delivery', 'author'))
  -- Till now it is the entry of the outbox.
  local acceptedMs = delivery and string.match(delivery, '^(%d+)-')
  if acceptedMs then
    local account = table.concat({ acceptedMs, deliveredMs, ARGV[i + 1], ARGV[i + 2], ARGV[i + 3] }, ' ')
    redis.call('HSET', postKey, 'delivery', account)
    takeOut(undeliveredStem .. author, ARGV[i])
    written = written + 1
  end
end
return written
