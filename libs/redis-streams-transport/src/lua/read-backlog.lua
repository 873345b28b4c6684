#!lua flags=no-writes
-- Reads how far a group is behind on a stream. A group that does not exist yet has everything before it.
--
-- KEYS[1] stream
-- KEYS[2] deadLetters
-- ARGV[1] group
--
-- Returns {waiting, pending, oldestMs, deadLetters}: entries not delivered yet, entries delivered and not acknowledged,
-- the age of the oldest of both (0 where there is none), and the number of dead letters.
local stream, dead_letters = KEYS[1], KEYS[2]
local group = ARGV[1]

local dead = redis.call('XLEN', dead_letters)
local length = redis.call('XLEN', stream)
local waiting, pending, after = length, 0, '0-0'
local oldest
local groups = redis.call('EXISTS', stream) == 1 and redis.call('XINFO', 'GROUPS', stream) or {}
for _, pairs_of_group in ipairs(groups) do
  local facts = {}
  for i = 1, #pairs_of_group, 2 do
    facts[pairs_of_group[i]] = pairs_of_group[i + 1]
  end
  if facts['name'] == group then
    pending, after = facts['pending'], facts['last-delivered-id']
    -- The lag is unknown (nil) after deletions in the middle of the stream, and Redis 7.0 finds too large a one in its
    -- append-only file after a restart. Nobody waits but what is in the stream.
    waiting = math.max(0, math.min(facts['lag'] or length, length - pending))
    oldest = pending > 0 and redis.call('XPENDING', stream, group)[2] or nil
  end
end
local next_entry = redis.call('XRANGE', stream, '(' .. after, '+', 'COUNT', 1)[1]
if not next_entry then
  waiting = 0
end
oldest = oldest or (next_entry and next_entry[1])
local oldest_ms = 0
if oldest then
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  oldest_ms = math.max(0, now - tonumber(string.match(oldest, '^%d+')))
end
return { waiting, pending, oldest_ms, dead }
