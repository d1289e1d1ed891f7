// What a window gives: spikes, samples, and whether something went wrong.

/// Samples of all groups: probe `p` after step `s` is `samples[(first_probe * steps) + s * probe_count + p]`.
@group(0) @binding(4) var<storage, read_write> samples: array<real>;

/// Spikes as pairs of step in the window and cell of the batch, in no order. Cells spike at most every
/// other step, so the host can provide for all of them.
struct Report {
    /// Count of spikes.
    spike_count: atomic<u32>,
    /// 0, or 2^32 - 1 - the first cell whose potential is not finite.
    not_finite: atomic<u32>,
    /// 1 if the step loop of an invocation was left early.
    stopped: atomic<u32>,
    /// 0, or what is wrong with an event that a mechanism has sent, and the mechanism times 256.
    failed: atomic<u32>,
    /// Count of events of instances to others.
    emission_count: atomic<u32>,
    /// Where steps are done by halves: count of first halves done.
    step: atomic<u32>,
    /// The spikes.
    spikes: array<vec2<u32>>,
}
@group(0) @binding(5) var<storage, read_write> report: Report;

/// Events of instances to others: instance, when it was sent, and time, in the order of sending within a cell.
@group(0) @binding(6) var<storage, read_write> emissions: array<real>;

/// Reports an event of an instance to others.
fn emit(instance: u32, sent: real, time: real) {
    let at = 3u * atomicAdd(&report.emission_count, 1u);
    if at + 2u < arrayLength(&emissions) {
        emissions[at] = real(instance);
        emissions[at + 1u] = sent;
        emissions[at + 2u] = time;
    }
}

/// Reports a spike if the detector rose above its threshold by the beginning of `step`.
fn detect(step: u32) {
    if group.node_count == 0u {
        return;
    }
    let above = values[nodes.v + place(group.detectors + lane)] > values[group.thresholds + lane];
    if above && values[group.above + lane] == real(0.0) {
        let slot = atomicAdd(&report.spike_count, 1u);
        if slot < arrayLength(&report.spikes) {
            report.spikes[slot] = vec2<u32>(step, group.first_cell + lane);
        }
    }
    values[group.above + lane] = select(real(0.0), real(1.0), above);
}

/// Reports a cell whose potential is not finite at its detector.
fn check_finite() {
    if group.node_count > 0u && !is_finite(values[nodes.v + place(group.detectors + lane)]) {
        atomicMax(&report.not_finite, 0xffffffffu - (group.first_cell + lane));
    }
}

/// A probe: index in the image, and place among the group's probes.
const PROBE_WORDS: u32 = 2u;

/// Samples the cell's probes after step `step` of `steps`.
fn sample(step: u32, steps: u32) {
    let end = place(group.probe_start + lane + 1u);
    let base = group.first_probe * steps + step * group.probe_count;
    for (var index = place(group.probe_start + lane) + thread; index < end; index += THREADS) {
        let at = group.probes + index * PROBE_WORDS;
        samples[base + place(at + 1u)] = values[origin + place(at)];
    }
}
