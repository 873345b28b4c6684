-- The events in an entry of `deliveries`: see append-events.
local function eventsOf(entry)
  local events = {}
  for event in string.gmatch(entry[2][2], '[^,]+') do
    events[#events + 1] = event
  end
  return events
end

-- An event's kind, id, author and detail.
local function partsOf(event)
  if string.byte(event) <= 57 then
    return 'published', string.sub(event, 1, 19), string.sub(event, 20), ''
  end
  local kind, name, detail = string.match(event, '^(%l+) (%S+) (.*)$')
  return kind, string.sub(name, 1, 19), string.sub(name, 20), detail
end
