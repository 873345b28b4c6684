#!lua flags=allow-oom
-- Begins the leases of entries anew. What was acknowledged stays so.
--
-- KEYS stream
-- ARGV group, leaseMs, then the ids
-- Returns the number of leases
--@include stream-leases
local ids = {}
for i = 3, #ARGV do
  ids[#ids + 1] = ARGV[i]
end
return #lease(KEYS[1], ARGV[1], ids, tonumber(ARGV[2]))
