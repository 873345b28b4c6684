-- Wants `messageStem`, `inboxStem`, `droppedStem`, `wakeStem`, `fanOutStem`, `unfinishedKey` and `maxMessages` to be named
-- above. (A space is in no name, so the queue of a source is no message's state.)
--@include inbox-entries
--@include next-position

-- Recipients that one call serves: about two milliseconds.
local STEP = 1000

-- Puts an entry into inboxes; a full one loses its oldest message. Listeners hear that there is something for them.
local function pushToInboxes(recipients, entry)
  for _, recipient in ipairs(recipients) do
    local key = inboxStem .. recipient
    if redis.call('RPUSH', key, entry) > maxMessages then
      release(parseEntry(redis.call('LPOP', key)))
      redis.call('INCR', droppedStem .. recipient)
    end
    redis.call('SPUBLISH', wakeStem .. recipient, '')
  end
end

-- The next recipients of a source after one of them, in the order of their names.
local function recipientsAfter(subscribersKey, last)
  return redis.call('ZRANGE', subscribersKey, last == '' and '-' or '(' .. last, '+', 'BYLEX', 'LIMIT', 0, STEP)
end

local function queueOf(source)
  return fanOutStem .. 'queue ' .. source
end

-- Brings a message to its next recipients. Answers whether all have it.
local function advance(id, source)
  local state = redis.call('HMGET', fanOutStem .. id, 'subscribers', 'last', 'published', 'windowMs')
  local recipients = recipientsAfter(state[1], state[2])
  redis.call('HINCRBY', messageStem .. id, 'needed', #recipients)
  pushToInboxes(recipients, nextPosition() .. ' ' .. id .. ' ' .. source)
  if #recipients == STEP then
    redis.call('HSET', fanOutStem .. id, 'last', recipients[STEP])
    return false
  end
  redis.call('DEL', fanOutStem .. id)
  -- From now on it is remembered like any other.
  redis.call('PEXPIRE', state[3], state[4])
  -- The fan-out itself needed it until now.
  release({ id = id })
  return true
end

-- Goes a step on with what is unfinished, whoever published it, and may be gone. Sources take turns; the messages of
-- one go one after the other.
local function continueFanOut()
  local source = redis.call('LPOP', unfinishedKey)
  if not source then
    return
  end
  local queueKey = queueOf(source)
  local id = redis.call('LINDEX', queueKey, 0)
  if id and (redis.call('EXISTS', fanOutStem .. id) == 0 or advance(id, source)) then
    redis.call('LPOP', queueKey)
  end
  if redis.call('EXISTS', queueKey) == 1 then
    redis.call('RPUSH', unfinishedKey, source)
  end
end
