//! Runs a piece of the compiler so that its panic is an answer.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs `work`; a panic gives its message and place.
///
/// # Errors
/// The panic's message.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        panic::set_hook(Box::new(|info| {
            let message = info.payload_as_str().unwrap_or("panic");
            let place = info.location().map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
            LAST.with_borrow_mut(|last| *last = Some(format!("{message}{place}")));
        }));
    });
    panic::catch_unwind(AssertUnwindSafe(work))
        .map_err(|_| LAST.with_borrow_mut(Option::take).unwrap_or_else(|| "panic".to_owned()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_panic_is_an_answer() {
        assert_eq!(super::caught(|| 3), Ok(3));
        let message = super::caught(|| panic!("no {}", 7)).unwrap_err();
        assert!(message.starts_with("no 7 at ") && message.contains("guard.rs"), "{message}");
    }
}
