#!lua
-- Delivers a batch of events to one partition: pushes each post to the timelines of the author's followers that live
-- here, or puts it once into the author's `recent` list where they are too many. May be repeated at will: a post that
-- is already in its place stays there, and what was told is not told again. Does a bounded amount of work and says how
-- far it came.
--
-- KEYS newestEntry, pulled, recentChanged, recentChanges, online, deliveries, recorded, recordedBefore, guard (never set:
--   while the slot moves to another node, where some of the keys are not yet, a cluster refuses the call)
-- ARGV partition, maxPushFollowers, maxEntries, maxRecent, maxDeliveries, budget, buildMs, followersStem, timelineStem,
--   recentStem, liveStem, notifierStem, then each event: '<id><author>' of a post that is to be
--   published, or '<kind> <id> <author> <mark> <cursor>'; the mark tells edits of a post apart and is empty otherwise, the
--   cursor is empty at first
-- Returns for each event begun, when it is done: '<pushed> <skippedInactive> <leftToPull>' of its followers, or the first
--   of them alone, as a number, where the others are 0; before that its cursor, which begins with a letter
--
-- maxPushFollowers -1: push to all. `budget` is counted in pushes, or what takes as long.
--@include insert-sorted
--@include construction-mark
local newestEntryKey, pulledKey, recentChangedKey, recentChangesKey = unpack(KEYS, 1, 4)
local onlineKey, deliveriesKey, recordedKey, recordedBeforeKey = unpack(KEYS, 5, 8)
local partition, maxPushFollowers, maxEntries, maxRecent, maxDeliveries, budget, buildMs = unpack(ARGV, 1, 7)
local followersStem, timelineStem, recentStem, liveStem, notifierStem = unpack(ARGV, 8, 12)
maxPushFollowers, maxEntries, maxRecent = tonumber(maxPushFollowers), tonumber(maxEntries), tonumber(maxRecent)
budget = tonumber(budget)
local spent = 0
-- What became of an event's followers so far: in whose timelines it is, who has none, and who is left to pull it or has it
-- below the floor.
local pushed, inactive, below = 0, 0, 0
-- Looked up once, for what is run for each event or each follower.
local call, substring, byte = redis.call, string.sub, string.byte
-- Followers, or connected readers, that are served between two looks at the budget; and one more, as an argument: a number
-- would be put into digits with each call, which takes longer than many a command.
local STEP, ONE_MORE_THAN_STEP = 200, '201'

--@include record-event

-- Made when an event has to be looked for, as few have: most calls are short, and to make functions is a good part of them.
local lookForEvent
local function isRecorded(kind, id, name, mark)
  -- So that events of this call are found, too.
  writeEvents()
  lookForEvent = lookForEvent or (function()
--@include recorded-events
    return isRecorded
  end)()
  return lookForEvent(kind, id, name, mark)
end

local newest = redis.call('GET', newestEntryKey) or ''
-- Nothing where nobody is connected.
local tellAudience = redis.call('EXISTS', onlineKey) == 1 and (function()
--@include tell-audience
  return tellAudience
end)()

-- Lists grow by an eighth before they are cut, so that most pushes cut nothing.
local function longest(limit)
  return limit + 1 + math.floor(limit / 8)
end
local longestTimeline = longest(maxEntries)
local FIRST, LAST = '0', '-1'

-- The first entry is the floor: cutting makes the first one kept the new floor. A timeline under construction is left whole,
-- unless its builder gave up.
local function cut(key, limit)
  local first = redis.call('LINDEX', key, FIRST)
  if not isMark(first) then
    redis.call('LTRIM', key, string.format('%d', -limit - 1), LAST)
    local _, mark = floorAndMark(first)
    if mark ~= '' then
      redis.call('LSET', key, FIRST, redis.call('LINDEX', key, FIRST) .. mark)
    end
  elseif isOverdue(first, buildMs) then
    redis.call('DEL', key)
  end
end

local function cutIfLong(key, length, limit)
  if length > longest(limit) then
    cut(key, limit)
  end
end

-- Puts an id that is newer than all before it into the timelines of readers, where they exist.
local function pushNewest(readers, id)
  local count, missing = #readers, 0
  for i = 1, count do
    local key = timelineStem .. readers[i]
    local length = call('RPUSHX', key, id)
    if length > longestTimeline then
      cut(key, maxEntries)
    elseif length == 0 then
      missing = missing + 1
    end
  end
  pushed, inactive, spent = pushed + count - missing, inactive + missing, spent + count
end

-- Puts an id into a timeline, if that exists.
local function push(key, id)
  spent = spent + 1
  local newestEntry = redis.call('LINDEX', key, LAST)
  if not newestEntry then
    inactive = inactive + 1
    return
  end
  if isBelow(newestEntry, id) then
    cutIfLong(key, redis.call('RPUSHX', key, id), maxEntries)
  else
    spent = spent + 2
    if not isBelow(redis.call('LINDEX', key, FIRST), id) then
      below = below + 1
      return
    end
    spent = spent + 10
    if insertSorted(key, id) == 'inserted' then
      cutIfLong(key, redis.call('LLEN', key), maxEntries)
    end
  end
  pushed = pushed + 1
end

