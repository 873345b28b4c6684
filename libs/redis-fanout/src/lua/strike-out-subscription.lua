#!lua flags=allow-oom
-- Forgets a subscription that is being ended.
--
-- KEYS subscriptions
-- ARGV source, ending
-- Returns 1, or 0 where it is not being ended (any more)
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then
  return 0
end
return redis.call('HDEL', KEYS[1], ARGV[1])
