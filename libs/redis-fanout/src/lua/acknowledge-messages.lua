#!lua flags=allow-oom
-- Forgets messages of a recipient, taken or waiting; those that are not there (any more) change nothing.
--
-- KEYS inbox, taken, leases, guard (never set)
-- ARGV messageStem, then the ids
-- Returns the number of messages that were forgotten
local inboxKey, takenKey, leasesKey = unpack(KEYS, 1, 3)
local messageStem = ARGV[1]
--@include inbox-reply

local STEP = 100
-- No entry is like this.
local GONE = ''

-- Looks through what waits, the oldest first, until all that are sought are found; then takes them out at once.
local function forgetWaiting(sought, count)
  local forgotten, from = 0, 0
  while count > forgotten do
    local entries = redis.call('LRANGE', inboxKey, from, from + STEP - 1)
    if #entries == 0 then
      break
    end
    for i, entry in ipairs(entries) do
      local message = parseEntry(entry)
      if sought[message.id] then
        redis.call('LSET', inboxKey, from + i - 1, GONE)
        release(message)
        forgotten = forgotten + 1
      end
    end
    from = from + STEP
  end
  if forgotten > 0 then
    redis.call('LREM', inboxKey, forgotten, GONE)
  end
  return forgotten
end

local forgotten, count, sought = 0, 0, {}
for i = 2, #ARGV do
  local id = ARGV[i]
  local value = redis.call('HGET', takenKey, id)
  if value then
    redis.call('HDEL', takenKey, id)
    redis.call('ZREM', leasesKey, id)
    release(parseTaken(value))
    forgotten = forgotten + 1
  elseif not sought[id] then
    sought[id] = true
    count = count + 1
  end
end
return forgotten + forgetWaiting(sought, count)
