-- An entry is below an id when it is smaller, or when it is the mark of a timeline under construction. The mark is
-- told by its minus sign: comparing texts follows the server's locale, where punctuation may count for nothing.
local function isBelow(entry, id)
  return string.byte(entry) == 45 or entry < id
end

-- The last of the first `count` places whose entry is not above an id, by halving; -1 where there is none.
local function placeOf(key, id, count)
  local from, to = -1, count - 1
  while from < to do
    local middle = math.floor((from + to + 1) / 2)
    local entry = redis.call('LINDEX', key, middle)
    if entry == id or isBelow(entry, id) then
      from = middle
    else
      to = middle - 1
    end
  end
  return from
end

-- Newest entries that are looked at first.
local NEAR = 16

-- Puts an id at its place in a list of ids, oldest first. Answers 'inserted', 'present' (nothing done), or 'older'
-- (smaller than every entry; nothing done). A late id is mostly among the newest: then what is above it is taken off and put
-- on again, which costs less than LINSERT, as that looks through the list from its other end. Further down the place is
-- found by halving, as reading 800 entries takes ten times as long.
local function insertSorted(key, id)
  local entries = redis.call('LRANGE', key, -NEAR, -1)
  for i = #entries, 1, -1 do
    local entry = entries[i]
    if entry == id then
      return 'present'
    end
    if isBelow(entry, id) then
      if i < #entries then
        redis.call('RPOP', key, #entries - i)
      end
      redis.call('RPUSH', key, id, unpack(entries, i + 1))
      return 'inserted'
    end
  end
  local count = redis.call('LLEN', key) - #entries
  local place = placeOf(key, id, count)
  if place < 0 then
    return 'older'
  end
  local entry = redis.call('LINDEX', key, place)
  if entry == id then
    return 'present'
  end
  redis.call('LINSERT', key, 'AFTER', entry, id)
  return 'inserted'
end
