/**
 * For how many seconds a server that completes handshakes but answers its checks late keeps its connections while another server is up. New
 * connections go to the others.
 *
 * - An etcd member: all are slow after an election, one a moment before another.
 * - An API server may only be slow because its etcd member is. Its master's load balancer leaves that member within 4.3 s (two checks in 3.3 s, and
 *   the second above), and then the API server answers the requests in flight. A node's checks of it fail after 1.5 s already, so this is longer
 *   than the difference, with a reserve for a busy host.
 */
const slowSeconds = { members: 1, masters: 5 } as const;

/** The name of a load balancer's servers in its configuration. */
export type Backend = keyof typeof slowSeconds;

const ticksASecond = 10;
const slowTicks = Object.entries(slowSeconds).map(([name, seconds]) => `${name} = ${seconds * ticksASecond}`);

const successors = 'abns@k8s-ha-action-balancer-';
/** Where a worker that a reload has replaced asks its successor: an abstract socket (unix(7)), which it can reach from its empty root directory. */
export const successorOf = (backend: Backend): string => `${successors}${backend}`;

/** For how long connections to a server that has left the list are kept: they end by themselves when it stops, unless its host vanished before. */
const leftSeconds = 60;
/** How long a worker that does not reach its successor keeps its connections, of whose servers it knows nothing. */
const blindSeconds = 5;
const asksASecond = 2;

/**
 * For a worker that a reload has replaced: its successor's servers by name, as `get_stats` has them, asked twice a second. It closes the connections
 * to a server that is not among them after {@link leftSeconds}, and all if it has no answer for {@link blindSeconds}. Source of the format:
 * haproxy's management guide, 9.1 (CSV).
 */
const askSuccessor = `local ticks, replaced, known, blind, left = 0, false, nil, 0, 0

local function ask(backend)
  local socket = core.tcp()
  socket:settimeout(1)
  local text = nil
  if socket:connect("${successors}" .. backend.name) then
    socket:send("show stat " .. backend.name .. " 4 -1\\n")
    text = socket:receive("*a")
  end
  socket:close()
  if not text or not text:find("check_status", 1, true) then return nil end
  local names, servers = nil, {}
  for line in text:gmatch("[^\\n]+") do
    local values, row = {}, {}
    for value in (line .. ","):gmatch("([^,]*),") do values[#values + 1] = value end
    if not names then
      names = values
    else
      for i, name in ipairs(names) do row[name] = values[i] end
      servers[row["svname"]] = row
    end
  end
  return servers
end

local function close(backend, name, why)
  backend.servers[name]:shut_sess()
  core.log(core.notice, "Connections to " .. backend.name .. "/" .. name .. " are closed: " .. why)
end

local function successor(backend)
  ticks = ticks + 1
  if not replaced and ticks % ${ticksASecond} == 0 then replaced = tostring(core.get_info()["Stopping"]) == "1" end
  if not replaced or ticks % ${ticksASecond / asksASecond} ~= 0 then return known end
  local servers = ask(backend)
  blind = servers and 0 or blind + 1
  left = left + 1
  known = servers or known
  for name in pairs(backend.servers) do
    if blind == ${blindSeconds * asksASecond} then close(backend, name, "unknown whether it answers") end
    if servers and not servers[name] and left % ${leftSeconds * asksASecond} == 0 then close(backend, name, "it has left") end
  end
  return known
end
`;

/**
 * Ends connections to a server that no longer answers checks. A frozen server acknowledges every packet, and on a
 * watch no data is sent whose acknowledgement could be missing: otherwise the clients wait for their own pings to fail.
 *
 * - Not by `on-marked-down shutdown-sessions`, which would also end connections that are still being made and would be
 *   redispatched: those get more than 300 ms, their connect time-out.
 * - Only after a check timed out, or after three clients in a row got no connection (HANA): an API server that reports its
 *   shutdown (500) may finish its requests.
 * - Also for connections to its unchecked twin, which were made while every check failed, and which no check monitors.
 * - A server that completes handshakes and answers late (L7TOUT) is slow and may recover soon: {@link slowSeconds}.
 * - If no other server is up, the checks may be wrong: then only after 3 s without even a TCP handshake (L4TOUT),
 *   which an overloaded server still answers. After a network outage, a surviving connection is worse than none: the
 *   far end sends its pending data only when its retransmission timer expires, which takes as long again as the outage (RFC 6298, 5.5).
 */
export const closeSilentSessions = `${askSuccessor}
local silent, replaceable, closed = {}, {}, {}
local slow = { ${slowTicks.join(', ')} }

local function look(backend, known)
  local up = 0
  local function says(name, server) return known and known[name] or server:get_stats() end
  for name, server in pairs(backend.servers) do
    if says(name, server)["status"]:find("^UP") then up = up + 1 end
  end
  for name, server in pairs(backend.servers) do
    local stats = says(name, server)
    local check = stats["check_status"] or ""
    local gone = stats["status"]:find("^DOWN") and (check:find("TOUT") or check == "HANA")
    local place = backend.name .. "/" .. name
    if not gone then
      silent[place], replaceable[place], closed[place] = nil, nil, nil
    elseif not closed[place] then
      silent[place] = (silent[place] or 0) + 1
      replaceable[place] = up > 0 and (replaceable[place] or 0) + 1 or 0
      local away = silent[place] >= 30 and check:find("L4TOUT")
      local stuck = silent[place] >= 5 and not check:find("L7TOUT")
      if away or (up > 0 and (stuck or replaceable[place] >= slow[backend.name])) then
        closed[place] = true
        server:shut_sess()
        local twin = backend.servers[name .. "-unchecked"]
        if twin then twin:shut_sess() end
        core.log(core.notice, "Connections to the silent server " .. place .. " are closed")
      end
    end
  end
end

core.register_task(function()
  while true do
    core.msleep(${1000 / ticksASecond})
    for _, backend in pairs(core.backends) do
      if slow[backend.name] then look(backend, successor(backend)) end
    end
  end
end)
`;
