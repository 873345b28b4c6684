-- A timeline begins with its floor: everything above that id is in the list. While it is being built, the first entry is
-- a mark instead, `-<deadline in ms><6 random digits>`: deliveries land, but nobody reads the list as a timeline. When it is
-- finished, the mark stays behind the floor: `<floor>-<digits>`. As whatever changes whom a reader follows has the timeline
-- built or marked, what somebody knows of that holds as long as those digits do.
--@include now

local function isMark(entry)
  return string.byte(entry) == 45
end

-- The floor of a live timeline, and the mark it was finished with ('' where somebody has written it by hand).
local function floorAndMark(first)
  return string.match(first, '^([^-]*)(.*)$')
end

-- Whether the builder has had its time. A deadline further away than one can be set was set by a clock that has gone
-- back since.
local function isOverdue(mark, buildMs)
  local leftMs = tonumber(string.sub(mark, 2, -7)) - nowMs()
  return leftMs < 0 or leftMs > tonumber(buildMs)
end
