-- Notes for the fan-out what happened to a post, and wakes those who wait for it: the channel is called as the stream is.
-- What can happen to a post several times has a mark each time.
local function tellOutbox(outboxKey, kind, id, author, mark)
  local event = '{"kind":"' .. kind .. '","id":"' .. id .. '","author":"' .. author .. '"'
  if mark then
    event = event .. ',"mark":"' .. mark .. '"'
  end
  event = event .. '}'
  local entry = redis.call('XADD', outboxKey, '*', 'pattern', 'post', 'data', event)
  redis.call('SPUBLISH', outboxKey, '')
  return entry
end
