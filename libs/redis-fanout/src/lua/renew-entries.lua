#!lua flags=allow-oom
-- Begins the leases of entries anew, where whoever took them holds them still. What was acknowledged stays so.
--
-- KEYS stream
-- ARGV group, leaseMs, then for each entry: id, attempt
-- Returns the number of leases
--@include stream-leases
local ids = {}
for i = 3, #ARGV, 2 do
  if attemptOf(KEYS[1], ARGV[1], ARGV[i]) == tonumber(ARGV[i + 1]) then
    ids[#ids + 1] = ARGV[i]
  end
end
return #lease(KEYS[1], ARGV[1], ids, tonumber(ARGV[2]))