-- Puts a post of a large author into the author's `recent` list, or takes it out. The floor stays, also where it is that id:
-- without it the list would look complete.
local function changeRecent(kind, author, id)
--@include note-change
  local key = recentStem .. author
  spent = spent + 5
  if kind ~= 'published' then
    if redis.call('LINDEX', key, FIRST) ~= id and redis.call('LREM', key, -1, id) > 0 then
      noteChange(recentChangedKey, recentChangesKey, author)
    end
  elseif redis.call('EXISTS', key) == 0 then
    redis.call('RPUSH', key, '0', id)
    redis.call('SADD', pulledKey, author)
    noteChange(recentChangedKey, recentChangesKey, author, 'new', '1')
  elseif insertSorted(key, id) == 'inserted' then
    noteChange(recentChangedKey, recentChangesKey, author)
    cutIfLong(key, redis.call('LLEN', key), maxRecent)
  end
end

-- Puts a post into the timelines of readers, or takes it out.
local function serve(readers, kind, id, isNewest)
  if isNewest then
    pushNewest(readers, id)
    return
  end
  for _, reader in ipairs(readers) do
    local key = timelineStem .. reader
    if kind == 'published' then
      push(key, id)
    else
      redis.call('LREM', key, -1, id)
      spent = spent + 20
    end
  end
end

-- Serves the followers of an author who has more than fit into a step. Answers '' where all are served, and the next cursor
-- before that.
local function walkFollowers(followersKey, cursor, kind, id, isNewest)
--@include walk-sets
  -- A cursor is '<walk><place> <pushed> <inactive> <below>': a letter for the kind of walk, where that goes on, and what was
  -- counted so far. One of another kind, as the set is another kind of set by now, begins anew, and so does the count.
  local walkKind, walk = 's', walkSet
  if redis.call('OBJECT', 'ENCODING', followersKey) == 'intset' then
    walkKind, walk = 'i', walkIntegers
  end
  local place = ''
  local itsKind, itsPlace, itsPushed, itsInactive, itsBelow = string.match(cursor, '^(%l)(%S+) (%d+) (%d+) (%d+)$')
  if itsKind == walkKind then
    place, pushed, inactive, below = itsPlace, tonumber(itsPushed), tonumber(itsInactive), tonumber(itsBelow)
  end
  place = walk(followersKey, place, function(readers)
    serve(readers, kind, id, isNewest)
  end)
  return place == '' and '' or table.concat({ walkKind .. place, pushed, inactive, below }, ' ')
end

-- Delivers an event, of which `name` is id and author, from where its cursor says. Answers '' when it is done, its cursor before
-- that, and nil where it could not be begun: where the call's work is used up by looking for its entry in `deliveries`.
local function deliver(name, kind, id, author, mark, cursor)
  local followersKey = followersStem .. author
  -- One more than a step: a set that is no larger is given whole.
  local few = call('SRANDMEMBER', followersKey, ONE_MORE_THAN_STEP)
  local count = #few
  if count > STEP then
    few, count = nil, call('SCARD', followersKey)
    spent = spent + STEP / 16
  end
  local isHome = substring(id, 14, 16) == partition
  pushed, inactive, below, spent = 0, 0, 0, spent + 1
  if count == 0 and not isHome then
    return ''
  end

  local isNewest = kind == 'published' and id > newest
  if isNewest then
    newest = id
  end
  if cursor == '' then
    -- A repeated delivery has its entry in `deliveries` already, and told it to those who are connected.
    local recorded = isNewest and 'no' or isRecorded(kind, id, name, mark)
    if recorded == 'unknown' then
      return nil
    end
    if recorded == 'no' then
      record(kind, id, name, mark)
      if tellAudience then
        tellAudience(followersKey, count, author, isHome, kind, id)
      end
    end
    if isHome and kind ~= 'edited' then
      serve({ author }, kind, id, isNewest)
      -- The author is no follower, and is not counted.
      pushed, inactive, below = 0, 0, 0
    end
  end
  if kind == 'edited' then
    return ''
  end
  if maxPushFollowers < 0 or count <= maxPushFollowers then
    if not few or cursor ~= '' then
      return walkFollowers(followersKey, cursor, kind, id, isNewest)
    end
    serve(few, kind, id, isNewest)
    return ''
  end
  changeRecent(kind, author, id)
  if kind == 'published' then
    below = count
  end
  return ''
end

local function deliverArgument(event)
  if byte(event) <= 57 then
    return deliver(event, 'published', substring(event, 1, 19), substring(event, 20), '', '')
  end
  local kind, id, author, mark, cursor = string.match(event, '^(%l+) (%d+) (%S+) (%d*) (.*)$')
  return deliver(id .. author, kind, id, author, mark, cursor)
end

local results = {}
local function deliverAll()
  for i = 13, #ARGV do
    local outcome = deliverArgument(ARGV[i])
    if outcome == '' then
      local isPlain = inactive == 0 and below == 0
      outcome = isPlain and pushed or table.concat({ pushed, inactive, below }, ' ')
    end
    results[i - 12] = outcome
    if not outcome or spent >= budget then
      return
    end
  end
end

-- What was begun is noted and recorded however the call ends: its repetition must not take the short way.
local noted = newest
local isDone, failure = pcall(deliverAll)
if newest ~= noted then
  redis.call('SET', newestEntryKey, newest)
end
writeEvents()
if not isDone then
  return type(failure) == 'table' and failure or redis.error_reply(failure)
end
return results
