-- Wants `onlineKey` and `notifierStem` to be named above.

-- What was found of each list of notifiers: most readers have the same.
local livingOf = {}
local function living(notifiers)
  local found = livingOf[notifiers]
  if not found then
    found = {}
    for notifier in string.gmatch(notifiers, '%S+') do
      if redis.call('EXISTS', notifierStem .. notifier) == 1 then
        found[#found + 1] = notifier
      end
    end
    found.text = table.concat(found, ' ')
    livingOf[notifiers] = found
  end
  return found
end

-- Those of a reader's notifiers that live. The others, which stopped saying so, are forgotten.
local function livingNotifiers(reader, notifiers)
  local alive = living(notifiers)
  if #alive == 0 then
    redis.call('HDEL', onlineKey, reader)
  elseif alive.text ~= notifiers then
    redis.call('HSET', onlineKey, reader, alive.text)
  end
  return alive
end
