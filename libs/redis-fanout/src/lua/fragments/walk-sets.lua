-- Walks through the members of a set of any size, and comes as far as a budget of its own allows: many an audience that a
-- call begins late comes to its end in it, and a walk that goes on has to look at each timeline. Wants `STEP`, `budget` and
-- `spent` to be named above.

-- Decimal numbers as texts: larger by sign, then by length, then by digits.
local function isGreater(a, b)
  local aNegative, bNegative = string.byte(a) == 45, string.byte(b) == 45
  if aNegative ~= bNegative then
    return bNegative
  end
  if #a ~= #b then
    return (#a > #b) ~= aNegative
  end
  return a ~= b and (a > b) ~= aNegative
end

-- Serves the members of a set of integers in ascending order, in which SMEMBERS gives them: the cursor is the last
-- member served. (SSCAN would give such a set whole.)
local function walkIntegers(followersKey, cursor, serve)
  local members = redis.call('SMEMBERS', followersKey)
  spent = spent + #members / 16
  -- From here on: each call reads the whole set, so the more it serves the better.
  local enough = spent + budget
  local first = 1
  while cursor ~= '' and first <= #members and not isGreater(members[first], cursor) do
    first = first + 1
  end
  while first <= #members do
    local last = math.min(first + STEP - 1, #members)
    serve({ unpack(members, first, last) })
    if last == #members then
      return ''
    end
    if spent >= enough then
      return members[last]
    end
    first = last + 1
  end
  return ''
end

-- Serves the members of a set in the order of its cursor.
local function walkSet(followersKey, cursor, serve)
  local enough = spent + budget
  local from = cursor == '' and '0' or cursor
  repeat
    local reply = redis.call('SSCAN', followersKey, from, 'COUNT', STEP)
    from = reply[1]
    serve(reply[2])
  until from == '0' or spent >= enough
  return from == '0' and '' or from
end
