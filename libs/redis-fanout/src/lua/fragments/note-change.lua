-- Notes that the body of a post is another one by now, in the step that makes it so: whoever keeps bodies looks at
-- `changedKey` to see whether any has changed, and in `changesKey` which.
local MAX_CHANGES = 1000

local function noteChange(changedKey, changesKey, id)
  redis.call('SET', changedKey, redis.call('XADD', changesKey, 'MAXLEN', '~', MAX_CHANGES, '*', 'id', id))
end
