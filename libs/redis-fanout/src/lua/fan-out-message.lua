#!lua
-- Puts a message into the inboxes of a source's recipients that live in a partition: of up to a thousand at once, all or
-- nothing; of more in several calls, one after the other. How far an unfinished one came is kept, so that whoever calls
-- next goes on where a publisher has died. A message that the partition has already is not put there again.
--
-- KEYS lastPosition, subscribers, published, unfinished, guard (never set)
-- ARGV id, source, payload, windowMs, isKeyed (1 or 0), maxMessages, inboxStem, droppedStem, wakeStem, messageStem,
--   fanOutStem
-- Returns {'finished', recipients}, {'unfinished', recipients}, {'repeated'} or {'backlog-full', messages}
--@include now
local lastPositionKey, subscribersKey, publishedKey, unfinishedKey = unpack(KEYS, 1, 4)
local id, source, payload, windowMs, isKeyed, maxMessages = unpack(ARGV, 1, 6)
local inboxStem, droppedStem, wakeStem, messageStem, fanOutStem = unpack(ARGV, 7, 11)
maxMessages = tonumber(maxMessages)
--@include push-to-inboxes

-- Payloads above so many bytes are stored once for all inboxes of the partition.
local SHARED_BYTES = 64
-- Messages that are on their way to large audiences at once.
local MAX_UNFINISHED = 1000

-- Microseconds, so that positions tell when a message was published; never the same twice.
local function nextPosition()
  local time = redis.call('TIME')
  local position = math.max(time[1] * 1000000 + time[2], tonumber(redis.call('GET', lastPositionKey) or 0) + 1)
  local digits = string.format('%.0f', position)
  redis.call('SET', lastPositionKey, digits)
  return digits
end

local function accept(recipients)
  local entry = nextPosition() .. ' ' .. id .. ' ' .. source
  local waiting = redis.call('LLEN', unfinishedKey)
  if waiting == 0 and recipients <= STEP then
    if recipients > 1 and #payload > SHARED_BYTES then
      redis.call('HSET', messageStem .. id, 'payload', payload, 'needed', recipients)
    else
      entry = entry .. ' ' .. payload
    end
    pushToInboxes(recipientsAfter(subscribersKey, ''), entry)
    return
  end
  redis.call('HSET', messageStem .. id, 'payload', payload, 'needed', 1)
  redis.call('HSET', fanOutStem .. id, 'subscribers', subscribersKey, 'entry', entry, 'last', '')
  redis.call('RPUSH', unfinishedKey, id)
end

local function isUnfinished()
  return redis.call('EXISTS', fanOutStem .. id) == 1
end

local recipients = redis.call('ZCARD', subscribersKey)
-- Another id is that of a message whose time is over.
if redis.call('GET', publishedKey) == id then
  if not isUnfinished() then
    return { 'repeated' }
  end
else
  local waiting = redis.call('LLEN', unfinishedKey)
  if recipients > 0 and waiting >= MAX_UNFINISHED then
    continueFanOut()
    return { 'backlog-full', waiting }
  end
  -- A key of the caller's holds also for those who subscribe in the meantime.
  if recipients > 0 or isKeyed == '1' then
    redis.call('SET', publishedKey, id, 'PX', windowMs)
  end
  if recipients == 0 then
    return { 'finished', 0 }
  end
  accept(recipients)
end
continueFanOut()
return { isUnfinished() and 'unfinished' or 'finished', recipients }
