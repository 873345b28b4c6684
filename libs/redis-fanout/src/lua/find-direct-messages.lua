#!lua flags=no-writes
-- Looks for direct messages of a user by their ids.
--
-- KEYS inbox
-- ARGV then the ids
-- Returns the entries of those that are in the inbox, in the order of the ids
--@include direct-messages
local inboxKey = KEYS[1]

local found = {}
for _, id in ipairs(ARGV) do
  local count = countUpTo(inboxKey, id)
  local entry = count > 0 and redis.call('LINDEX', inboxKey, count - 1)
  if entry and idOf(entry) == id then
    found[#found + 1] = entry
  end
end
return found
