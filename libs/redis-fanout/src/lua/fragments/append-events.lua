-- Puts events into `deliveries`: '<id><author>' where a post was published, '<kind> <id><author> <detail>' otherwise. The
-- detail tells the edits of a post apart, and names the recipient of a message. Wants `deliveriesKey`, `maxDeliveries` and
-- `partition` to be named above.
--@include event-places

-- Those of this call that are not written yet, and where the last one stands that is.
local waiting, waitingCount = {}, 0
local lastEntryId, lastIndex

-- Writes what waits, as one entry; at a time, '<ms>-*', where one is given and the newest entry is not later already.
local function writeEvents(at)
  if waitingCount == 0 then
    return
  end
  local events = table.concat(waiting, ',', 1, waitingCount)
  lastEntryId = at and redis.pcall('XADD', deliveriesKey, 'MAXLEN', '~', maxDeliveries, at, 'events', events)
  if type(lastEntryId) ~= 'string' then
    lastEntryId = redis.call('XADD', deliveriesKey, 'MAXLEN', '~', maxDeliveries, '*', 'events', events)
  end
  lastIndex, waitingCount = waitingCount - 1, 0
end

local function append(event)
  if waitingCount == EVENTS_OF_AN_ENTRY then
    writeEvents()
  end
  waitingCount = waitingCount + 1
  waiting[waitingCount] = event
end

-- Names the event that was appended last, among all of all partitions. It is written, and those before it.
local function nameOfLast()
  writeEvents()
  return partition .. '-' .. eventPlace(lastEntryId, lastIndex)
end
