#!lua flags=allow-oom
-- Notes that a notifier holds no connections of readers of this partition any more.
--
-- KEYS online
-- ARGV notifier, then the readers
-- Returns the number of readers that were noted before
local onlineKey, notifier = KEYS[1], ARGV[1]

local detached = 0
for i = 2, #ARGV do
  local others = {}
  local notifiers = redis.call('HGET', onlineKey, ARGV[i]) or ''
  for other in string.gmatch(notifiers, '%S+') do
    if other ~= notifier then
      others[#others + 1] = other
    else
      detached = detached + 1
    end
  end
  if #others == 0 then
    redis.call('HDEL', onlineKey, ARGV[i])
  else
    redis.call('HSET', onlineKey, ARGV[i], table.concat(others, ' '))
  end
end
return detached
