#!lua flags=allow-oom
-- Moves a pending entry to the dead letters with its history, acknowledges it and trims, all or nothing.
-- Doing it again finds it gone.
--
-- KEYS[1] stream
-- KEYS[2] failures
-- KEYS[3] deadLetters
-- ARGV[1] group
-- ARGV[2] consumer
-- ARGV[3] id
-- ARGV[4] minIdleMs
-- ARGV[5] limit
-- ARGV[6] unknownError
--
-- Returns 'moved'; 'gone' where it is not pending (any more), or another consumer works on it; or 'full' where the
-- dead letters are at their limit: then nothing has changed.
local stream, failures, dead_letters = KEYS[1], KEYS[2], KEYS[3]
local group, consumer, id = ARGV[1], ARGV[2], ARGV[3]
local min_idle_ms, limit, unknown_error = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6]

-- @include trim-acknowledged

local pending = redis.call('XPENDING', stream, group, id, id, 1)[1]
if not pending or (pending[2] ~= consumer and pending[3] < min_idle_ms) then
  return 'gone'
end
local field = group .. ':' .. id
local entry = redis.call('XRANGE', stream, id, id)[1]
if entry then
  if redis.call('XLEN', dead_letters) >= limit then
    return 'full'
  end
  local values = { pattern = '', data = '' }
  for i = 1, #entry[2], 2 do
    values[entry[2][i]] = entry[2][i + 1]
  end
  local failure = redis.call('HGET', failures, field)
  local errors = failure and cjson.decode(failure) or { first = unknown_error, last = unknown_error }
  local time = redis.call('TIME')
  local at = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
  redis.call('XADD', dead_letters, '*', 'pattern', values.pattern, 'data', values.data, 'attempts', pending[4],
    'firstError', errors.first, 'lastError', errors.last, 'at', at, 'id', id)
end
redis.call('XACK', stream, group, id)
redis.call('HDEL', failures, field)
trim_acknowledged(stream)
return entry and 'moved' or 'gone'
