//! A library of compiled kernels.

use super::block::Call;
use super::folder;
use codegen::abi::{KernelTable, Library};
use codegen::build::{BuildOptions, build_library};
use codegen::ir::Mechanism;

pub struct Native<R: 'static> {
    tables: &'static [KernelTable<R>],
    _library: libloading::Library,
}

impl<R: Copy + 'static> Native<R> {
    pub fn build(mechanisms: &[Mechanism], fused: bool) -> Self {
        let real = if size_of::<R>() == 4 { codegen::back::Real::F32 } else { codegen::back::Real::F64 };
        let options = BuildOptions { real, fused, native: true, cache_dir: folder("target/tmp/kernels") };
        let path = build_library(mechanisms, &options).unwrap_or_else(|error| panic!("{error}"));
        type Export<R> = unsafe extern "C" fn() -> *const Library<R>;
        // SAFETY: a library that the compiler has just made for this real type.
        unsafe {
            let library = libloading::Library::new(path).unwrap_or_else(|error| panic!("{error}"));
            let description = *(library.get::<Export<R>>(b"saltatory_library").unwrap())();
            let tables = std::slice::from_raw_parts(description.tables, description.count as usize);
            Self { tables, _library: library }
        }
    }

    pub fn call(&self, mechanism: &str, kernel: &str, call: &mut Call<'_, R>)
    where
        R: Copy,
    {
        // SAFETY: names are in static memory; the world's arrays are those of the mechanism.
        unsafe {
            let name = |table: &&KernelTable<R>| {
                std::slice::from_raw_parts(table.name, table.name_len) == mechanism.as_bytes()
            };
            let table = self.tables.iter().find(name).unwrap();
            let of_net = match kernel {
                "net_receive" => table.net_receive,
                "net_init" => table.net_init,
                _ => None,
            };
            if let (Some(of_net), Some((row, net, flag))) = (of_net, call.received) {
                return of_net(&call.block, &call.clock, row, 0, net, flag);
            }
            let of_block = match kernel {
                "init" => table.init,
                "current" => table.current,
                "current_difference" => table.current_difference,
                "state" => table.state,
                "diffusion" => table.diffusion,
                "watch" => table.watch,
                "before_initial" => table.before_initial,
                "after_initial" => table.after_initial,
                "before_breakpoint" => table.before_breakpoint,
                "after_solve" => table.after_solve,
                "before_step" => table.before_step,
                _ => None,
            };
            if let Some(of_block) = of_block {
                of_block(&call.block, &call.clock);
            }
        }
    }
}
