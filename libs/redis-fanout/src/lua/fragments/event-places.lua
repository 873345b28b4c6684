-- What happened in a partition stands in `deliveries`, up to five events of a call in an entry. The place of an event is the id
-- of its entry with one more digit, which is where it stands in that: '1700000000000-12' and 3 give '1700000000000-123'. So
-- places ascend as ids do, and the entry of a place is known.
local EVENTS_OF_AN_ENTRY = 5

local function eventPlace(entryId, index)
  -- (A sequence of 0 is left out.)
  return (string.gsub(entryId, '%-0$', '-')) .. index
end
