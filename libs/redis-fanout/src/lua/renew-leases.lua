#!lua flags=allow-oom
-- Begins the leases of messages anew. What was acknowledged stays so.
--
-- KEYS leases
-- ARGV leaseMs, then the ids
-- Returns the number of leases
--@include now
local deadline = nowMs() + tonumber(ARGV[1])
local renewed = 0
for i = 2, #ARGV do
  if redis.call('ZSCORE', KEYS[1], ARGV[i]) then
    redis.call('ZADD', KEYS[1], deadline, ARGV[i])
    renewed = renewed + 1
  end
end
return renewed
