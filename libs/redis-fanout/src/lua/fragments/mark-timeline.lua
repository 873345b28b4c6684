--@include new-mark

-- Marks a live timeline where it stands: it keeps its entries, and what is to be brought in is brought into it. Answers as
-- the scripts do; a timeline that was just being built is dropped, as it may not know of the change.
local function markedTimeline(key, buildMs, random)
  local first = redis.call('LINDEX', key, '0')
  if not first then
    return { 'cold' }
  end
  if isMark(first) then
    redis.call('DEL', key)
    return { 'cold' }
  end
  local mark = newMark(buildMs, random)
  redis.call('LSET', key, '0', mark)
  return { 'marked', mark, (floorAndMark(first)) }
end
