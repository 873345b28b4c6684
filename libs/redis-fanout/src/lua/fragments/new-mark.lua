--@include construction-mark

-- The mark of a construction that begins now.
local function newMark(buildMs, random)
  return string.format('-%d%06d', nowMs() + tonumber(buildMs), tonumber(random))
end
