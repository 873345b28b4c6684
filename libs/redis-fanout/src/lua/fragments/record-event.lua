-- Records what happens to posts in `deliveries`. Wants what append-events wants.
--@include append-events

-- The time of an id, in milliseconds, and what it is now, in microseconds: as texts, which begin alike.
local function timeOf(id)
  return string.sub(id, 1, 13)
end
local time = redis.call('TIME')
local now = string.format('%s%06d', time[1], time[2])

-- An event as it is written. `name` is id and author.
local function textOf(kind, name, mark)
  return kind == 'published' and name or kind .. ' ' .. name .. ' ' .. mark
end

-- Records an event, at a time that is not before that of its post, whatever this node's clock says.
local function record(kind, id, name, mark)
  local event = textOf(kind, name, mark)
  if id > now and timeOf(id) > now then
    writeEvents()
    append(event)
    writeEvents(timeOf(id) .. '-*')
  else
    append(event)
  end
end
