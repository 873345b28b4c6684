#!lua flags=allow-oom
-- Takes the oldest messages of a recipient that nobody holds, and holds them for the time of a lease: first those whose
-- lease is over. What is taken and acknowledged frees memory, so it is done when Redis is out of it.
--
-- KEYS inbox, taken, leases, unfinished, guard (never set)
-- ARGV limit, leaseMs, maxTaken, messageStem
-- Returns {unfinished, messages}: the number of messages on their way to the partition's inboxes, and for each message
--   {id, source, position, attempt, payload}, the oldest first
--@include now
local inboxKey, takenKey, leasesKey, unfinishedKey = unpack(KEYS, 1, 4)
local limit, leaseMs, maxTaken, messageStem = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
--@include inbox-reply

local now = nowMs()
-- Of those that come back the oldest, whichever lease was over first.
local messages = {}
local overdue = redis.call('ZRANGE', leasesKey, '-inf', now, 'BYSCORE')
if #overdue > 0 then
  for _, value in ipairs(redis.call('HMGET', takenKey, unpack(overdue))) do
    messages[#messages + 1] = parseTaken(value)
  end
  table.sort(messages, byPosition)
  messages = { unpack(messages, 1, math.min(limit, #messages)) }
end
local more = math.min(limit - #messages, maxTaken - redis.call('HLEN', takenKey))
if more > 0 then
  for _, entry in ipairs(redis.call('LPOP', inboxKey, more) or {}) do
    local message = parseEntry(entry)
    message.attempt, message.entry = 0, entry
    messages[#messages + 1] = message
  end
end
table.sort(messages, byPosition)
for _, message in ipairs(messages) do
  message.attempt = message.attempt + 1
  redis.call('HSET', takenKey, message.id, message.attempt .. ' ' .. message.entry)
  redis.call('ZADD', leasesKey, now + leaseMs, message.id)
end
return { redis.call('LLEN', unfinishedKey), toReply(messages) }
