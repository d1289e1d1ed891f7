// Cells whose data stay in the device's memory: every step reads and writes them there.

/// All reals of a batch of cell groups, image after image.
@group(0) @binding(0) var<storage, read_write> values: array<real>;

/// One of the group's places.
fn place(at: u32) -> u32 {
    return tables[group.places + at];
}

/// Makes the group's data reachable.
fn fetch() {
    origin = group.image;
}

/// Brings back what has changed, or all of it.
fn put_back(all: bool) {
}

/// Where the threads of a cell wait for each other. All invocations of the workgroup must come here.
fn meet() {
    if THREADS > 1u {
        storageBarrier();
    }
}
