#!lua flags=allow-oom
-- Acknowledges entries of a group: those that were taken, and those that were only read. What lies before one of these,
-- and was not handed out either, is laid down to be taken as ever.
--
-- KEYS stream
-- ARGV group, then the ids, the oldest first
-- Returns {acknowledged, done}: how many entries were not acknowledged before, and how many of the ids were looked at;
--   for the others it is to be called again
--@include stream-groups
--@include stream-leases
local streamKey, group = KEYS[1], ARGV[1]

-- Entries that one call hands out to nobody at most.
local MAX_LAID = 2000
local STEP = 200

local laid, last = 0, nil

local function lastDelivered()
  local facts = findGroup(streamKey, group)
  return facts and facts['last-delivered-id']
end

-- Lays down what was not handed out up to an entry. Answers whether it came so far.
local function layUpTo(id)
  while isIdBefore(last, id) do
    if laid >= MAX_LAID then
      return false
    end
    local between = redis.call('XRANGE', streamKey, '(' .. last, id, 'COUNT', STEP)
    if #between == 0 then
      return true
    end
    redis.call('XREADGROUP', 'GROUP', group, CONSUMER, 'COUNT', #between, 'STREAMS', streamKey, '>')
    local ids = {}
    for i, entry in ipairs(between) do
      ids[i] = entry[1]
    end
    lay(streamKey, group, ids, 0)
    last = ids[#ids]
    laid = laid + #ids
  end
  return true
end

local acknowledged = 0
for i = 2, #ARGV do
  local id = ARGV[i]
  if redis.call('XACK', streamKey, group, id) == 1 then
    acknowledged = acknowledged + 1
  else
    last = last or lastDelivered()
    if last and isIdBefore(last, id) and #redis.call('XRANGE', streamKey, id, id) == 1 then
      if not layUpTo(id) then
        return { acknowledged, i - 2 }
      end
      acknowledged = acknowledged + redis.call('XACK', streamKey, group, id)
    end
  end
end
return { acknowledged, #ARGV - 1 }
