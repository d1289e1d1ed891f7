// Events: NetCons that end in one cell, and what they deliver in a window.

/// A NetCon: mechanism, item of the block, offset of its arguments.
const TARGET_WORDS: u32 = 3u;

/// INITIAL inside NET_RECEIVE, for every NetCon that ends in the cell.
fn initialise_netcons(clock: Clock) {
    let end = tables[group.target_start + lane + 1u];
    for (var index = tables[group.target_start + lane]; index < end; index++) {
        let at = group.targets + index * TARGET_WORDS;
        net_initialise(tables[at], tables[at + 1u], group.arguments + tables[at + 2u], clock);
    }
}

/// An event in `window`: step in the window, mechanism, item of the block, offset of the NetCon's
/// arguments, time.
const EVENT_WORDS: u32 = 4u + REAL_WORDS;

/// The range of a cell's events, as numbers of events.
fn events_of() -> vec2<u32> {
    let start = window[WINDOW_EVENT_START];
    if start == 0u {
        return vec2<u32>(0u, 0u);
    }
    let at = start + group.first_cell + lane;
    return vec2<u32>(window[at], window[at + 1u]);
}

/// Delivers the events due in a step, and gives the number of the first that is not.
fn deliver(step: u32, begin: u32, end: u32, clock: Clock) -> u32 {
    var index = begin;
    while index < end {
        let at = window[WINDOW_EVENTS] + index * EVENT_WORDS;
        if window[at] > step {
            break;
        }
        let now = Clock(window_real(at + 4u), clock.dt, clock.celsius);
        net_receive(window[at + 1u], window[at + 2u], group.arguments + window[at + 3u], now);
        index++;
    }
    return index;
}
