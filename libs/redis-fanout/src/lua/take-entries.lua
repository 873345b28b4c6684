#!lua flags=allow-oom
-- Takes the oldest entries that a group has not acknowledged and nobody holds, and holds them for the time of a lease:
-- first those whose lease is over. One that was taken too often becomes a dead letter instead. What is taken and
-- acknowledged frees memory, so it is done when Redis is out of it.
--
-- KEYS stream, deadLetters
-- ARGV group, limit, leaseMs, maxAttempts, maxDeadLetters
-- Returns for each entry {id, attempt, {field, value, ...}}; fails with NOGROUP where the group does not exist
--@include stream-leases
local streamKey, deadLettersKey = unpack(KEYS, 1, 2)
local group = ARGV[1]
local limit, leaseMs, maxAttempts, maxDeadLetters = unpack(ARGV, 2, 5)
limit, leaseMs, maxAttempts = tonumber(limit), tonumber(leaseMs), tonumber(maxAttempts)

-- Entries that one call reads at most, about.
local MAX_READ = 2000

local taken, unread = {}, MAX_READ

local function bury(id, attempts)
  local entry = redis.call('XRANGE', streamKey, id, id)[1]
  if entry then
    redis.call('XADD', deadLettersKey, 'MAXLEN', '=', maxDeadLetters, '*', 'id', id, 'attempts', attempts, unpack(entry[2]))
  end
  redis.call('XACK', streamKey, group, id)
end

-- Whether an entry is for this group: dead letters come again to their own group alone.
local function isWanted(entry)
  local fields = entry[2]
  return fields[#fields - 1] ~= 'to' or fields[#fields] == group
end

-- Answers whether there may be more.
local function takeOverdue()
  local wanted = limit - #taken
  local overdue = redis.call('XPENDING', streamKey, group, 'IDLE', FULL_MS, '-', '+', wanted)
  for _, pending in ipairs(overdue) do
    local id, attempts = pending[1], pending[4]
    if attempts >= maxAttempts then
      bury(id, attempts)
    else
      -- An entry that is not in the stream any more is no longer pending after this.
      local entry = redis.call('XCLAIM', streamKey, group, CONSUMER, 0, id, 'IDLE', FULL_MS - leaseMs, 'RETRYCOUNT',
        attempts + 1)[1]
      if entry and isWanted(entry) then
        taken[#taken + 1] = { id, attempts + 1, entry[2] }
      elseif entry then
        redis.call('XACK', streamKey, group, id)
      end
    end
  end
  unread = unread - #overdue
  return #overdue == wanted
end

-- Answers how many entries it has read.
local function takeNew()
  local reply = redis.call('XREADGROUP', 'GROUP', group, CONSUMER, 'COUNT', limit - #taken, 'STREAMS', streamKey, '>')
  if not reply then
    return 0
  end
  local ids = {}
  for _, entry in ipairs(reply[1][2]) do
    if isWanted(entry) then
      ids[#ids + 1] = entry[1]
      taken[#taken + 1] = { entry[1], 1, entry[2] }
    else
      redis.call('XACK', streamKey, group, entry[1])
    end
  end
  lease(streamKey, group, ids, leaseMs)
  return #reply[1][2]
end

while #taken < limit and unread > 0 and takeOverdue() do
  -- What became a dead letter makes room for more.
end
-- Behind entries that are not wanted there may be more.
while #taken < limit and unread > 0 do
  local count = takeNew()
  if count == 0 then
    break
  end
  unread = unread - count
end
return taken
