#!lua
-- Sends a direct message, in its recipient's partition: inbox, count and event, all or nothing. The same key again gives
-- the message of the first time, also where it was read or one has blocked the other since, and stores nothing.
--
-- KEYS lastId, inbox, unread, sent, blocked, blockedBy, deliveries, online, guard (never set)
-- ARGV partition, from, to, text, digest, keepMs, maxMessages, maxDeliveries, liveStem, notifierStem
-- Returns {'sent', id, delivered}, {'replayed', id, delivered}, {'conflict'}, {'blocked'} or {'full'}; delivered is 'live'
--   or 'inbox' (the recipient was not connected)
--@include now
--@include next-id
local lastIdKey, inboxKey, unreadKey, sentKey, blockedKey, blockedByKey, deliveriesKey, onlineKey = unpack(KEYS, 1, 8)
local partition, from, to, text, digest, keepMs = unpack(ARGV, 1, 6)
local maxMessages, maxDeliveries, liveStem, notifierStem = unpack(ARGV, 7, 10)
--@include append-events
--@include tell-notifiers

local earlier = redis.call('GET', sentKey)
if earlier then
  local id, delivered, earlierDigest = string.match(earlier, '^(%d+) (%a+) (.*)$')
  if earlierDigest ~= digest then
    return { 'conflict' }
  end
  return { 'replayed', id, delivered }
end

if redis.call('SISMEMBER', blockedKey, from) == 1 or redis.call('SISMEMBER', blockedByKey, from) == 1 then
  return { 'blocked' }
end
if redis.call('LLEN', inboxKey) >= tonumber(maxMessages) then
  return { 'full' }
end

local id = nextId(lastIdKey, partition, nowMs())
redis.call('RPUSH', inboxKey, id .. ' ' .. from .. ' ' .. text)
redis.call('HINCRBY', unreadKey, from, 1)
append('message ' .. id .. from .. ' ' .. to)
writeEvents()
tellNotifiers({ to }, 'message', id)
-- Telling has struck out the notifiers that no longer live.
local delivered = redis.call('HEXISTS', onlineKey, to) == 1 and 'live' or 'inbox'
redis.call('SET', sentKey, id .. ' ' .. delivered .. ' ' .. digest, 'PX', keepMs)
return { 'sent', id, delivered }
