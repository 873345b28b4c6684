#!lua
-- Notes that a notifier holds connections of readers of this partition. Notifiers that stopped saying that they live
-- are forgotten on the way.
--
-- KEYS online, guard (never set)
-- ARGV notifier, notifierStem, then the readers
-- Returns the number of readers noted
local onlineKey = KEYS[1]
local notifier, notifierStem = ARGV[1], ARGV[2]

for i = 3, #ARGV do
  local notifiers = { notifier }
  for other in string.gmatch(redis.call('HGET', onlineKey, ARGV[i]) or '', '%S+') do
    if other ~= notifier and redis.call('EXISTS', notifierStem .. other) == 1 then
      notifiers[#notifiers + 1] = other
    end
  end
  redis.call('HSET', onlineKey, ARGV[i], table.concat(notifiers, ' '))
end
return #ARGV - 2
