#!lua
-- Puts a message into the inboxes of a source's recipients that live in a partition: of up to a thousand at once, all or
-- nothing; of more in several calls. How far an unfinished one came is kept, so that whoever calls next goes on where a
-- publisher has died. A message that the partition has already is not put there again.
--
-- KEYS lastPosition, subscribers, published, unfinished, guard (never set)
-- ARGV id, source, payload, windowMs, isKeyed (1 or 0), maxMessages, inboxStem, droppedStem, wakeStem, messageStem,
--   fanOutStem
-- Returns {'finished', recipients}, {'unfinished', recipients}, {'repeated'} or {'backlog-full', messages}
local lastPositionKey, subscribersKey, publishedKey, unfinishedKey = unpack(KEYS, 1, 4)
local id, source, payload, windowMs, isKeyed, maxMessages = unpack(ARGV, 1, 6)
local inboxStem, droppedStem, wakeStem, messageStem, fanOutStem = unpack(ARGV, 7, 11)
maxMessages = tonumber(maxMessages)
--@include push-to-inboxes

-- Payloads above so many bytes are stored once for all inboxes of the partition.
local SHARED_BYTES = 64
-- Messages of one source that are on their way to a large audience at once.
local MAX_UNFINISHED = 1000

local function pushToAll(recipients)
  local entry = nextPosition() .. ' ' .. id .. ' ' .. source
  if recipients > 1 and #payload > SHARED_BYTES then
    redis.call('HSET', messageStem .. id, 'payload', payload, 'needed', recipients)
  else
    entry = entry .. ' ' .. payload
  end
  pushToInboxes(recipientsAfter(subscribersKey, ''), entry)
end

local function enqueue()
  redis.call('HSET', messageStem .. id, 'payload', payload, 'needed', 1)
  redis.call('HSET', fanOutStem .. id, 'subscribers', subscribersKey, 'last', '', 'published', publishedKey, 'windowMs',
    windowMs)
  if redis.call('RPUSH', queueOf(source), id) == 1 then
    redis.call('RPUSH', unfinishedKey, source)
  end
  -- Until it is finished, however long that takes.
  redis.call('PERSIST', publishedKey)
end

-- Another id is that of a message whose time is over.
if redis.call('GET', publishedKey) == id then
  return { redis.call('EXISTS', fanOutStem .. id) == 1 and 'unfinished' or 'repeated', 0 }
end
local recipients = redis.call('ZCARD', subscribersKey)
local waiting = redis.call('LLEN', queueOf(source))
if waiting >= MAX_UNFINISHED then
  return { 'backlog-full', waiting }
end
-- A key of the caller's holds also for those who subscribe in the meantime.
if recipients > 0 or isKeyed == '1' then
  redis.call('SET', publishedKey, id, 'PX', windowMs)
end
-- What is behind others of its source waits for them; nobody else does.
if waiting == 0 and recipients <= STEP then
  if recipients > 0 then
    pushToAll(recipients)
  end
  return { 'finished', recipients }
end
enqueue()
return { 'unfinished', recipients }
