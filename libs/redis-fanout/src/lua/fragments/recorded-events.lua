-- Which events stand in `deliveries`. Only a late or repeated event has to be looked for, and what happened to a post stands
-- there at a time that is not before that of its id (`record` sees to that): where there are few entries from then on, they
-- are looked at. For others there is an index of that stream, made when it is asked for and as far as it is missing. A full
-- one is put aside, and dropped when the next one is full: so what was read of the stream is not read again. Wants
-- `deliveriesKey`, `recordedKey`, `recordedBeforeKey`, `maxDeliveries` and what record-event names to be named above, and the
-- work in `spent` and `budget`.
--@include events-of

-- Fewer than the least length of the stream: an entry that was dropped has at least so many above it.
local FEW = 16
-- Entries; an event takes two arguments of a command, of which there may be a few thousand.
local INDEX_STEP = 100
local INDEX_LIFE_SECONDS = '3600'
-- The stream may have so many events more than its limit: those of a node of it.
local MARGIN = 1000

-- The same event again has an entry; of others too many have come since to look at all of them. Answers as `isRecorded` does.
local areFew = true
local function isAmongFew(id, event)
  local entries = redis.call('XRANGE', deliveriesKey, timeOf(id), '+', 'COUNT', FEW)
  spent = spent + 2 + #entries
  for _, entry in ipairs(entries) do
    if string.find(',' .. entry[2][2] .. ',', ',' .. event .. ',', 1, true) then
      return 'yes'
    end
  end
  areFew = #entries < FEW
  return areFew and 'no' or 'unknown'
end

-- Both end together: one without the other would know too little.
local function renewIndex()
  redis.call('EXPIRE', recordedKey, INDEX_LIFE_SECONDS)
  redis.call('EXPIRE', recordedBeforeKey, INDEX_LIFE_SECONDS)
end

local function putFullIndexAside()
  if redis.call('HLEN', recordedKey) > EVENTS_OF_AN_ENTRY * maxDeliveries + MARGIN then
    local upTo = redis.call('HGET', recordedKey, '')
    redis.call('UNLINK', recordedBeforeKey)
    redis.call('RENAME', recordedKey, recordedBeforeKey)
    redis.call('HSET', recordedKey, '', upTo)
    renewIndex()
  end
end

-- Answers 'yes', 'no' or, where the work is used up before the index is complete, 'unknown'. The field '' of the index is
-- the last entry in it.
local function isInIndex(event)
  putFullIndexAside()
  local upTo = redis.call('HGET', recordedKey, '')
  local entries
  repeat
    entries = redis.call('XRANGE', deliveriesKey, upTo and '(' .. upTo or '-', '+', 'COUNT', INDEX_STEP)
    local fields = {}
    for _, entry in ipairs(entries) do
      for _, other in ipairs(eventsOf(entry)) do
        fields[#fields + 1] = other
        fields[#fields + 1] = ''
      end
      upTo = entry[1]
    end
    if #fields > 0 then
      redis.call('HSET', recordedKey, '', upTo, unpack(fields))
      renewIndex()
    end
    spent = spent + #fields / 2
    if #entries == INDEX_STEP and spent >= budget then
      return 'unknown'
    end
  until #entries < INDEX_STEP
  spent = spent + 1
  local isThere = redis.call('HEXISTS', recordedKey, event) == 1 or redis.call('HEXISTS', recordedBeforeKey, event) == 1
  return isThere and 'yes' or 'no'
end

-- The same, of an event. Where too many have come since one of the call's events, that is so of the others, too, mostly.
local function isRecorded(kind, id, name, mark)
  local event = textOf(kind, name, mark)
  local answer = areFew and isAmongFew(id, event) or 'unknown'
  return answer == 'unknown' and isInIndex(event) or answer
end
