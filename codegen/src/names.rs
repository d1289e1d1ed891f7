//! Identifiers of generated code, and the words they must avoid.
//!
//! A [`Namer`] gives each thing of one scope its own name, as close to the NMODL name as the language allows: a reserved
//! word gets a `_`, a repeated name a number. [`modules`] names files, which some file systems compare without case.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// A target language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Rust.
    Rust,
    /// WGSL.
    Wgsl,
}

/// Strict and reserved keywords of Rust 2024, primitive types, and what generated kernels use themselves.
const RUST: &str = "\
    Self abstract as async await become box break const continue crate do dyn else enum extern false final fn for \
    gen if impl in let loop macro macro_rules match mod move mut override priv pub raw ref return safe self static \
    struct super trait true try type typeof union unsafe unsized use virtual where while yield bool char f32 f64 i8 \
    i16 i32 i64 i128 isize str u8 u16 u32 u64 u128 usize Some None Ok Err Real Block Clock KernelTable Rows NAME \
    TABLE GLOBALS NET_ARGUMENTS block clock rows row lanes lane globals net math column global madd select element \
    iteration comment post netcons each Post Netcons Cell \
    random drawn";

/// Keywords and reserved words of WGSL, its predeclared types and functions, and the names of the contract in
/// [`crate::back::wgsl`].
const WGSL: &str = concat!(
    // keywords
    "alias break case const const_assert continue continuing default diagnostic discard else enable false fn for ",
    "if let loop override requires return struct switch true var while ",
    // reserved words
    "NULL Self abstract active alignas alignof as asm asm_fragment async attribute auto await become ",
    "binding_array cast catch class co_await co_return co_yield coherent column_major common compile ",
    "compile_fragment concept const_cast consteval constexpr constinit crate debugger decltype delete demote ",
    "demote_to_helper do dynamic_cast enum explicit export extends extern external fallthrough filter final ",
    "finally friend from fxgroup get goto groupshared highp impl implements import inline instanceof interface ",
    "layout lowp macro macro_rules match mediump meta mod module move mut mutable namespace new nil noexcept ",
    "noinline nointerpolation non_coherent noncoherent noperspective null nullptr of operator package packoffset ",
    "partition pass patch pixelfragment precise precision premerge priv protected pub public readonly ref ",
    "regardless register reinterpret_cast require resource restrict self set shared sizeof smooth snorm static ",
    "static_assert static_cast std subroutine super target template this thread_local throw trait try type ",
    "typedef typeid typename typeof union unless unorm unsafe unsized use using varying virtual volatile wgsl ",
    "where with writeonly yield ",
    // predeclared types and functions
    "array atomic bool f16 f32 f64 i32 i64 mat2x2 mat2x3 mat2x4 mat3x2 mat3x3 mat3x4 mat4x2 mat4x3 mat4x4 ptr ",
    "sampler sampler_comparison u32 u64 vec2 vec3 vec4 abs acos acosh all any arrayLength asin asinh atan atan2 ",
    "atanh bitcast ceil clamp cos cosh countLeadingZeros countOneBits countTrailingZeros cross degrees ",
    "determinant distance dot dpdx dpdy exp exp2 extractBits faceForward firstLeadingBit firstTrailingBit floor ",
    "fma fract frexp fwidth insertBits inverseSqrt ldexp length log log2 max min mix modf normalize pow ",
    "quantizeToF16 radians reflect refract reverseBits round saturate select sign sin sinh smoothstep sqrt step ",
    "tan tanh transpose trunc workgroupBarrier storageBarrier ",
    // the contract
    "real values Clock Instance IonAt Nodes nodes at clock net iteration array_element tables netcons netcon each ",
    "netcon_arguments netcon_base Post posts post_count post_send post_event post_move_to MOST_POSTS POST_SEND ",
    "POST_EVENT POST_MOVE_TO post drawn ",
);

/// Device names of Windows, which can't be file names there.
const DEVICES: &str = "\
    con prn aux nul com1 com2 com3 com4 com5 com6 com7 com8 com9 lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9";

/// Files of the generated crate that are not mechanisms.
const CRATE_FILES: &str = "\
    lib main abi math math_f64 math_f32 random rows";

/// What the names of the elementary functions begin with in WGSL.
pub(crate) const MATH: &str = "math_";

impl Language {
    /// The words that generated identifiers avoid.
    pub fn reserved(self) -> impl Iterator<Item = &'static str> {
        let words = match self {
            Language::Rust => RUST,
            Language::Wgsl => WGSL,
        };
        words.split_whitespace()
    }

    fn is_reserved(self, name: &str) -> bool {
        static RUST_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| Language::Rust.reserved().collect());
        static WGSL_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| Language::Wgsl.reserved().collect());
        match self {
            Language::Rust => RUST_WORDS.contains(name),
            Language::Wgsl => WGSL_WORDS.contains(name),
        }
    }
}

