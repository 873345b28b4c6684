-- Which handing out of a message is the last one, as text: who has had an earlier one holds it no more. Its value is
-- `<attempt> <entry>`.
local function takenAttempt(takenKey, id)
  local value = redis.call('HGET', takenKey, id)
  return value and string.match(value, '^%d+')
end
