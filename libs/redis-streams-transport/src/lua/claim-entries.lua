#!lua flags=allow-oom
-- Delivers pending entries again, to this consumer: those it owns, and those whose owner has been silent for long
-- enough. The look and the claim are one step, so of several claimers one wins. Each claim counts as a delivery.
--
-- KEYS[1] stream
-- ARGV[1] group
-- ARGV[2] consumer
-- ARGV[3] minIdleMs
-- ARGV[4..] id
--
-- Returns for each entry claimed {id, deliveries (this one included), {field, value, ...}}.
local stream = KEYS[1]
local group, consumer, min_idle_ms = ARGV[1], ARGV[2], tonumber(ARGV[3])

local claimed = {}
for i = 4, #ARGV do
  local pending = redis.call('XPENDING', stream, group, ARGV[i], ARGV[i], 1)[1]
  if pending and (pending[2] == consumer or pending[3] >= min_idle_ms) then
    -- An entry that is no longer in the stream is dropped from the pending ones by XCLAIM.
    local entry = redis.call('XCLAIM', stream, group, consumer, 0, ARGV[i])[1]
    if entry then
      claimed[#claimed + 1] = { entry[1], pending[4] + 1, entry[2] }
    end
  end
end
return claimed
