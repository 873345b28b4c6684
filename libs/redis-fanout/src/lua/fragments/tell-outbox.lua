-- Notes for the fan-out what happened to a post, and wakes those who wait for it: the channel is called as the stream is.
local function tellOutbox(outboxKey, kind, id, author)
  local event = '{"kind":"' .. kind .. '","id":"' .. id .. '","author":"' .. author .. '"}'
  local entry = redis.call('XADD', outboxKey, '*', 'pattern', 'post', 'data', event)
  redis.call('SPUBLISH', outboxKey, '')
  return entry
end
