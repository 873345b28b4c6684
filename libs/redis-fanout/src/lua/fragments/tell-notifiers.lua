-- Wants `onlineKey`, `liveStem`, `notifierStem` and `nameOfLast` to be named above.
--@include living-notifiers

-- Tells the notifiers of those readers who are connected of the event that was appended last; at most a few hundred readers at
-- once. `connections` has, for each reader, the notifiers that hold their connections, or false.
local function tellNotifiersOf(readers, connections, kind, id)
  local audiences = {}
  for i, notifiers in ipairs(connections) do
    if notifiers then
      for _, notifier in ipairs(livingNotifiers(readers[i], notifiers)) do
        local audience = audiences[notifier] or {}
        audience[#audience + 1] = readers[i]
        audiences[notifier] = audience
      end
    end
  end
  for notifier, audience in pairs(audiences) do
    -- Counted, so that a notifier sees when it has missed something.
    local count = redis.call('HINCRBY', notifierStem .. notifier, 'told', 1)
    redis.call('SPUBLISH', liveStem .. notifier, '{"pattern":"timeline","data":{"event":"' .. nameOfLast() .. '","count":'
      .. count .. ',"kind":"' .. kind .. '","id":"' .. id .. '","readers":["' .. table.concat(audience, '","') .. '"]}}')
  end
end

local function tellNotifiers(readers, kind, id)
  if #readers > 0 then
    tellNotifiersOf(readers, redis.call('HMGET', onlineKey, unpack(readers)), kind, id)
  end
end
