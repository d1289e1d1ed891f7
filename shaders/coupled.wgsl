// Steps by halves, where columns follow potentials of other cells: all cells do the first half, then potentials are
// transferred, then all do the second half.

/// The first half of the next step of a window.
@compute @workgroup_size(WORKGROUP)
fn advance_potentials(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) workgroups: vec3<u32>,
    @builtin(local_invocation_index) invocation: u32,
) {
    enter(workgroup, workgroups, invocation);
    let step = atomicLoad(&report.step);
    var events = vec2<u32>(0u, 0u);
    if occupied && thread == 0u {
        events = events_of();
        if step > 0u {
            events.x = u32(values[group.next_event + lane]);
        }
    }
    events = step_potentials(step, events);
    if occupied && thread == 0u {
        values[group.next_event + lane] = real(events.x);
    }
}

/// Transfers potentials, one an invocation.
@compute @workgroup_size(WORKGROUP)
fn transfer(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) workgroups: vec3<u32>,
    @builtin(local_invocation_index) invocation: u32,
) {
    let number = (workgroup.x + workgroup.y * workgroups.x) * WORKGROUP + invocation;
    let at = window[WINDOW_TRANSFERS];
    if number < tables[at] {
        values[tables[at + 2u + 2u * number]] = values[tables[at + 1u + 2u * number]];
    }
    if number == 0u {
        atomicAdd(&report.step, 1u);
    }
}

/// The second half of the step.
@compute @workgroup_size(WORKGROUP)
fn advance_states(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) workgroups: vec3<u32>,
    @builtin(local_invocation_index) invocation: u32,
) {
    enter(workgroup, workgroups, invocation);
    let step = atomicLoad(&report.step) - 1u;
    let steps = window[WINDOW_STEPS];
    step_states(step, steps);
    if step + 1u == steps && occupied && thread == 0u {
        check_finite();
    }
}
