#!lua flags=allow-oom
-- Takes what a user has read out of the inbox: direct messages up to an id, whether that one is there or not. Does a
-- bounded amount of work, the oldest first, and says what is left of it.
--
-- KEYS inbox, unread
-- ARGV through, budget
-- Returns the number of messages that are still to be taken out
--
-- `budget` counts about a microsecond each.
--@include direct-messages
local inboxKey, unreadKey = KEYS[1], KEYS[2]
local through, budget = ARGV[1], tonumber(ARGV[2])

local left = countUpTo(inboxKey, through)
local spent = 0
local counts = {}
while left > 0 and spent < budget do
  local entry = redis.call('LPOP', inboxKey)
  local from = string.match(entry, '^%d+ (%S+)')
  counts[from] = (counts[from] or 0) + 1
  left = left - 1
  spent = spent + 1 + #entry / 4096
end
for from, count in pairs(counts) do
  if redis.call('HINCRBY', unreadKey, from, -count) <= 0 then
    redis.call('HDEL', unreadKey, from)
  end
end
return left
