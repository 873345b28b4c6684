#!lua flags=no-writes
-- Looks at the messages of a recipient after a position, those that are taken included.
--
-- KEYS inbox, taken, unfinished, guard (never set)
-- ARGV after, limit, messageStem
-- Returns {unfinished, messages}: the number of messages on their way to the partition's inboxes, and for each message
--   {id, source, position, attempt, payload}, the oldest first
local inboxKey, takenKey, unfinishedKey = unpack(KEYS, 1, 3)
local after, limit, messageStem = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
--@include inbox-reply

-- How many entries of the inbox are not after the position: they are in order.
local function skipped()
  local low, high = 0, redis.call('LLEN', inboxKey)
  while low < high do
    local middle = math.floor((low + high) / 2)
    if parseEntry(redis.call('LINDEX', inboxKey, middle)).position <= after then
      low = middle + 1
    else
      high = middle
    end
  end
  return low
end

local messages = {}
for _, value in ipairs(redis.call('HVALS', takenKey)) do
  local message = parseTaken(value)
  if message.position > after then
    messages[#messages + 1] = message
  end
end
local from = skipped()
for _, entry in ipairs(redis.call('LRANGE', inboxKey, from, from + limit - 1)) do
  local message = parseEntry(entry)
  message.attempt = 1
  messages[#messages + 1] = message
end
table.sort(messages, byPosition)
local page = {}
for i = 1, math.min(limit, #messages) do
  page[i] = messages[i]
end
return { redis.call('LLEN', unfinishedKey), toReply(page) }
