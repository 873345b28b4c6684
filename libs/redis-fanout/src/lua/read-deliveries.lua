#!lua flags=no-writes
-- Reads on in what happened in a partition, and says what there is at that moment.
--
-- KEYS deliveries, notifier
-- ARGV after (an entry; '' for nothing), count
-- Returns the last entry ('0-0' where there is none), the first one that is kept, whether none was dropped (1 or 0), how
--   often the notifier was told of something, and for each entry after the one given, at most `count`: entry, kind, id,
--   author, to
local deliveriesKey, notifierKey = unpack(KEYS)
local after, count = unpack(ARGV)

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

local first = redis.call('XRANGE', deliveriesKey, '-', '+', 'COUNT', 1)[1]
local result = { last[1], first[1], isWhole() and 1 or 0, told }
if after ~= '' then
  for _, entry in ipairs(redis.call('XRANGE', deliveriesKey, '(' .. after, '+', 'COUNT', count)) do
    local kind, name, _, to = unpack(entry[2])
    local id, author = string.sub(name, 1, 19), string.sub(name, 20)
    for _, value in ipairs({ entry[1], kind, id, author, kind == 'message' and to or '' }) do
      result[#result + 1] = value
    end
  end
end
return result
