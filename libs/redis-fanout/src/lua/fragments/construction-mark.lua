-- A timeline begins with its floor: everything above that id is in the list. While it is being built, the first entry is
-- a mark instead, `-<deadline in ms><6 random digits>`: deliveries land, but nobody reads the list as a timeline.
--@include now

local function isMark(entry)
  return string.byte(entry) == 45
end

-- Whether the builder has had its time. A deadline further away than one can be set was set by a clock that has gone
-- back since.
local function isOverdue(mark, buildMs)
  local leftMs = tonumber(string.sub(mark, 2, -7)) - nowMs()
  return leftMs < 0 or leftMs > tonumber(buildMs)
end
