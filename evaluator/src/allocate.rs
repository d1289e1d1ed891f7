//! Registers that do not live at the same time share their memory, so that all of a chunk stay in the nearest cache.

use crate::code::{Code, Instruction, Slot};

/// The instructions from the first to the last mention of a register.
#[derive(Clone, Copy)]
struct Life {
    register: u32,
    first: usize,
    last: usize,
}

/// Renumbers the registers of a kernel so that as few as possible are left.
pub fn run(code: &mut Code) {
    let places = places(code);
    let rename = |slot: &mut Slot| {
        if let Slot::Register(register) = slot {
            *register = places.of[*register as usize];
        }
    };
    code.body.iter_mut().for_each(|instruction| rename_all(instruction, &rename));
    code.sums.iter_mut().for_each(|sum| rename(&mut sum.value));
    code.registers = places.count;
    code.lasting.clear();
}

fn rename_all(instruction: &mut Instruction, rename: &impl Fn(&mut Slot)) {
    match instruction {
        Instruction::Compute { to, from, .. } => {
            rename(to);
            from.iter_mut().for_each(rename);
        }
        Instruction::Unless { condition, .. } => rename(condition),
        Instruction::Draw { arguments, to, mask, .. } => {
            arguments.iter_mut().for_each(rename);
            to.iter_mut().for_each(rename);
            mask.iter_mut().for_each(rename);
        }
        // Registers of arrays keep their numbers.
        Instruction::Element { index, to, .. } => [index, to].into_iter().for_each(rename),
        Instruction::SetElement { index, value, mask, .. }
        | Instruction::Post { value: index, flag: value, mask, .. } => {
            [index, value].into_iter().for_each(rename);
            mask.iter_mut().for_each(rename);
        }
        Instruction::LoadArgument { to, .. } => rename(to),
        Instruction::StoreArgument { value, .. } => rename(value),
        Instruction::Jump { .. }
        | Instruction::Begin { .. }
        | Instruction::Repeat { .. }
        | Instruction::FirstNetcon
        | Instruction::NextNetcon { .. } => {}
    }
}

struct Places {
    of: Vec<u32>,
    count: u32,
}

fn places(code: &Code) -> Places {
    let mut lives = lives(code);
    lives.sort_by_key(|life| (life.first, life.register));
    let mut of: Vec<u32> = (0..code.registers).collect();
    let mut count = code.arrays;
    let (mut busy, mut free): (Vec<(usize, u32)>, Vec<u32>) = (Vec::new(), Vec::new());
    for life in lives {
        // A result may not go where an operand of the same instruction was: loops keep them apart.
        busy.retain(|&(last, place)| {
            if last < life.first {
                free.push(place);
            }
            last >= life.first
        });
        let place = free.pop().unwrap_or_else(|| {
            count += 1;
            count - 1
        });
        of[life.register as usize] = place;
        busy.push((life.last, place));
    }
    Places { of, count }
}

/// The lives of all registers but those of arrays.
fn lives(code: &Code) -> Vec<Life> {
    let mut lives: Vec<Option<Life>> = vec![None; code.registers as usize];
    let mut mention = |slot: Slot, at: usize| {
        if let Slot::Register(register) = slot
            && register >= code.arrays
        {
            let life = lives[register as usize].get_or_insert(Life { register, first: at, last: at });
            life.last = at;
        }
    };
    for (at, instruction) in code.body.iter().enumerate() {
        instruction.reads().into_iter().chain(instruction.writes()).for_each(|slot| mention(slot, at));
    }
    code.sums.iter().for_each(|sum| mention(sum.value, code.body.len()));
    let mut lives: Vec<Life> = lives.into_iter().flatten().collect();
    // Inner loops first, so that what they lengthen is seen by the outer ones.
    let mut loops = code.loops.clone();
    loops.sort_by_key(|(first, last)| last - first);
    for (first, last) in loops {
        for life in lives.iter_mut().filter(|life| life.first <= last && life.last >= first) {
            if code.lasting.contains(&life.register) {
                life.first = life.first.min(first);
                life.last = life.last.max(last);
            } else if life.first < first {
                life.last = life.last.max(last);
            }
        }
    }
    lives
}
