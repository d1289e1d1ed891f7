// The step loop of one cell; see `runtime/src/engine/mod.rs` for what a step is.
//
// `initialise_mechanisms`, `run_currents`, `run_states`, `net_receive` and `net_initialise` are written
// for the mechanisms of the program when it is loaded.

/// `window` begins with these words, then reals: dt, celsius, v_init, and middle and end of each step.
/// Count of steps.
const WINDOW_STEPS: u32 = 0u;
/// Where the numbers of the first events of each cell stand; 0 if there are no events.
const WINDOW_EVENT_START: u32 = 1u;
/// Where the events stand.
const WINDOW_EVENTS: u32 = 2u;
/// Where the reals begin.
const WINDOW_REALS: u32 = 4u;

/// The `index`-th real of the window's head.
fn head(index: u32) -> real {
    return window_real(WINDOW_REALS + index * REAL_WORDS);
}

/// The clock at a time.
fn clock_at(t: real) -> Clock {
    return Clock(t, head(0u), head(1u));
}

/// Currents of all mechanisms.
fn currents(lane: u32, clock: Clock) {
    clear_matrix(lane);
    clear_ion_currents(lane);
    run_currents(lane, clock);
}

/// The state at t = 0; the window has one time.
@compute @workgroup_size(WORKGROUP)
fn initialise(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) workgroups: vec3<u32>,
    @builtin(local_invocation_index) invocation: u32,
) {
    let lane = enter(workgroup, workgroups, invocation);
    if lane == NO_LANE {
        return;
    }
    for (var node = 0u; node < group.node_count; node++) {
        values[nodes.v + node * group.lanes + lane] = head(2u);
    }
    let clock = clock_at(head(3u));
    initialise_ions(lane);
    initialise_mechanisms(lane, clock);
    initialise_netcons(lane, clock);
    currents(lane, clock);
    detect(0u, lane);
}

/// The steps of a window.
@compute @workgroup_size(WORKGROUP)
fn advance(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) workgroups: vec3<u32>,
    @builtin(local_invocation_index) invocation: u32,
) {
    let lane = enter(workgroup, workgroups, invocation);
    if lane == NO_LANE {
        return;
    }
    let steps = window[WINDOW_STEPS];
    let events = events_of(lane);
    var event = events.x;
    for (var step = 0u; step < steps; step++) {
        let middle = clock_at(head(3u + 2u * step));
        event = deliver(step, event, events.y, middle);
        currents(lane, middle);
        assemble(lane);
        solve(lane);
        run_states(lane, clock_at(head(4u + 2u * step)));
        sample(step, steps, lane);
        detect(step + 1u, lane);
    }
    check_finite(lane);
}
