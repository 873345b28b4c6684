-- Notes a change of something that processes keep, in the step that makes it: they look at `changedKey` to see whether
-- anything has changed, and in `changesKey` what. More fields may say more of it.
local MAX_CHANGES = 1000

local function noteChange(changedKey, changesKey, id, ...)
  local entry = redis.call('XADD', changesKey, 'MAXLEN', '~', MAX_CHANGES, '*', 'id', id, ...)
  redis.call('SET', changedKey, entry)
end
