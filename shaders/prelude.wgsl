// What the functions of every mechanism see: the contract of `codegen/src/back/wgsl/mod.rs`.
// Before this text stands `real_f32.wgsl` or `real_f64.wgsl`, which says what `real` is.

/// The tables of mechanisms.
@group(0) @binding(7) var<storage, read> constants: array<real>;

/// Time as a kernel sees it: ms, ms, degC.
struct Clock { t: real, dt: real, celsius: real }

/// One instance of a mechanism.
struct Instance {
    /// Index in `values` of column 0.
    column: u32,
    /// Distance between columns.
    stride: u32,
    /// Index in `values` of the mechanism's first global.
    globals: u32,
    /// Index in `constants` of the mechanism's tables.
    tables: u32,
    /// Flat node index.
    node: u32,
}

/// An ion at the instance's node: field f is `values[at + f * stride]`.
struct IonAt { at: u32, stride: u32 }

/// Where node values lie in `values`; the flat node index is added.
struct Nodes { v: u32, rhs: u32, d: u32, area: u32, diam: u32 }

var<private> nodes: Nodes;

/// The element that an index means: truncated, and limited to an array of `length`; NaN is 0.
fn array_element(index: real, length: u32) -> u32 {
    let last = length - 1u;
    let limited = select(real(0), select(index, real(last), index >= real(last)), index > real(0));
    return min(u32(limited), last);
}

/// All indices of a batch.
@group(0) @binding(1) var<storage, read> tables: array<u32>;

/// The NetCons that FOR_NETCONS visits: first and last + 1 of a list in `tables` of offsets of their arguments.
var<private> netcons: vec2<u32>;
/// What the offsets count from, in `values`.
var<private> netcon_base: u32;

/// Index in `values` of the first argument of a NetCon.
fn netcon_arguments(netcon: u32) -> u32 {
    return netcon_base + tables[netcon];
}

/// An event that a kernel sends.
struct Post {
    /// POST_SEND, POST_EVENT or POST_MOVE_TO.
    kind: u32,
    /// Delay of POST_SEND, else time, ms.
    value: real,
    /// Flag of POST_SEND.
    flag: real,
}
const POST_SEND: u32 = 0u;
const POST_EVENT: u32 = 1u;
const POST_MOVE_TO: u32 = 2u;

/// Events that one call of a kernel can send.
const MOST_POSTS: u32 = 8u;
/// What the kernel has sent.
var<private> posts: array<Post, MOST_POSTS>;
/// Count of it; more than MOST_POSTS if some are lost.
var<private> post_count: u32;

fn post(kind: u32, value: real, flag: real) {
    if post_count < MOST_POSTS {
        posts[post_count] = Post(kind, value, flag);
    }
    post_count++;
}

fn post_send(delay: real, flag: real) {
    post(POST_SEND, delay, flag);
}

fn post_event(t: real) {
    post(POST_EVENT, t, real(0.0));
}

fn post_move_to(t: real) {
    post(POST_MOVE_TO, t, real(0.0));
}

/// The value of an output of the table that begins at `start` in `constants`: lower bound, inverse of the step, and `width`
/// outputs at each of `intervals + 1` arguments. There is no extrapolation.
fn table_value(start: u32, intervals: u32, width: u32, output: u32, x: real) -> real {
    let position = (x - constants[start]) * constants[start + 1u];
    let last = real(intervals);
    let limited = select(real(0), select(position, last, position >= last), position > real(0));
    let at = min(u32(limited), intervals);
    // NaN stays NaN.
    let inside = position > real(0) || position <= real(0);
    let fraction = select(position, limited - real(at), inside);
    let a = constants[start + 2u + at * width + output];
    let b = constants[start + 2u + min(at + 1u, intervals) * width + output];
    return a + fraction * (b - a);
}

/// The slope of `table_value`; 0 outside the table.
fn table_slope(start: u32, intervals: u32, width: u32, output: u32, x: real) -> real {
    let position = (x - constants[start]) * constants[start + 1u];
    if !(position > real(0) && position < real(intervals)) {
        return real(0);
    }
    let at = min(u32(position), intervals - 1u);
    let a = constants[start + 2u + at * width + output];
    let b = constants[start + 2u + (at + 1u) * width + output];
    return (b - a) * constants[start + 1u];
}
