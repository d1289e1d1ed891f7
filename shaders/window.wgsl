// The step loop of one cell; see `runtime/src/engine/mod.rs` for what a step is.
//
// `initialise_mechanisms`, `run_currents`, `run_states`, `run_diffusions`, `run_before_initial` and the like for the other
// BEFORE and AFTER blocks, `net_receive` and `net_initialise` are written for the mechanisms of the
// program when it is loaded.

/// `window` begins with these words, then reals: dt, celsius, v_init, the beginning of the first step, and middle and end
/// of each step.
/// Count of steps.
const WINDOW_STEPS: u32 = 0u;
/// Where the numbers of the first events of each cell stand; 0 if there are no events.
const WINDOW_EVENT_START: u32 = 1u;
/// Where the events stand.
const WINDOW_EVENTS: u32 = 2u;
/// Where the values of played columns stand, step after step; 0 if there are none.
const WINDOW_PLAYED: u32 = 3u;
/// Count of played columns.
const WINDOW_PLAYED_COUNT: u32 = 4u;
/// Where in `tables` transfers stand: their count, then index in `values` of source and target of each.
const WINDOW_TRANSFERS: u32 = 5u;
/// Where the reals begin.
const WINDOW_REALS: u32 = 6u;

/// The `index`-th real of the window's head.
fn head(index: u32) -> real {
    return window_real(WINDOW_REALS + index * REAL_WORDS);
}

/// The clock at a time.
fn clock_at(t: real) -> Clock {
    return Clock(t, head(0u), head(1u));
}

/// Sets `v` of this thread's nodes.
fn initialise_potential(v: real) {
    let end = place(group.node_start + thread + 1u);
    for (var entry = place(group.node_start + thread); entry < end; entry++) {
        values[nodes.v + place(group.node_list + entry) * group.lanes + lane] = v;
    }
}

/// A played column: index in the image, and place among the batch's played columns.
const PLAYED_WORDS: u32 = 2u;

/// Sets the cell's columns that follow courses.
fn play(step: u32) {
    let end = place(group.played_start + lane + 1u);
    let first = window[WINDOW_PLAYED] + step * window[WINDOW_PLAYED_COUNT] * REAL_WORDS;
    for (var index = place(group.played_start + lane) + thread; index < end; index += THREADS) {
        let at = group.played + index * PLAYED_WORDS;
        values[origin + place(at)] = window_real(first + place(at + 1u) * REAL_WORDS);
    }
}

/// Currents of all mechanisms on this thread's nodes.
fn currents(clock: Clock) {
    let end = place(group.node_start + thread + 1u);
    for (var entry = place(group.node_start + thread); entry < end; entry++) {
        let at = place(group.node_list + entry) * group.lanes + lane;
        values[nodes.rhs + at] = real(0.0);
        values[nodes.d + at] = real(0.0);
    }
    run_before_breakpoint(clock);
    begin_ion_currents();
    run_currents(clock);
}

/// The difference of potential that drives an axial current, mV: none where axial currents are `ASSEMBLED` already.
fn axial_difference(above: real, below: real) -> real {
    return select(above - below, real(0.0), ASSEMBLED);
}

/// Adds capacitance and axial terms to this thread's nodes, as `Assembly` of `runtime/src/engine/cpu/hines.rs` does.
fn assemble() {
    let end = place(group.node_start + thread + 1u);
    for (var entry = place(group.node_start + thread); entry < end; entry++) {
        let node = place(group.node_list + entry);
        let at = node * group.lanes + lane;
        let v = values[nodes.v + at];
        var rhs = values[nodes.rhs + at];
        var d = values[nodes.d + at] + values[group.capacitance + node];
        let parent = place(group.parent + node);
        if parent != node {
            let b = values[group.b + node];
            rhs -= b * (values[nodes.v + parent * group.lanes + lane] - v);
            d -= b;
        }
        let last = place(group.child_start + node + 1u);
        for (var index = place(group.child_start + node); index < last; index++) {
            let child = place(group.children + index);
            let a = values[group.a + child];
            rhs += a * (v - values[nodes.v + child * group.lanes + lane]);
            d -= a;
        }
        values[nodes.rhs + at] = rhs;
        values[nodes.d + at] = d;
    }
}

/// The state at t = 0; the window has one time.
@compute @workgroup_size(WORKGROUP)
fn initialise(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) workgroups: vec3<u32>,
    @builtin(local_invocation_index) invocation: u32,
) {
    enter(workgroup, workgroups, invocation);
    let clock = clock_at(head(3u));
    if occupied {
        initialise_potential(head(2u));
        run_before_initial(clock);
        initialise_ions();
    }
    meet();
    if occupied {
        initialise_mechanisms(clock);
    }
    meet();
    if occupied && thread == 0u {
        initialise_netcons(clock);
    }
    meet();
    if occupied {
        run_after_initial(clock);
        if thread == 0u {
            deliver(0u, 0u, 0u, clock.t, true, clock);
        }
        currents(clock);
        run_before_step(clock);
        if thread == 0u {
            detect(0u);
        }
    }
    put_back(true);
}

/// The first half of a step: up to the new potentials. Gives the numbers of the cell's next event and of the last one.
fn step_potentials(step: u32, first_events: vec2<u32>) -> vec2<u32> {
    var events = first_events;
    let middle = clock_at(head(4u + 2u * step));
    if PLAYS && occupied {
        play(step);
    }
    if occupied && thread == 0u {
        if WATCHES {
            let begin = clock_at(head(3u + 2u * step));
            events.x = deliver(step, events.x, events.y, begin.t, true, begin);
            run_watch(begin);
        }
        events.x = deliver(step, events.x, events.y, middle.t, false, middle);
    }
    meet();
    if occupied {
        currents(middle);
        if ASSEMBLED {
            assemble();
        }
    }
    meet();
    solve();
    return events;
}

/// The second half of a step of `steps`, and what is done after it.
fn step_states(step: u32, steps: u32) {
    let end = clock_at(head(5u + 2u * step));
    if occupied {
        run_states(end);
    }
    if DIFFUSES {
        meet();
        if occupied && thread == 0u {
            run_diffusions(end);
        }
        meet();
    }
    if occupied {
        run_after_solve(end);
        run_before_step(end);
    }
    meet();
    if occupied {
        sample(step, steps);
        if thread == 0u {
            detect(step + 1u);
        }
    }
    meet();
}

/// The steps of a window.
@compute @workgroup_size(WORKGROUP)
fn advance(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) workgroups: vec3<u32>,
    @builtin(local_invocation_index) invocation: u32,
) {
    enter(workgroup, workgroups, invocation);
    let steps = window[WINDOW_STEPS];
    var events = vec2<u32>(0u, 0u);
    if occupied && thread == 0u {
        events = events_of();
    }
    var step = 0u;
    for (; step < steps; step++) {
        events = step_potentials(step, events);
        step_states(step, steps);
    }
    if step < steps {
        atomicMax(&report.stopped, 1u);
    }
    if occupied && thread == 0u {
        check_finite();
    }
    put_back(false);
}

/// Delivers the events due by the time that stands for the beginning of the first step, and no others.
@compute @workgroup_size(WORKGROUP)
fn settle(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) workgroups: vec3<u32>,
    @builtin(local_invocation_index) invocation: u32,
) {
    enter(workgroup, workgroups, invocation);
    if occupied && thread == 0u {
        let clock = clock_at(head(3u));
        let events = events_of();
        deliver(0u, events.x, events.y, clock.t, true, clock);
    }
    put_back(false);
}
