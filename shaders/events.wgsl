// Events: those that NetCons bring in a window, those that instances send to themselves and to others.
//
// An instance has SLOTS places for events to itself. One invocation runs a cell whose instances send events, so that
// nobody else changes what belongs to it meanwhile.

/// A NetCon: mechanism, item of the block, offset of its arguments.
const TARGET_WORDS: u32 = 3u;

/// INITIAL inside NET_RECEIVE, for every NetCon that ends in the cell.
fn initialise_netcons(clock: Clock) {
    let end = tables[group.target_start + lane + 1u];
    for (var index = tables[group.target_start + lane]; index < end; index++) {
        let at = group.targets + index * TARGET_WORDS;
        net_initialise(tables[at], tables[at + 1u], tables[at + 2u], real(0.0), clock);
    }
}

/// An event in `window`: step in the window, mechanism, item of the block, offset of the NetCon's
/// arguments, time, time of sending.
const EVENT_WORDS: u32 = 4u + 2u * REAL_WORDS;

/// The range of a cell's events, as numbers of events.
fn events_of() -> vec2<u32> {
    let start = window[WINDOW_EVENT_START];
    if start == 0u {
        return vec2<u32>(0u, 0u);
    }
    let at = start + group.first_cell + lane;
    return vec2<u32>(window[at], window[at + 1u]);
}

/// A waiting event in `values`: time, time of sending, order of sending (0: there is none), flag, and the offset of the
/// arguments of the NetCon whose event was handled when it was sent, or NO_NETCON.
const PENDING_REALS: u32 = 5u;
const PENDING_SENT: u32 = 1u;
const PENDING_ORDER: u32 = 2u;
const PENDING_FLAG: u32 = 3u;
const PENDING_ARGUMENT: u32 = 4u;

/// In place of an offset of arguments: an event that no NetCon has brought, nor anything that follows from one.
const NO_NETCON: u32 = 0xffffffffu;
/// The same as a real.
const NO_NETCON_REAL: real = real(-1.0);

/// In place of an index: no event.
const NONE: u32 = 0xffffffffu;

/// The next event of the cell to one of its instances.
struct Own {
    mechanism: u32,
    item: u32,
    /// Index in `values`, or NONE.
    at: u32,
}
var<private> own: Own;

/// The row of an item of point processes.
fn row_of(block: Block, item: u32) -> u32 {
    return place(block.items + 2u * item);
}

/// Whether an event comes before another: by time; among equals, the one sent first.
fn is_before(a: u32, b: u32) -> bool {
    if values[a] != values[b] {
        return values[a] < values[b];
    }
    if values[a + PENDING_SENT] != values[b + PENDING_SENT] {
        return values[a + PENDING_SENT] < values[b + PENDING_SENT];
    }
    return values[a + PENDING_ORDER] < values[b + PENDING_ORDER];
}

/// Looks among the events of a mechanism for one that comes before `own`.
fn look_for_own(mechanism: u32) {
    let block = block_of(mechanism);
    if block.present == 0u {
        return;
    }
    let end = place(block.start + lane + 1u);
    for (var item = place(block.start + lane); item < end; item++) {
        let first = block.pending + row_of(block, item) * SLOTS * PENDING_REALS;
        for (var at = first; at < first + SLOTS * PENDING_REALS; at += PENDING_REALS) {
            if values[at + PENDING_ORDER] != real(0.0) && (own.at == NONE || is_before(at, own.at)) {
                own = Own(mechanism, item, at);
            }
        }
    }
}

/// Whether an event to an instance of the cell is due; then it is `own`.
fn is_own_due(until: real) -> bool {
    if !(values[group.next_own + lane] <= until) {
        return false;
    }
    own = Own(0u, 0u, NONE);
    find_own();
    if own.at == NONE {
        values[group.next_own + lane] = math_inf();
        return false;
    }
    values[group.next_own + lane] = values[own.at];
    return values[own.at] <= until;
}

/// Delivers `own`.
fn deliver_own(clock: Clock) {
    let at = own.at;
    values[at + PENDING_ORDER] = real(0.0);
    let flag = values[at + PENDING_FLAG];
    if flag == real(1.0) {
        let block = block_of(own.mechanism);
        values[block.movable + row_of(block, own.item)] = real(0.0);
    }
    var argument = NO_NETCON;
    if values[at + PENDING_ARGUMENT] >= real(0.0) {
        argument = u32(values[at + PENDING_ARGUMENT]);
    }
    net_receive(own.mechanism, own.item, argument, flag, Clock(values[at], clock.dt, clock.celsius));
}

