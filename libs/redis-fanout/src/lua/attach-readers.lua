#!lua
-- Notes that a notifier holds connections of readers of this partition.
--
-- KEYS online
-- ARGV notifier, then the readers
-- Returns the number of readers that were not noted yet
local onlineKey, notifier = KEYS[1], ARGV[1]

local attached = 0
for i = 2, #ARGV do
  local notifiers = redis.call('HGET', onlineKey, ARGV[i])
  if not notifiers then
    redis.call('HSET', onlineKey, ARGV[i], notifier)
    attached = attached + 1
  elseif not string.find(' ' .. notifiers .. ' ', ' ' .. notifier .. ' ', 1, true) then
    redis.call('HSET', onlineKey, ARGV[i], notifiers .. ' ' .. notifier)
    attached = attached + 1
  end
end
return attached
