#!lua
-- Empties an author's `recent` list in one step: its floor then is the newest id that the partition knows. Everything that
-- was delivered is below, where readers look at the author's own list; what comes enters above.
--
-- KEYS recent, newestEntry
-- ARGV (none)
-- Returns 1, or 0 (nothing done) where the partition knows no id
local recentKey, newestEntryKey = unpack(KEYS)

local newest = redis.call('GET', newestEntryKey)
if not newest then
  return 0
end
redis.call('DEL', recentKey)
redis.call('RPUSH', recentKey, newest)
return 1
