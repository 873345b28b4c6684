-- An entry of an inbox is `<position> <id> <source> <payload>`; where the body is shared by several inboxes there is no
-- payload in it, and `messageStem .. id` has it, with a count of those that need it. Wants `messageStem` to be named above.

local function parseEntry(entry)
  local position, id, source, payload = string.match(entry, '^(%d+) (%S+) (%S+) ?(.*)$')
  if payload == '' then
    payload = nil
  end
  return { position = tonumber(position), id = id, source = source, payload = payload }
end

local function payloadOf(message)
  return message.payload or redis.call('HGET', messageStem .. message.id, 'payload')
end

-- A recipient needs the body of an entry no more.
local function release(message)
  if not message.payload and redis.call('HINCRBY', messageStem .. message.id, 'needed', -1) <= 0 then
    redis.call('DEL', messageStem .. message.id)
  end
end
