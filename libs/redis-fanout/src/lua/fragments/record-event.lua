-- Puts events into `deliveries`. Wants `deliveriesKey` to be named above.

-- The time of an id, in milliseconds, and what it is now, in microseconds: as texts, which begin alike.
local function timeOf(id)
  return string.sub(id, 1, 13)
end
local time = redis.call('TIME')
local now = string.format('%s%06d', time[1], time[2])

local function append(call, at, kind, id, author, mark)
  if mark == '' then
    return call('XADD', deliveriesKey, at, 'kind', kind, 'id', id, 'author', author)
  end
  return call('XADD', deliveriesKey, at, 'kind', kind, 'id', id, 'author', author, 'mark', mark)
end

-- Puts an event into `deliveries`, at a time that is not before that of its post, whatever this node's clock says. Answers the
-- entry.
local function record(kind, id, author, mark)
  if id > now and timeOf(id) > now then
    -- Refused where the newest entry is later already, as then is this one.
    local entry = append(redis.pcall, timeOf(id) .. '-*', kind, id, author, mark)
    if type(entry) == 'string' then
      return entry
    end
  end
  return append(redis.call, '*', kind, id, author, mark)
end
