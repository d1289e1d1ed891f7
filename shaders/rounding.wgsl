// Arithmetic that a device must round like the CPU if both are to give equal bits.

@group(0) @binding(0) var<storage, read_write> values: array<real>;

/// Results for each triple of operands.
const RESULTS: u32 = 4u;

/// `values` begins with COUNT triples; their results follow.
@compute @workgroup_size(32)
fn round_results(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= COUNT {
        return;
    }
    let x = values[3u * id.x];
    let y = values[3u * id.x + 1u];
    let z = values[3u * id.x + 2u];
    let at = 3u * COUNT + RESULTS * id.x;
    values[at] = x / y;
    values[at + 1u] = sqrt(x);
    values[at + 2u] = x * y + z;
    values[at + 3u] = (x + y) - x;
}
