import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { places } from '../../src/layout/paths.ts';
import { seedCluster } from '../fixtures/clusters.ts';
import { fileOf, state } from './support.ts';

/** What haproxy says of a server: its state and the result of its last check. */
type Said = 'UP L7OK' | `DOWN ${string}`;
/** What it says from a tenth of a second on, by its number. */
type Course = Readonly<Record<number, Said>>;

const script = fileOf(state(seedCluster(), 'node-1', 'node'), places.balancerScript);
const table = (course: Course) =>
  Object.entries(course)
    .map(([from, said]) => `[${from}] = "${said}"`)
    .join(', ');

const successorTables = (successor: Successor | undefined): string =>
  typeof successor === 'object'
    ? Object.entries(successor)
        .map(([name, course]) => `${name} = { ${table(course)} }`)
        .join(', ')
    : '';

/** What the worker that has replaced this one answers: on which servers, or nothing at all. */
type Successor = Readonly<Record<string, Course>> | 'silent';

/**
 * haproxy's Lua runs the script for 70 s of its time, with stand-ins of haproxy's own functions. Returns when it closed the first server's
 * connections, in tenths of a second.
 */
function closedAt(
  backend: 'masters' | 'members',
  first: Course,
  second: Course = { 1: 'UP L7OK' },
  successor?: Successor,
): readonly number[] {
  const folder = mkdtempSync(join(tmpdir(), 'balancer-script-'));
  const at = (name: string) => join(folder, name);
  const driver = `local tick, task = 0, nil
local function server(course, name)
  local said
  return {
    get_stats = function()
      said = course[tick] or said
      local status, check = said:match("(%S+) (%S+)")
      return { status = status, check_status = check }
    end,
    shut_sess = function() print(name .. " " .. tick) end,
  }
end
local others = { ${successorTables(successor)} }
function answer()
  local text = "# pxname,svname,status,check_status,\\n"
  for name, course in pairs(others) do
    local said
    for now = 1, tick do said = course[now] or said end
    text = text .. "${backend}," .. name .. "," .. said:gsub(" ", ",") .. ",\\n"
  end
  return text .. "\\n"
end
local servers = { one = server({ ${table(first)} }, "one"), two = server({ ${table(second)} }, "two") }
core = {
  backends = { { name = "${backend}", servers = servers } },
  register_task = function(work) task = coroutine.create(work) end,
  msleep = function(ms) assert(ms == 100) coroutine.yield() end,
  log = function() end,
  get_info = function() return { Stopping = "${successor === undefined ? 0 : 1}" } end,
  tcp = function() return {
    settimeout = function() end, close = function() end, send = function() end,
    connect = function(_, where) assert(where == "abns@k8s-ha-action-balancer-${backend}") return ${successor !== 'silent'} end,
    receive = function() return answer() end,
  } end,
}
dofile("${at('haproxy.lua')}")
assert(coroutine.resume(task))
for now = 1, 700 do
  tick = now
  assert(coroutine.resume(task))
end
`;
  try {
    writeFileSync(at('haproxy.lua'), script);
    writeFileSync(at('driver.lua'), driver);
    writeFileSync(
      at('haproxy.cfg'),
      `global\n  lua-load ${at('driver.lua')}\nlisten one\n  mode tcp\n  bind 127.0.0.1:1\n  timeout client 1s\n  timeout server 1s\n  timeout connect 1s\n`,
    );
    const said = execFileSync('haproxy', ['-c', '-f', at('haproxy.cfg')], { encoding: 'utf8' });
    return [...said.matchAll(/^one (\d+)$/gm)].map(([, tick]) => Number(tick));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('an API server that is slow keeps its connections longer than its own load balancer needs to leave a slow etcd member', () => {
  const slow = { 1: 'DOWN L7TOUT' } as const;
  expect(closedAt('members', slow)).toEqual([10]);
  expect(closedAt('masters', slow)).toEqual([50]);
  // The check of a member: within 1 s, for 1 s, again after 0.25 s, for 1 s. The check of an API server: for 0.6 s, again after 0.25 s, for 0.6 s.
  const [left, cut] = [1000 + 1000 + 250 + 1000 + 1000, 600 + 250 + 600 + 5000];
  expect(cut - left).toBeGreaterThan(2000);
});

test('one that answers again before that, or says that it is not ready, keeps them', () => {
  expect(closedAt('masters', { 1: 'DOWN L7TOUT', 49: 'UP L7OK', 60: 'DOWN L7TOUT', 100: 'DOWN L7STS' })).toEqual([]);
});

test.each(['masters', 'members'] as const)(
  'of %s that complete no handshake, or refuse clients, they are closed at once',
  (backend) => {
    for (const check of ['L4TOUT', 'L6TOUT', 'HANA']) expect(closedAt(backend, { 1: `DOWN ${check}` })).toEqual([5]);
    expect(closedAt(backend, { 1: 'DOWN L7TOUT', 8: 'DOWN L6TOUT' })).toEqual([8]);
  },
);

test('while no other server is up, only those of one that vanished are closed, and later', () => {
  const others = { 1: 'DOWN L7TOUT' } as const;
  expect(closedAt('masters', { 1: 'DOWN L4TOUT' }, others)).toEqual([30]);
  for (const check of ['L6TOUT', 'L7TOUT']) expect(closedAt('masters', { 1: `DOWN ${check}` }, others)).toEqual([]);
  expect(closedAt('masters', { 1: 'DOWN L7TOUT' }, { 1: 'DOWN L7TOUT', 20: 'UP L7OK' })).toEqual([69]);
});

test('a worker that a reload has replaced goes by what its successor says, within half a second', () => {
  const up = { 1: 'UP L7OK' } as const;
  const frozen = { 1: 'UP L7OK', 101: 'DOWN L6TOUT' } as const;
  const [own] = closedAt('masters', frozen);
  expect(own).toBe(105);
  const [asked = 0, ...more] = closedAt('masters', up, up, { one: frozen, two: up });
  expect([asked >= 105, asked <= 110, more]).toEqual([true, true, []]);
  expect(closedAt('masters', up, up, { one: up, two: up })).toEqual([]);
});

test('it closes connections to a server that has left after a minute, and all if it gets no answer for 5 s', () => {
  const up = { 1: 'UP L7OK' } as const;
  expect(closedAt('masters', up, up, { two: up })).toEqual([605]);
  expect(closedAt('members', up, up, 'silent')).toEqual([55]);
});