/// Gives unique names within one scope.
#[derive(Clone, Debug)]
pub struct Namer {
    language: Language,
    taken: HashSet<String>,
    /// The last number behind each base: an unrolled loop has hundreds of locals of one name.
    last: HashMap<String, u32>,
}

impl Namer {
    /// A scope without names.
    pub fn new(language: Language) -> Self {
        Self { language, taken: HashSet::new(), last: HashMap::new() }
    }

    /// A name that nothing in the scope has yet: `wanted`, `wanted_` if that is reserved, `wanted_2` if it is taken.
    pub fn name(&mut self, wanted: &str) -> String {
        let mut base = identifier(wanted);
        if self.language == Language::Wgsl && base.starts_with(MATH) {
            base.insert_str(0, "x_");
        }
        while self.language.is_reserved(&base) {
            base.push('_');
        }
        let mut name = base.clone();
        let mut count = self.last.get(&base).copied().unwrap_or(1);
        while self.language.is_reserved(&name) || !self.taken.insert(name.clone()) {
            count += 1;
            name = format!("{base}_{count}");
        }
        if count > 1 {
            self.last.insert(base, count);
        }
        name
    }
}

/// `text` with everything replaced that no identifier may hold; never empty, never with a leading `_`.
fn identifier(text: &str) -> String {
    // `ca[2]` is `ca_2`.
    let text = text.strip_suffix(']').unwrap_or(text);
    let name: String = text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    match name.trim_start_matches('_') {
        "" => "x".to_owned(),
        rest if rest.starts_with(|c: char| c.is_ascii_digit()) => format!("x{rest}"),
        rest => rest.to_owned(),
    }
}

/// Names of the modules, and so of the files, of mechanisms: unique even where case does not count.
pub fn modules<'a>(mechanisms: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut taken = HashSet::new();
    let mut name = |wanted: &str| {
        let mut base = identifier(wanted);
        let reserved = |name: &str| {
            let lower = name.to_ascii_lowercase();
            Language::Rust.is_reserved(name)
                || CRATE_FILES.split_whitespace().any(|file| file == lower)
                || DEVICES.split_whitespace().any(|device| device == lower)
                || ["core", "std", "alloc"].contains(&name)
        };
        while reserved(&base) {
            base.push('_');
        }
        let mut name = base.clone();
        let mut count = 1;
        while !taken.insert(name.to_ascii_lowercase()) {
            count += 1;
            name = format!("{base}_{count}");
        }
        name
    };
    mechanisms.into_iter().map(&mut name).collect()
}

/// Name of the WGSL function of a mechanism's kernel, e.g. `hh_current`. Different pairs get different names.
pub fn wgsl_function(mechanism: &str, kernel: &str) -> String {
    // `a_net` + `init` would be `a` + `net_init`.
    let ambiguous = mechanism.trim_end_matches('_').ends_with("_net");
    let separator = if ambiguous { "__" } else { "_" };
    format!("{}{separator}{kernel}", identifier(mechanism))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_words_are_mangled_in_both_languages() {
        for language in [Language::Rust, Language::Wgsl] {
            for word in language.reserved() {
                let name = Namer::new(language).name(word);
                assert_eq!(name, format!("{word}_"), "{language:?}");
                assert!(!language.is_reserved(&name));
            }
        }
        assert_eq!(Namer::new(Language::Wgsl).name("math_exp"), "x_math_exp");
    }

    #[test]
    fn mangled_rust_names_parse_and_unmangled_keywords_do_not() {
        for word in Language::Rust.reserved() {
            let name = Namer::new(Language::Rust).name(word);
            assert!(syn::parse_str::<syn::Ident>(&name).is_ok(), "{name}");
        }
    }

    #[test]
    fn names_of_a_scope_are_unique() {
        let mut namer = Namer::new(Language::Rust);
        let names: Vec<String> =
            ["alpha", "alpha", "type", "type", "type_", "alpha_2", "m'", "_", "2x"].map(|n| namer.name(n)).into();
        assert_eq!(names, ["alpha", "alpha_2", "type_", "type__2", "type__3", "alpha_2_2", "m_", "x", "x2x"]);
        assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len());
    }

    #[test]
    fn files_differ_in_more_than_case() {
        let names = modules(["Ca", "ca", "CA", "mod", "abi", "Math", "nul", "hh"]);
        assert_eq!(names, ["Ca", "ca_2", "CA_3", "mod_", "abi_", "Math_", "nul_", "hh"]);
    }

    #[test]
    fn functions_of_different_kernels_differ() {
        let mut seen = HashSet::new();
        for mechanism in ["a", "a_net", "a_net_", "a_net__", "net", "hh"] {
            for kernel in ["init", "net_init", "net_receive", "current", "current_difference", "state", "before_step"] {
                assert!(seen.insert(wgsl_function(mechanism, kernel)), "{mechanism} {kernel}");
            }
        }
        assert_eq!(wgsl_function("hh", "current"), "hh_current");
    }
}
