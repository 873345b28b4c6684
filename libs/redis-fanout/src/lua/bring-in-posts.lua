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

if redis.call('LINDEX', timelineKey, 0) ~= mark then
  return 0
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

-- Looks at an entry for each place by its time, as posts come evenly enough to be found in two or three looks; after so
-- many by halving.
local LOOKS_BY_TIME = 4

-- Puts each id at its place. It is looked for below that of the id before, which is newer.
local function insertAll()
  local length = redis.call('LLEN', timelineKey)
  local above, timeAbove = length, timeOf(redis.call('LINDEX', timelineKey, -1))
  local oldestTime = timeOf(redis.call('LINDEX', timelineKey, 1))
  for _, id in ipairs(ids) do
    local from, before, fromTime = 0, mark, oldestTime
    local to, toTime = above, timeAbove
    local time, looks = timeOf(id), 0
    while to - from > 1 do
      looks = looks + 1
      local part = 0.5
      if looks <= LOOKS_BY_TIME and fromTime < toTime then
        part = (time - fromTime) / (toTime - fromTime)
      end
      local place = math.max(from + 1, math.min(to - 1, from + math.floor(part * (to - from))))
      local entry = redis.call('LINDEX', timelineKey, place)
      if entry > id then
        to, toTime = place, timeOf(entry)
      else
        from, before, fromTime = place, entry, timeOf(entry)
      end
    end
    above, timeAbove = from, time
    if before ~= id then
      redis.call('LINSERT', timelineKey, 'AFTER', before, id)
      above = from + 1
    end
  end
end

-- Writes everything anew that is above the oldest id.
local function mergeIn()
  local entries = redis.call('LRANGE', timelineKey, 0, -1)
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
  redis.call('LTRIM', timelineKey, 0, kept - 1)
  for from = 1, #merged, 1000 do
    redis.call('RPUSH', timelineKey, unpack(merged, from, math.min(from + 999, #merged)))
  end
end

-- While there was a mark instead of the floor, also late posts have landed that belong below it.
local function putFloor()
  local index = 0
  local entry = redis.call('LINDEX', timelineKey, 1)
  while entry and entry <= floor do
    index = index + 1
    entry = redis.call('LINDEX', timelineKey, index + 1)
  end
  local length = redis.call('LLEN', timelineKey)
  if length - index > maxEntries + 1 then
    index = length - maxEntries - 1
    floor = redis.call('LINDEX', timelineKey, index)
  end
  if index > 0 then
    redis.call('LTRIM', timelineKey, index, -1)
  end
  redis.call('LSET', timelineKey, 0, floor .. mark)
end

if #ids > 0 then
  if #ids * ENTRIES_OF_A_PLACE < redis.call('LLEN', timelineKey) then
    insertAll()
  else
    mergeIn()
  end
end
putFloor()
redis.call('EXPIRE', timelineKey, idleSeconds)
local newest = redis.call('GET', newestEntryKey)
if ids[1] and (not newest or newest < ids[1]) then
  redis.call('SET', newestEntryKey, ids[1])
end
return 1
