//! What kernels send while they run; it is handled after they have ended.

use codegen::abi;
use std::ffi::c_void;

/// An event as a kernel sends it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Post<R> {
    /// One of [`abi::post`].
    pub(super) kind: u32,
    /// Row of the instance.
    pub(super) row: u32,
    /// Delay or time, ms.
    pub(super) value: R,
    /// Flag.
    pub(super) flag: R,
}

/// Receives the posts of a kernel; keeps its memory.
#[derive(Debug, Default)]
pub(super) struct Outbox<R> {
    pub(super) posts: Vec<Post<R>>,
}

impl<R> Outbox<R> {
    /// What the kernel gets: valid until the outbox is used otherwise.
    pub(super) fn interface(&mut self) -> abi::Outbox<R> {
        abi::Outbox { context: (&raw mut self.posts).cast(), post: take::<R> }
    }
}

/// [`abi::Outbox::post`].
unsafe extern "C" fn take<R>(context: *mut c_void, kind: u32, row: usize, value: R, flag: R) {
    // SAFETY: `context` is the list of an outbox that is borrowed while the kernel runs.
    let posts = unsafe { &mut *context.cast::<Vec<Post<R>>>() };
    posts.push(Post { kind, row: row as u32, value, flag });
}
