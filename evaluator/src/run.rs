//! Running a program over a block, portion by portion.

use crate::code::Shared;
use crate::operation::{AddRuns, Context, Run, WIDTH};
use crate::program::{Draw, Place, Program, Step};
use crate::real::Real;
use crate::rows::{self, Portion, Source};
use codegen::abi::{Block, Clock};
use codegen::ir::Input;

/// Memory of a thread to run programs in.
pub struct Scratch<R> {
    values: Vec<R>,
    slots: Vec<*mut R>,
    counters: Vec<u32>,
    posts: Vec<Posted<R>>,
    addends: Vec<(*const R, AddRuns<R>)>,
    /// By [`Program::rows`].
    runs: Vec<Vec<Run>>,
    /// By [`Program::memory`].
    sources: Vec<Source<R>>,
}

impl<R> Default for Scratch<R> {
    fn default() -> Self {
        Self {
            values: Vec::new(),
            slots: Vec::new(),
            counters: Vec::new(),
            posts: Vec::new(),
            addends: Vec::new(),
            runs: Vec::new(),
            sources: Vec::new(),
        }
    }
}

/// An event to be sent when all instances of a portion are done.
#[derive(Clone, Copy)]
struct Posted<R> {
    row: usize,
    kind: u32,
    value: R,
    flag: R,
}

/// What a kernel for one instance is called with.
#[derive(Clone, Copy)]
pub struct Received<R> {
    pub row: usize,
    pub lane: usize,
    pub net: *mut R,
    pub flag: R,
}

impl<R: Real> Program<R> {
    /// Runs for all instances of a block, or for the one that receives.
    ///
    /// # Safety
    /// Block and clock are valid, as [`codegen::abi`] says, and of the mechanism that the program was made of; so is
    /// what is received, if the program is for one instance.
    pub unsafe fn run(
        &self,
        block: &Block<R>,
        clock: &Clock<R>,
        received: Option<Received<R>>,
        scratch: &mut Scratch<R>,
    ) {
        let instances = block.rows * block.lanes;
        if instances == 0 {
            return;
        }
        let Layout { uniforms, memory: memory_at } = self.lay_out(scratch);
        let flag = received.map_or(R::ZERO, |received| received.flag);
        // SAFETY: promised by the caller; the slots are where `lay_out` has put them.
        unsafe {
            for (at, shared) in self.shared.iter().enumerate() {
                let value = match shared {
                    Shared::Global(id) => *block.globals.add(*id as usize),
                    Shared::Input(Input::T) => clock.t,
                    Shared::Input(Input::Dt) => clock.dt,
                    Shared::Input(Input::Celsius) => clock.celsius,
                    Shared::Input(Input::Flag) => flag,
                    Shared::Input(Input::V | Input::Area | Input::Diam) => continue,
                };
                *uniforms.add(at * WIDTH).cast() = [value; WIDTH];
            }
            let context = Context { slots: &scratch.slots, width: WIDTH, tables: &self.tables, globals: block.globals };
            for step in &self.prologue {
                if let Step::Loop(run, operands) = step {
                    run(&context, operands);
                }
            }
            let net = received.map_or(std::ptr::null_mut(), |received| received.net);
            // One instance may be at any place of its row.
            let chunk = if received.is_some() { 0 } else { self.chunk };
            scratch.sources.clear();
            for (at, (memory, rows)) in self.memory.iter().enumerate() {
                let (rows, buffer) = (rows.map(|rows| (self.rows[rows], rows)), memory_at.add(at * self.stride()));
                scratch.sources.push(Source::find(block, *memory, rows, chunk, buffer, net));
            }
            match received {
                Some(Received { row, lane, net, .. }) => {
                    let portion = Portion { block, first: row * block.lanes + lane, count: 1 };
                    self.portion(&portion, net, memory_at, scratch);
                }
                None => {
                    let mut first = 0;
                    while first < instances {
                        let portion = Portion::new(block, first, self.chunk, self.apart);
                        self.portion(&portion, net, memory_at, scratch);
                        first += portion.count;
                    }
                }
            }
        }
    }

