#!lua flags=allow-oom
-- Begins the leases of messages anew, where whoever took them holds them still. What was acknowledged stays so.
--
-- KEYS taken, leases
-- ARGV leaseMs, then for each message: id, attempt
-- Returns the number of leases
--@include now
--@include taken-attempt
local takenKey, leasesKey = KEYS[1], KEYS[2]
local deadline = nowMs() + tonumber(ARGV[1])
local renewed = 0
for i = 2, #ARGV, 2 do
  if takenAttempt(takenKey, ARGV[i]) == ARGV[i + 1] then
    redis.call('ZADD', leasesKey, deadline, ARGV[i])
    renewed = renewed + 1
  end
end
return renewed
