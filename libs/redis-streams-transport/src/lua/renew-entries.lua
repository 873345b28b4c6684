#!lua flags=allow-oom
-- Makes pending entries look busy again, so that nobody claims them, without counting a delivery.
-- Entries that another consumer has claimed meanwhile are left to it.
--
-- KEYS[1] stream
-- ARGV[1] group
-- ARGV[2] consumer
-- ARGV[3..] id
--
-- Returns the number of entries renewed.
local stream = KEYS[1]
local group, consumer = ARGV[1], ARGV[2]

if redis.call('EXISTS', stream) == 0 then
  return 0
end
local renewed = 0
for i = 3, #ARGV do
  local pending = redis.call('XPENDING', stream, group, ARGV[i], ARGV[i], 1)[1]
  if pending and pending[2] == consumer then
    redis.call('XCLAIM', stream, group, consumer, 0, ARGV[i], 'JUSTID')
    renewed = renewed + 1
  end
end
return renewed