/// Delivers the events due in a step, or only those due by a time, and gives the number of the first that is not.
fn deliver(step: u32, begin: u32, end: u32, until: real, timed: bool, clock: Clock) -> u32 {
    var index = begin;
    loop {
        let at = window[WINDOW_EVENTS] + index * EVENT_WORDS;
        var outer = false;
        var time = real(0.0);
        if index < end && window[at] <= step {
            time = window_real(at + 4u);
            outer = !timed || time <= until;
        }
        var mine = SENDS && is_own_due(until);
        if mine && outer {
            let own_time = values[own.at];
            let sent = window_real(at + 4u + REAL_WORDS);
            mine = own_time < time || (own_time == time && values[own.at + PENDING_SENT] < sent);
        }
        if mine {
            deliver_own(clock);
        } else if outer {
            let now = Clock(time, clock.dt, clock.celsius);
            net_receive(window[at + 1u], window[at + 2u], window[at + 3u], real(0.0), now);
            index++;
        } else {
            break;
        }
    }
    return index;
}

/// Index in `values` of the arguments of a NetCon, or of zeros in their place.
fn arguments_at(argument: u32) -> u32 {
    if argument != NO_NETCON {
        return group.arguments + argument;
    }
    let at = group.no_netcon + lane * MOST_ARGUMENTS;
    for (var index = 0u; index < MOST_ARGUMENTS; index++) {
        values[at + index] = real(0.0);
    }
    return at;
}

/// Lets FOR_NETCONS visit the NetCons of an instance.
fn visit_netcons_of(block: Block, item: u32) {
    let at = block.netcons + row_of(block, item);
    netcons = vec2<u32>(tables[at], tables[at + 1u]);
    netcon_base = group.arguments;
}

/// Why a run cannot go on: `EVENT_FAILURES` of `runtime/src/engine/gpu/batch.rs`.
const NEGATIVE_DELAY: u32 = 1u;
const NOTHING_TO_MOVE: u32 = 2u;
const INTO_THE_PAST: u32 = 3u;
const TOO_MANY_WAIT: u32 = 4u;
const TOO_MANY_SENT: u32 = 5u;

fn fail(failure: u32, mechanism: u32) {
    atomicMax(&report.failed, failure | (mechanism << 8u));
}

/// Queues what a kernel has sent; `movable` if events of flag 1 can be moved.
fn take_posts(mechanism: u32, item: u32, argument: u32, now: real, movable: bool) {
    if post_count == 0u {
        return;
    }
    if post_count > MOST_POSTS {
        fail(TOO_MANY_SENT, mechanism);
    }
    let block = block_of(mechanism);
    let row = row_of(block, item);
    let count = min(post_count, MOST_POSTS);
    post_count = 0u;
    for (var index = 0u; index < count; index++) {
        let sent = posts[index];
        if sent.kind == POST_EVENT {
            if !(sent.value >= now) {
                fail(INTO_THE_PAST, mechanism);
            }
            emit(tables[block.instances + row], now, sent.value);
            continue;
        }
        let first = block.pending + row * SLOTS * PENDING_REALS;
        let order = values[group.sent_count + lane] + real(1.0);
        values[group.sent_count + lane] = order;
        var slot = NONE;
        var time = sent.value;
        if sent.kind == POST_SEND {
            if !(sent.value >= real(0.0)) {
                fail(NEGATIVE_DELAY, mechanism);
                return;
            }
            time = now + sent.value;
            for (var free = 0u; free < SLOTS; free++) {
                if slot == NONE && values[first + free * PENDING_REALS + PENDING_ORDER] == real(0.0) {
                    slot = free;
                }
            }
            if slot == NONE {
                fail(TOO_MANY_WAIT, mechanism);
                return;
            }
            let at = first + slot * PENDING_REALS;
            values[at + PENDING_FLAG] = sent.flag;
            values[at + PENDING_ARGUMENT] = select(real(argument), NO_NETCON_REAL, argument == NO_NETCON);
            if movable && sent.flag == real(1.0) {
                values[block.movable + row] = real(slot + 1u);
            }
        } else {
            let moved = u32(values[block.movable + row]);
            if moved == 0u {
                fail(NOTHING_TO_MOVE, mechanism);
                return;
            }
            if !(time >= now) {
                fail(INTO_THE_PAST, mechanism);
                return;
            }
            slot = moved - 1u;
        }
        let at = first + slot * PENDING_REALS;
        values[at] = time;
        values[at + PENDING_SENT] = now;
        values[at + PENDING_ORDER] = order;
        values[group.next_own + lane] = min(values[group.next_own + lane], time);
    }
}
