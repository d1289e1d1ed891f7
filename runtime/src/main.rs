//! The program `runtime`.

use runtime::allocation::Counting;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() -> ExitCode {
    // Without a desktop session this variable is not set, and Vulkan drivers' window-system code,
    // which is never used here, prints an error to the terminal each time a device is looked for.
    if std::env::var_os("XDG_RUNTIME_DIR").is_none() {
        // SAFETY: this is the first statement of the program: no other thread reads the environment.
        unsafe { std::env::set_var("XDG_RUNTIME_DIR", std::env::temp_dir()) };
    }
    runtime::cli::main()
}
