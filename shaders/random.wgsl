
// Random numbers of mechanisms: the twin of `codegen/src/elementary/random.rs`, where everything is explained.

struct math_Drawn { value: real, low: real, high: real }

fn math_word(low: real, high: real) -> u32 {
    return u32(low) + (u32(high) << 16u);
}

fn math_low_of(word: u32) -> real {
    return real(word & 0xffffu);
}

fn math_high_of(word: u32) -> real {
    return real(word >> 16u);
}

/// High half of a 64-bit product.
fn math_product_high(a: u32, b: u32) -> u32 {
    let a_low = a & 0xffffu;
    let a_high = a >> 16u;
    let b_low = b & 0xffffu;
    let b_high = b >> 16u;
    let middle = a_high * b_low + ((a_low * b_low) >> 16u);
    let carry = a_low * b_high + (middle & 0xffffu);
    return a_high * b_high + (middle >> 16u) + (carry >> 16u);
}

/// Philox4x32-10 with key 0.
fn math_philox(counter: vec4<u32>) -> vec4<u32> {
    var c = counter;
    var k0 = 0u;
    var k1 = 0u;
    for (var round = 0u; round < 10u; round++) {
        let high0 = math_product_high(0xd2511f53u, c.x);
        let high1 = math_product_high(0xcd9e8d57u, c.z);
        c = vec4<u32>(high1 ^ c.y ^ k0, 0xcd9e8d57u * c.z, high0 ^ c.w ^ k1, 0xd2511f53u * c.x);
        k0 += 0x9e3779b9u;
        k1 += 0xbb67ae85u;
    }
    return c;
}

struct math_Word { word: u32, low: real, high: real }

/// The word at a position of a stream, and the next position.
fn math_random123(low: real, high: real, id1: u32, id2: u32, id3: u32) -> math_Word {
    let whole = u32(low);
    let above = (u32(high) + (whole >> 16u)) & 0x3ffffu;
    let below = whole & 0xffffu;
    let block = math_philox(vec4<u32>((above << 14u) | (below >> 2u), id3, id1, id2));
    let next = below + 1u;
    let above_next = (above + (next >> 16u)) & 0x3ffffu;
    return math_Word(block[below & 3u], real(next & 0xffffu), real(above_next));
}

fn math_random123_uniform(
    low: real,
    high: real,
    id1: real,
    id1_high: real,
    id2: real,
    id2_high: real,
    id3: real,
    id3_high: real,
) -> math_Drawn {
    let drawn = math_random123(low, high, math_word(id1, id1_high), math_word(id2, id2_high), math_word(id3, id3_high));
    let value = (math_high_of(drawn.word) * math_RANDOM_HIGH + (math_low_of(drawn.word) + math_RANDOM_ONE)) * math_RANDOM_SCALE;
    return math_Drawn(select(math_BELOW_ONE, value, value < math_BELOW_ONE), drawn.low, drawn.high);
}

fn math_random123_integer(
    low: real,
    high: real,
    id1: real,
    id1_high: real,
    id2: real,
    id2_high: real,
    id3: real,
    id3_high: real,
) -> math_Drawn {
    let drawn = math_random123(low, high, math_word(id1, id1_high), math_word(id2, id2_high), math_word(id3, id3_high));
    return math_Drawn(math_high_of(drawn.word) * math_RANDOM_HIGH + math_low_of(drawn.word), drawn.low, drawn.high);
}

fn math_scop_random(low: real, high: real) -> math_Drawn {
    let state = math_word(low, high) * 2147437301u + 453816981u;
    let value = (math_high_of(state) * math_RANDOM_HIGH + math_low_of(state)) / math_SCOP_RANGE;
    return math_Drawn(value, math_low_of(state), math_high_of(state));
}

fn math_scop_seed(seed: real, factor: real, factor_high: real, offset: real, offset_high: real) -> math_Drawn {
    let state = u32(seed) * math_word(factor, factor_high) + math_word(offset, offset_high);
    return math_Drawn(seed, math_low_of(state), math_high_of(state));
}
