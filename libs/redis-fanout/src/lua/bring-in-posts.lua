#!lua flags=allow-oom
-- Brings posts into a timeline that was marked for it, each once and at its place, and makes it live again. Nothing happens
-- where the mark is no longer there: somebody else has taken over, or what was read is out of date.
--
-- KEYS timeline, newestEntry
-- ARGV mark, floor, maxEntries, idleSeconds, then the ids, newest first
-- Returns 1 where it was done, 0 where the mark was gone
local timelineKey, newestEntryKey = unpack(KEYS)
local mark, floor, maxEntries, idleSeconds = unpack(ARGV, 1, 4)
maxEntries = tonumber(maxEntries)

-- To put an id at its place costs as much as to write so many entries.
local ENTRIES_OF_A_PLACE = 20

if redis.call('LINDEX', timelineKey, '0') ~= mark then
  return 0
end
local length = redis.call('LLEN', timelineKey)

-- An index as an argument: by itself a number would be written with all digits that it could have, which takes longer than
-- many a command.
local function digits(index)
  return string.format('%d', index)
end

local ids = {}
for i = 5, #ARGV do
  if ARGV[i] <= floor then
    break
  end
  ids[#ids + 1] = ARGV[i]
end

local function timeOf(entry)
  return tonumber(string.sub(entry, 1, 13))
end

-- A look at a list reads that many entries on either side of where an id is expected.
local NEAR = 4
-- So many looks for an id go by the times of posts, as they mostly come evenly enough; then by halving.
local LOOKS_BY_TIME = 4

-- Puts each id at its place. It is looked for below that of the id before, which is newer.
local function insertAll()
  local above, timeAbove = length, timeOf(redis.call('LINDEX', timelineKey, '-1'))
  local oldestTime = timeOf(redis.call('LINDEX', timelineKey, '1'))
  for _, id in ipairs(ids) do
    -- The place of an entry that is not above the id, and of one that is.
    local from, entry, fromTime = 0, mark, oldestTime
    local to, toTime = above, timeAbove
    local time, looks = timeOf(id), 0
    while to - from > 1 do
      looks = looks + 1
      local part = 0.5
      if looks <= LOOKS_BY_TIME and fromTime < toTime then
        part = math.max(0, math.min(1, (time - fromTime) / (toTime - fromTime)))
      end
      local place = from + math.floor(part * (to - from))
      local first, last = math.max(from + 1, place - NEAR), math.min(to - 1, place + NEAR)
      local entries = redis.call('LRANGE', timelineKey, digits(first), digits(last))
      local i = #entries
      while i > 0 and entries[i] > id do
        i = i - 1
      end
      if i < #entries then
        to, toTime = first + i, timeOf(entries[i + 1])
      end
      if i > 0 then
        from, entry, fromTime = first + i - 1, entries[i], timeOf(entries[i])
      end
    end
    above, timeAbove = from, time
    if entry ~= id then
      length = redis.call('LINSERT', timelineKey, 'AFTER', entry, id)
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
  local entry = redis.call('LINDEX', timelineKey, '1')
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
redis.call('EXPIRE', timelineKey, idleSeconds)
if ids[1] then
  local newest = redis.call('GET', newestEntryKey)
  if not newest or newest < ids[1] then
    redis.call('SET', newestEntryKey, ids[1])
  end
end
return 1
