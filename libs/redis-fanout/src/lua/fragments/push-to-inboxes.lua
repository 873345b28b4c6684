-- Wants `messageStem`, `inboxStem`, `droppedStem`, `wakeStem`, `fanOutStem`, `unfinishedKey` and `maxMessages` to be named
-- above.
--@include inbox-entries

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

-- Brings the oldest unfinished message to its next recipients. Whoever published it may be gone.
local function continueFanOut()
  local id = redis.call('LINDEX', unfinishedKey, 0)
  if not id then
    return
  end
  local subscribersKey, entry, last = unpack(redis.call('HMGET', fanOutStem .. id, 'subscribers', 'entry', 'last'))
  local recipients = recipientsAfter(subscribersKey, last)
  redis.call('HINCRBY', messageStem .. id, 'needed', #recipients)
  pushToInboxes(recipients, entry)
  if #recipients == STEP then
    redis.call('HSET', fanOutStem .. id, 'last', recipients[STEP])
  else
    redis.call('LPOP', unfinishedKey)
    redis.call('DEL', fanOutStem .. id)
    -- The fan-out itself needed it until now.
    release(parseEntry(entry))
  end
end
