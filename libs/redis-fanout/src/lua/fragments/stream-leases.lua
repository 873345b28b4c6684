-- A lease is kept as the idle time of a pending entry, which is set so that it reaches a full day when the lease is over:
-- each taker has a lease of its own, and no other key is needed. Nobody but Redis knows who took an entry: leases decide.
local FULL_MS = 86400000
local CONSUMER = 'redis-fanout'

-- Begins the leases of pending entries anew; ids that are not pending change nothing. Answers those that are.
local function lease(streamKey, group, ids, leaseMs)
  if #ids == 0 then
    return {}
  end
  local call = { 'XCLAIM', streamKey, group, CONSUMER, 0 }
  for _, id in ipairs(ids) do
    call[#call + 1] = id
  end
  call[#call + 1] = 'IDLE'
  call[#call + 1] = FULL_MS - leaseMs
  call[#call + 1] = 'JUSTID'
  return redis.call(unpack(call))
end

-- Lays pending entries down: anybody can take them, after so many attempts.
local function lay(streamKey, group, ids, attempts)
  if #ids == 0 then
    return
  end
  local call = { 'XCLAIM', streamKey, group, CONSUMER, 0 }
  for _, id in ipairs(ids) do
    call[#call + 1] = id
  end
  for _, argument in ipairs({ 'IDLE', FULL_MS, 'RETRYCOUNT', attempts, 'JUSTID' }) do
    call[#call + 1] = argument
  end
  redis.call(unpack(call))
end

-- Which handing out of a pending entry is the last one: who has had an earlier one holds it no more.
local function attemptOf(streamKey, group, id)
  local pending = redis.call('XPENDING', streamKey, group, id, id, 1)[1]
  return pending and pending[4]
end
