-- Puts events into `deliveries`. Wants `deliveriesKey` and `call` to be named above.

-- The time of an id, in milliseconds, and what it is now, in microseconds: as texts, which begin alike.
local function timeOf(id)
  return string.sub(id, 1, 13)
end
local time = redis.call('TIME')
local now = string.format('%s%06d', time[1], time[2])

-- Puts an event into `deliveries`, at a time that is not before that of its post, whatever this node's clock says. Answers the
-- entry. Its first field is named by the kind, and has the id with the author behind it; a second one has the mark of an edit,
-- or '', which is as good as none.
local function record(kind, id, name, mark)
  if id > now and timeOf(id) > now then
    -- Refused where the newest entry is later already, as then is this one.
    local entry = redis.pcall('XADD', deliveriesKey, timeOf(id) .. '-*', kind, name, 'mark', mark)
    if type(entry) == 'string' then
      return entry
    end
  end
  if mark == '' then
    return call('XADD', deliveriesKey, '*', kind, name)
  end
  return call('XADD', deliveriesKey, '*', kind, name, 'mark', mark)
end
