-- Wants `onlineKey`, `liveStem` and `notifierStem` to be named above.

local aliveNotifiers = {}
local function isAlive(notifier)
  if aliveNotifiers[notifier] == nil then
    aliveNotifiers[notifier] = redis.call('EXISTS', notifierStem .. notifier) == 1
  end
  return aliveNotifiers[notifier]
end

-- Adds a reader to the audience of each notifier that holds a connection of theirs. A notifier that stopped saying
-- that it lives is forgotten here.
local function addToAudiences(audiences, reader, notifiers)
  local alive = {}
  for notifier in string.gmatch(notifiers, '%S+') do
    if isAlive(notifier) then
      alive[#alive + 1] = notifier
      local audience = audiences[notifier] or {}
      audience[#audience + 1] = reader
      audiences[notifier] = audience
    end
  end
  if #alive == 0 then
    redis.call('HDEL', onlineKey, reader)
  elseif table.concat(alive, ' ') ~= notifiers then
    redis.call('HSET', onlineKey, reader, table.concat(alive, ' '))
  end
end

-- Tells the notifiers of those readers who are connected; at most a few hundred readers at once.
local function tellNotifiers(readers, event, kind, id)
  if #readers == 0 then
    return
  end
  local audiences = {}
  for i, notifiers in ipairs(redis.call('HMGET', onlineKey, unpack(readers))) do
    if notifiers then
      addToAudiences(audiences, readers[i], notifiers)
    end
  end
  for notifier, audience in pairs(audiences) do
    -- Counted, so that a notifier sees when it has missed something.
    local count = redis.call('INCR', notifierStem .. notifier)
    redis.call('SPUBLISH', liveStem .. notifier, '{"pattern":"timeline","data":{"event":"' .. event .. '","count":' .. count
      .. ',"kind":"' .. kind .. '","id":"' .. id .. '","readers":["' .. table.concat(audience, '","') .. '"]}}')
  end
end
