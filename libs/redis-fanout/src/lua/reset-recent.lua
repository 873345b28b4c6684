#!lua
-- Empties an author's `recent` list in one step: its floor then is the newest id that the partition knows. Everything that
-- was delivered is below, where readers look at the author's own list; what comes enters above.
--
-- KEYS recent, newestEntry, recentChanged, recentChanges
-- ARGV author
-- Returns 1, or 0 (nothing done) where the partition knows no id
--@include note-change
local recentKey, newestEntryKey, recentChangedKey, recentChangesKey = unpack(KEYS)

local newest = redis.call('GET', newestEntryKey)
if not newest then
  return 0
end
redis.call('DEL', recentKey)
redis.call('RPUSH', recentKey, newest)
noteChange(recentChangedKey, recentChangesKey, ARGV[1])
return 1
