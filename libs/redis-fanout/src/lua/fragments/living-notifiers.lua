-- Wants `onlineKey` and `notifierStem` to be named above.

local aliveNotifiers = {}
local function isAlive(notifier)
  if aliveNotifiers[notifier] == nil then
    aliveNotifiers[notifier] = redis.call('EXISTS', notifierStem .. notifier) == 1
  end
  return aliveNotifiers[notifier]
end

-- Those of a reader's notifiers that live. The others, which stopped saying so, are forgotten.
local function livingNotifiers(reader, notifiers)
  local alive = {}
  for notifier in string.gmatch(notifiers, '%S+') do
    if isAlive(notifier) then
      alive[#alive + 1] = notifier
    end
  end
  if #alive == 0 then
    redis.call('HDEL', onlineKey, reader)
  elseif table.concat(alive, ' ') ~= notifiers then
    redis.call('HSET', onlineKey, reader, table.concat(alive, ' '))
  end
  return alive
end
