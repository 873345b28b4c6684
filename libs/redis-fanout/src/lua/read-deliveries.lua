#!lua flags=no-writes
-- Reads on in what happened in a partition, and says what there is at that moment.
--
-- KEYS deliveries, notifier
-- ARGV after (a place; '' for nothing), count
-- Returns the last place ('0-0' where there is none), the first one that is kept, whether none was dropped (1 or 0), how
--   often the notifier was told of something, and for each event after the place given, at most `count`: place, kind, id,
--   author, to
local deliveriesKey, notifierKey = unpack(KEYS)
local after, count = unpack(ARGV)
count = tonumber(count)
--@include event-places
--@include events-of

-- Entries that are read at once.
local STEP = 40

local told = redis.call('HGET', notifierKey, 'told') or 0
local last = redis.call('XREVRANGE', deliveriesKey, '+', '-', 'COUNT', 1)[1]
if not last then
  return { '0-0', '0-0', 1, told }
end

local function isWhole()
  local stream = redis.call('XINFO', 'STREAM', deliveriesKey)
  local values = {}
  for i = 1, #stream, 2 do
    values[stream[i]] = stream[i + 1]
  end
  return values['entries-added'] == values['length']
end

-- The id of the entry of a place, and where that stands in it.
local function entryOf(place)
  local ms, sequence, index = string.match(place, '^(%d+)-(%d*)(%d)$')
  return ms .. '-' .. (sequence == '' and '0' or sequence), tonumber(index)
end

local first = redis.call('XRANGE', deliveriesKey, '-', '+', 'COUNT', 1)[1]
local result = { eventPlace(last[1], #eventsOf(last) - 1), eventPlace(first[1], 0), isWhole() and 1 or 0, told }

local function readEntry(entryId, events, from)
  for i = from, #events do
    if count == 0 then
      return
    end
    count = count - 1
    local kind, id, author, detail = partsOf(events[i])
    for _, value in ipairs({ eventPlace(entryId, i - 1), kind, id, author, kind == 'message' and detail or '' }) do
      result[#result + 1] = value
    end
  end
end

local function readAfter(place)
  local entryId, index = entryOf(place)
  local from = entryId
  repeat
    local entries = redis.call('XRANGE', deliveriesKey, from, '+', 'COUNT', STEP)
    for _, entry in ipairs(entries) do
      readEntry(entry[1], eventsOf(entry), entry[1] == entryId and index + 2 or 1)
      from = '(' .. entry[1]
    end
  until #entries < STEP or count == 0
end

if after ~= '' then
  readAfter(after)
end
return result
