#!lua flags=no-writes
-- Counts what waits for a recipient.
--
-- KEYS inbox, taken, leases, dropped
-- ARGV messageStem
-- Returns {waiting, taken, dropped, oldestMs, source, messages, source, messages, ...}
--@include now
local inboxKey, takenKey, leasesKey, droppedKey = unpack(KEYS, 1, 4)
local messageStem = ARGV[1]
--@include inbox-reply

local STEP = 1000

local bySource, oldest = {}, nil
local function count(message)
  bySource[message.source] = (bySource[message.source] or 0) + 1
  oldest = math.min(oldest or message.position, message.position)
end

local length = redis.call('LLEN', inboxKey)
for from = 0, length - 1, STEP do
  for _, entry in ipairs(redis.call('LRANGE', inboxKey, from, from + STEP - 1)) do
    count(parseEntry(entry))
  end
end
for _, value in ipairs(redis.call('HVALS', takenKey)) do
  count(parseTaken(value))
end
local now = nowMs()
local overdue = redis.call('ZCOUNT', leasesKey, '-inf', now)
local held = redis.call('ZCARD', leasesKey) - overdue
local oldestMs = oldest and math.max(0, now - math.floor(oldest / 1000)) or 0
local reply = { length + overdue, held, tonumber(redis.call('GET', droppedKey) or 0), oldestMs }
for source, messages in pairs(bySource) do
  reply[#reply + 1] = source
  reply[#reply + 1] = messages
end
return reply
