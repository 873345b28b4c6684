#!lua flags=allow-oom
-- Brings posts into a timeline that was marked for it, each once and at its place, and makes it live again. Nothing happens
-- where the mark is no longer there: somebody else has taken over, or what was read is out of date.
--
-- KEYS timeline, newestEntry
-- ARGV mark, floor, maxEntries, then the ids, newest first, all above the floor
-- Returns 1 where it was done, 0 where the mark was gone
local timelineKey, newestEntryKey = unpack(KEYS)
local mark, floor, maxEntries = unpack(ARGV, 1, 3)
local ids = { unpack(ARGV, 4) }
maxEntries = tonumber(maxEntries)

-- To put an id at its place costs as much as to write so many entries.
local ENTRIES_OF_A_PLACE = 20

local first, oldest = unpack(redis.call('LRANGE', timelineKey, '0', '1'))
if first ~= mark then
  return 0
end
local length = redis.call('LLEN', timelineKey)
local newest = redis.call('LINDEX', timelineKey, '-1')

-- An index as an argument: by itself a number would be written with all digits that it could have, which takes longer than
-- many a command.
local format = string.format
local function digits(index)
  return format('%d', index)
end

local function timeOf(entry)
  return tonumber(string.sub(entry, 1, 13))
end

-- A look at a list reads that many entries on either side of where an id is expected.
local NEAR = 4
-- So many looks for an id go by the times of posts, as they mostly come evenly enough; then by halving.
local LOOKS_BY_TIME = 4

-- Which part of the entries between two times are not above a third.
local function partUpTo(time, fromTime, toTime)
  if time <= fromTime then
    return 0
  end
  return time < toTime and (time - fromTime) / (toTime - fromTime) or 1
end

-- Puts each id at its place. It is looked for below that of the id before, which is newer.
local function insertAll()
  local call, floorOf = redis.call, math.floor
  local above, entryAbove = length, newest
  for _, id in ipairs(ids) do
    -- The place of an entry that is not above the id, and of one that is; and entries to take their times from.
    local from, entry, fromEntry = 0, mark, oldest
    local to, toEntry = above, entryAbove
    local time, looks = timeOf(id), 0
    while to - from > 1 do
      looks = looks + 1
      local part = looks <= LOOKS_BY_TIME and partUpTo(time, timeOf(fromEntry), timeOf(toEntry)) or 0.5
      local place = from + floorOf(part * (to - from))
      local first, last = place - NEAR, place + NEAR
      if first <= from then
        first = from + 1
      end
      if last >= to then
        last = to - 1
      end
      local entries = call('LRANGE', timelineKey, digits(first), digits(last))
      local i = #entries
      while i > 0 and entries[i] > id do
        i = i - 1
      end
      if i < #entries then
        to, toEntry = first + i, entries[i + 1]
      end
      if i > 0 then
        entry = entries[i]
        from, fromEntry = first + i - 1, entry
      end
    end
    above, entryAbove = from, id
    if entry ~= id then
      length = call('LINSERT', timelineKey, 'AFTER', entry, id)
      above = from + 1
    end
  end
end

-- Writes everything anew that is above the oldest id.
local function mergeIn()
  local entries = redis.call('LRANGE', timelineKey, '0', '-1')
  local oldest = ids[#ids]
  local kept = #entries
  while kept > 1 and entries[kept] >= oldest do
    kept = kept - 1
  end
  local merged = {}
  local i, j = kept + 1, #ids
  while entries[i] or ids[j] do
    local entry, id = entries[i], ids[j]
    if not id or (entry and entry <= id) then
      merged[#merged + 1] = entry
      i = i + 1
      if entry == id then
        j = j - 1
      end
    else
      merged[#merged + 1] = id
      j = j - 1
    end
  end
  -- At least the mark is below.
  redis.call('LTRIM', timelineKey, '0', digits(kept - 1))
  length = kept + #merged
  for from = 1, #merged, 1000 do
    redis.call('RPUSH', timelineKey, unpack(merged, from, math.min(from + 999, #merged)))
  end
end

-- While there was a mark instead of the floor, also late posts have landed that belong below it.
local function putFloor()
  local index = 0
  local entry = oldest
  while entry and entry <= floor do
    index = index + 1
    entry = redis.call('LINDEX', timelineKey, digits(index + 1))
  end
  if length - index > maxEntries + 1 then
    index = length - maxEntries - 1
    floor = redis.call('LINDEX', timelineKey, digits(index))
  end
  if index > 0 then
    redis.call('LTRIM', timelineKey, digits(index), '-1')
  end
  redis.call('LSET', timelineKey, '0', floor .. mark)
end

if #ids > 0 then
  if #ids * ENTRIES_OF_A_PLACE < length then
    insertAll()
  else
    mergeIn()
  end
end
putFloor()
-- Whatever is in a timeline was noted as the partition's newest entry, or is older.
if ids[1] and (not oldest or ids[1] > newest) then
  local newestEntry = redis.call('GET', newestEntryKey)
  if not newestEntry or newestEntry < ids[1] then
    redis.call('SET', newestEntryKey, ids[1])
  end
end
return 1
