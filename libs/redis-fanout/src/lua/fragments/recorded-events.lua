-- Which events stand in `deliveries`. Only a late or repeated event has to be looked for, and what happened to a post stands
-- there at a time that is not before that of its id (`record` sees to that): where there are few entries from then on, they
-- are looked at. For others there is an index of that stream, made when it is asked for and as far as it is missing. A full
-- one is put aside, and dropped when the next one is full: so what was read of the stream is not read again. Wants
-- `deliveriesKey`, `recordedKey`, `recordedBeforeKey`, `maxDeliveries` and `timeOf` to be named above, and the work in `spent`
-- and `budget`.

-- Fewer than the least length of the stream: an entry that was dropped has at least so many above it.
local FEW = 16
local INDEX_STEP = 200
local INDEX_LIFE_SECONDS = '3600'
-- The stream may be so much longer than its limit.
local MARGIN = 1000

-- Edits of a post are told apart by their marks.
local function nameOf(kind, id, mark)
  return string.sub(kind, 1, 1) .. id .. (mark or '')
end

local function nameOfEntry(entry)
  -- (A message has its recipient where an edit has its mark.)
  local kind, name, _, mark = unpack(entry[2])
  return nameOf(kind, string.sub(name, 1, 19), mark)
end

-- The same event again has an entry; of others too many have come since to look at all of them. Answers as `isRecorded` does.
local areFew = true
local function isAmongFew(id, name)
  local entries = redis.call('XRANGE', deliveriesKey, timeOf(id), '+', 'COUNT', FEW)
  spent = spent + 2 + #entries
  for _, entry in ipairs(entries) do
    if nameOfEntry(entry) == name then
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
  if redis.call('HLEN', recordedKey) > tonumber(maxDeliveries) + MARGIN then
    local upTo = redis.call('HGET', recordedKey, '')
    redis.call('UNLINK', recordedBeforeKey)
    redis.call('RENAME', recordedKey, recordedBeforeKey)
    redis.call('HSET', recordedKey, '', upTo)
    renewIndex()
  end
end

-- Answers 'yes', 'no' or, where the work is used up before the index is complete, 'unknown'. The field '' of the index is
-- the last entry in it.
local function isInIndex(name)
  putFullIndexAside()
  local upTo = redis.call('HGET', recordedKey, '')
  local entries
  repeat
    entries = redis.call('XRANGE', deliveriesKey, upTo and '(' .. upTo or '-', '+', 'COUNT', INDEX_STEP)
    local names = {}
    for _, entry in ipairs(entries) do
      names[#names + 1] = nameOfEntry(entry)
      names[#names + 1] = ''
      upTo = entry[1]
    end
    if #names > 0 then
      redis.call('HSET', recordedKey, '', upTo, unpack(names))
      renewIndex()
    end
    spent = spent + #entries
    if #entries == INDEX_STEP and spent >= budget then
      return 'unknown'
    end
  until #entries < INDEX_STEP
  spent = spent + 1
  local isThere = redis.call('HEXISTS', recordedKey, name) == 1 or redis.call('HEXISTS', recordedBeforeKey, name) == 1
  return isThere and 'yes' or 'no'
end

-- The same, of an event. Where too many have come since one of the call's events, that is so of the others, too, mostly.
local function isRecorded(kind, id, mark)
  local name = nameOf(kind, id, mark)
  local answer = areFew and isAmongFew(id, name) or 'unknown'
  return answer == 'unknown' and isInIndex(name) or answer
end
