#!lua
-- Appends a message to the stream of a source. The same idempotency key again gives the message of the first time. A full
-- stream loses its oldest messages, but none that some group has not acknowledged.
--
-- KEYS stream, count, appended
-- ARGV payload, windowMs, maxMessages, wakeChannel
-- Returns {'published', id}, {'repeated', id} or {'full', messages}
--@include stream-groups
local streamKey, countKey, appendedKey = unpack(KEYS, 1, 3)
local payload, windowMs, maxMessages, wakeChannel = unpack(ARGV, 1, 4)
maxMessages = tonumber(maxMessages)

-- Messages that one call removes at most, about; several, so that most calls need not look at all groups.
local TRIM_STEP = math.max(1, math.min(200, math.floor(maxMessages / 10)))

local earlier = redis.call('GET', appendedKey)
if earlier then
  return { 'repeated', earlier }
end

-- Whole nodes of the stream go, so this happens once in a while; below the limit the stream is left alone.
local function makeRoom()
  local length = redis.call('XLEN', streamKey)
  if length < maxMessages then
    return length
  end
  local oldest = oldestNeeded(streamKey)
  if oldest == '+' then
    redis.call('XTRIM', streamKey, 'MAXLEN', '=', maxMessages - TRIM_STEP)
  else
    redis.call('XTRIM', streamKey, 'MINID', '~', oldest, 'LIMIT', TRIM_STEP)
    if redis.call('XLEN', streamKey) >= maxMessages then
      -- Less than a node of it can go.
      local kept = redis.call('XRANGE', streamKey, '-', '(' .. oldest, 'COUNT', 1)[1]
      if kept then
        redis.call('XDEL', streamKey, kept[1])
      end
    end
  end
  return redis.call('XLEN', streamKey)
end

local length = makeRoom()
if length >= maxMessages then
  return { 'full', length }
end
local number = redis.call('INCR', countKey)
local id = redis.call('XADD', streamKey, '*', 'number', number, 'payload', payload)
redis.call('SET', appendedKey, id, 'PX', windowMs)
redis.call('SPUBLISH', wakeChannel, '')
return { 'published', id }