    /// Elements from one register to the next: not a power of 2, which caches dislike.
    fn stride(&self) -> usize {
        self.chunk + WIDTH
    }

    /// Points all slots but those of memory to their place.
    fn lay_out(&self, scratch: &mut Scratch<R>) -> Layout<R> {
        let size = self.uniforms * WIDTH + (self.registers + self.memory.len()) * self.stride();
        // Room to begin at a line of the cache.
        let room = size + 64 / size_of::<R>();
        if scratch.values.len() < room {
            scratch.values.resize(room, R::ZERO);
        }
        let values = scratch.values.as_mut_ptr();
        let uniforms = values.wrapping_add(values.align_offset(64).min(64 / size_of::<R>()));
        let registers = uniforms.wrapping_add(self.uniforms * WIDTH);
        let memory = registers.wrapping_add(self.registers * self.stride());
        scratch.slots.clear();
        scratch.slots.extend(self.constants.iter().map(|constant| constant.as_ptr().cast_mut()));
        scratch.slots.extend((0..self.uniforms).map(|at| uniforms.wrapping_add(at * WIDTH)));
        scratch.slots.extend((0..self.registers).map(|at| registers.wrapping_add(at * self.stride())));
        scratch.slots.extend((0..self.memory.len()).map(|at| memory.wrapping_add(at * self.stride())));
        if scratch.runs.len() < self.rows.len() {
            scratch.runs.resize_with(self.rows.len(), Vec::new);
        }
        scratch.counters.clear();
        scratch.counters.resize(self.counters, 0);
        Layout { uniforms, memory }
    }

    /// # Safety
    /// As [`Program::run`]; `buffers` is where [`Program::lay_out`] has put those of memory.
    unsafe fn portion(&self, portion: &Portion<'_, R>, net: *mut R, buffers: *mut R, scratch: &mut Scratch<R>) {
        let base = scratch.slots.len() - self.memory.len();
        // SAFETY: promised by the caller.
        unsafe {
            for (at, (rows, runs)) in self.rows.iter().zip(&mut scratch.runs).enumerate() {
                if scratch.sources.iter().any(|source| matches!(source, Source::Nodes(_, rows) if *rows == at)) {
                    portion.find_runs(*rows, runs);
                }
            }
            let buffer = |at: usize| buffers.wrapping_add(at * self.stride());
            for (at, (memory, _)) in self.memory.iter().enumerate() {
                scratch.slots[base + at] = portion.lend(scratch.sources[at], memory.load, &scratch.runs, buffer(at));
            }
            self.steps(portion, net, scratch);
            let context = self.context(portion, &scratch.slots);
            for sums in &self.sums {
                let Source::Nodes(target, rows) = scratch.sources[sums.target] else { continue };
                if scratch.slots[base + sums.target] == buffer(sums.target) {
                    scratch.addends.clear();
                    let slots = &scratch.slots;
                    let addend = |&(slot, add): &(u16, AddRuns<R>)| (slots[usize::from(slot)].cast_const(), add);
                    scratch.addends.extend(sums.values.iter().map(addend));
                    rows::add(target, &scratch.runs[rows], &scratch.addends);
                } else {
                    for (run, operands) in &sums.loops {
                        run(&context, operands);
                    }
                }
            }
            for (at, _) in self.memory.iter().enumerate().filter(|(_, (memory, _))| memory.store) {
                if scratch.slots[base + at] == buffer(at) {
                    portion.put_back(scratch.sources[at], &scratch.runs, buffer(at));
                }
            }
            if !scratch.posts.is_empty() {
                // Instance by instance, each in the order in which it has sent.
                scratch.posts.sort_by_key(|posted| posted.row);
                let outbox = portion.block.outbox;
                for Posted { row, kind, value, flag } in scratch.posts.drain(..) {
                    (outbox.post)(outbox.context, kind, row, value, flag);
                }
            }
        }
    }

