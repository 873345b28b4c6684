#!lua flags=allow-oom
-- Ends the construction of a timeline: what landed in it meanwhile and the ids given become one list, oldest first and
-- without repeats, from which everything at or below the floor is left out. Nothing happens where the mark is no
-- longer there: somebody else has taken over, or what was read is out of date.
--
-- KEYS timeline, newestEntry, lastReads
-- ARGV mark, floor, maxEntries, reader, then the ids, newest first
-- Returns 1 where it was finished, 0 where the mark was gone
local timelineKey, newestEntryKey, lastReadsKey = unpack(KEYS)
local mark, floor, maxEntries, reader = unpack(ARGV, 1, 4)
maxEntries = tonumber(maxEntries)

local landed = redis.call('LRANGE', timelineKey, 0, -1)
if landed[1] ~= mark then
  return 0
end

-- Newest first, from the end of what landed down to the mark.
local merged = {}
local i, j = #landed, 5
-- One more than the limit: that one then is the floor.
while #merged <= maxEntries and (i > 1 or ARGV[j]) do
  local id
  if not ARGV[j] or (i > 1 and landed[i] >= ARGV[j]) then
    id = landed[i]
    if id == ARGV[j] then
      j = j + 1
    end
    i = i - 1
  else
    id = ARGV[j]
    j = j + 1
  end
  if id <= floor then
    break
  end
  merged[#merged + 1] = id
end
if #merged <= maxEntries then
  merged[#merged + 1] = floor
end
local newestId = merged[1]
merged[#merged] = merged[#merged] .. mark

local entries = {}
for k = #merged, 1, -1 do
  entries[#entries + 1] = merged[k]
end
redis.call('DEL', timelineKey)
for from = 1, #entries, 1000 do
  redis.call('RPUSH', timelineKey, unpack(entries, from, math.min(from + 999, #entries)))
end
redis.call('ZADD', lastReadsKey, redis.call('TIME')[1], reader)
local newest = redis.call('GET', newestEntryKey)
if not newest or newest < newestId then
  redis.call('SET', newestEntryKey, newestId)
end
return 1
