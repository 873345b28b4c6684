-- Wants `lastPositionKey` to be named above.

-- Microseconds, so that positions tell when a message was published; never the same twice.
local function nextPosition()
  local time = redis.call('TIME')
  local position = math.max(time[1] * 1000000 + time[2], tonumber(redis.call('GET', lastPositionKey) or 0) + 1)
  local digits = string.format('%.0f', position)
  redis.call('SET', lastPositionKey, digits)
  return digits
end