    fn context<'a>(&'a self, portion: &Portion<'_, R>, slots: &'a [*mut R]) -> Context<'a, R> {
        Context {
            slots,
            width: portion.count.next_multiple_of(WIDTH),
            tables: &self.tables,
            globals: portion.block.globals,
        }
    }

    /// # Safety
    /// As [`Program::portion`], and all slots are set.
    unsafe fn steps(&self, portion: &Portion<'_, R>, net: *mut R, scratch: &mut Scratch<R>) {
        let Scratch { slots, counters, posts, .. } = scratch;
        let slots: &[*mut R] = slots;
        let context = self.context(portion, slots);
        let count = portion.count;
        let netcons = portion.block.netcons;
        let (mut visited, mut each) = (0, net);
        let mut next = 0;
        while let Some(step) = self.body.get(next) {
            next += 1;
            // SAFETY: promised by the caller; every slot has at least `context.width` elements, a uniform one has one.
            unsafe {
                let get =
                    |place: Place, at: usize| *slots[usize::from(place.slot)].add(if place.uniform { 0 } else { at });
                let active = |mask: &Option<Place>, at: usize| mask.is_none_or(|mask| get(mask, at) != R::ZERO);
                match step {
                    Step::Loop(run, operands) => run(&context, operands),
                    Step::Unless { condition, to } => {
                        let instances = if condition.uniform { 1 } else { count };
                        if (0..instances).all(|at| get(*condition, at) == R::ZERO) {
                            next = *to as usize;
                        }
                    }
                    Step::Jump { to } => next = *to as usize,
                    Step::Begin { counter } => counters[usize::from(*counter)] = 0,
                    Step::Repeat { counter, limit, to } => {
                        let rounds = &mut counters[usize::from(*counter)];
                        *rounds += 1;
                        if *rounds < *limit {
                            next = *to as usize;
                        }
                    }
                    Step::Draw(draw) => {
                        let Draw { generator, arguments, to, mask } = &**draw;
                        for at in (0..count).filter(|&at| active(mask, at)) {
                            let mut values = [R::ZERO; 8];
                            for (value, place) in values.iter_mut().zip(arguments) {
                                *value = get(*place, at);
                            }
                            for (slot, drawn) in to.iter().zip(R::draw(*generator, &values)) {
                                *slots[usize::from(*slot)].add(at) = drawn;
                            }
                        }
                    }
                    Step::Element { first, length, index, to } => {
                        for at in 0..count {
                            let element = get(*index, at).index().min(*length as usize - 1) as u16;
                            let place = Place { slot: first.slot + element, uniform: first.uniform };
                            *slots[usize::from(*to)].add(at) = get(place, at);
                        }
                    }
                    Step::SetElement { first, length, index, value, mask } => {
                        for at in (0..count).filter(|&at| active(mask, at)) {
                            let element = get(*index, at).index().min(*length as usize - 1);
                            *slots[usize::from(*first) + element].add(at) = get(*value, at);
                        }
                    }
                    Step::Post { kind, value, flag, mask } => {
                        for at in (0..count).filter(|&at| active(mask, at)) {
                            let (value, flag) = (get(*value, at), get(*flag, at));
                            posts.push(Posted { row: portion.row(at), kind: *kind, value, flag });
                        }
                    }
                    Step::FirstNetcon => visited = *netcons.first.add(portion.row(0)),
                    Step::NextNetcon { end } => {
                        if visited < *netcons.first.add(portion.row(0) + 1) {
                            each = netcons.arguments.add(*netcons.offsets.add(visited as usize) as usize);
                            visited += 1;
                        } else {
                            next = *end as usize;
                        }
                    }
                    Step::LoadArgument { each: of_each, at, to } => {
                        let arguments = if *of_each { each } else { net };
                        *slots[usize::from(*to)] = *arguments.add(*at as usize);
                    }
                    Step::StoreArgument { each: of_each, at, value } => {
                        let arguments = if *of_each { each } else { net };
                        *arguments.add(*at as usize) = get(*value, 0);
                    }
                }
            }
        }
    }
}

/// Where the slots of a program begin.
struct Layout<R> {
    uniforms: *mut R,
    memory: *mut R,
}
