// Cells whose data are in the memory of their workgroup from the beginning to the end of a window. A workgroup has a group
// of its own. IMAGE and PLACES, the reals and indices of the largest group, are defined when the kernel is composed.

/// All reals of a batch of cell groups, image after image.
@group(0) @binding(0) var<storage, read_write> stored: array<real>;

/// The image of the workgroup's group.
var<workgroup> values: array<real, IMAGE>;
/// Its places.
var<workgroup> places: array<u32, PLACES>;

/// One of the group's places.
fn place(at: u32) -> u32 {
    return places[at];
}

/// Makes the group's data reachable: all but what is scratch.
fn fetch() {
    for (var at = member; at < group.place_count; at += WORKGROUP) {
        places[at] = tables[group.places + at];
    }
    let count = range_count();
    for (var range = 0u; range < count; range++) {
        let entry = group.ranges + 1u + 3u * range;
        let end = tables[entry] + tables[entry + 1u];
        if tables[entry + 2u] != SCRATCH {
            for (var at = tables[entry] + member; at < end; at += WORKGROUP) {
                values[at] = stored[group.image + at];
            }
        }
    }
    workgroupBarrier();
}

/// Brings back what has changed, or all of it.
fn put_back(all: bool) {
    workgroupBarrier();
    let count = range_count();
    for (var range = 0u; range < count; range++) {
        let entry = group.ranges + 1u + 3u * range;
        let end = tables[entry] + tables[entry + 1u];
        let use_of_range = tables[entry + 2u];
        if use_of_range == CHANGING || (all && use_of_range != SCRATCH) {
            for (var at = tables[entry] + member; at < end; at += WORKGROUP) {
                stored[group.image + at] = values[at];
            }
        }
    }
}

/// Count of the ranges of the image; none in a workgroup without cells.
fn range_count() -> u32 {
    return select(0u, tables[group.ranges], group.lanes > 0u);
}

/// Where the threads of a cell wait for each other. All invocations of the workgroup must come here.
fn meet() {
    if THREADS > 1u {
        workgroupBarrier();
    }
}
