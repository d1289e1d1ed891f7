//! Reading and assigning places.

use super::{Run, Step, expr::combine};
use crate::{
    IonVariable, RangeVariable,
    catalogue::ion_default,
    hoc::{
        Hoc, HocErrorKind,
        ast::{AssignOp, Name, Span},
        value::{Array, ObjectId, Place, Property, ScopeRef, Sec, Value, Var},
        world::{Object, ObjectKind},
    },
};

/// Variables of the simulator, with NEURON's initial values.
const SETTINGS: [(&str, f64); 14] = [
    ("celsius", 6.3),
    ("v_init", -65.0),
    ("tstop", 5.0),
    ("dt", 0.025),
    ("t", 0.0),
    ("secondorder", 0.0),
    ("steps_per_ms", 40.0),
    ("stoprun", 0.0),
    ("clamp_resist", 1e-3),
    ("diam_changed", 1.0),
    ("nrn_shape_changed_", 0.0),
    ("using_cvode_", 0.0),
    ("hoc_ac_", 0.0),
    ("cell_index_", 0.0),
];

impl Hoc {
    pub(super) fn load_at(&mut self, place: &Place, span: Span) -> Run<Value> {
        let value = self.load(place);
        self.place_at(span, value)
    }

    pub(super) fn assign(&mut self, place: &Place, value: Value, span: Span) -> Run<()> {
        let done = self.store(place, value);
        self.place_at(span, done)
    }

    fn load(&mut self, place: &Place) -> Step<Value> {
        Ok(match place {
            Place::Variable { scope, name, flat } => match self.var(*scope, name) {
                Some(Var::Number(array)) => Value::Number(array.values[*flat]),
                Some(Var::Text(text)) => Value::Text(text.clone()),
                Some(Var::Object(array)) => Value::Object(array.values[*flat]),
                Some(Var::Section(_)) => {
                    let what = name.to_string();
                    return Err(HocErrorKind::Type { what, found: "a section", expected: "a value" });
                }
                // assigned somewhere in the template, not yet here
                None => Value::Number(0.0),
            },
            Place::Local { frame, slot } => self.frames[*frame].locals[*slot].1.clone(),
            Place::Argument { frame, index } => self.frames[*frame].arguments[*index].clone(),
            Place::Property(sec, property) => {
                let section = self.worlds.section(*sec)?;
                Value::Number(match property {
                    Property::L => section.length(),
                    Property::Nseg => section.nseg() as f64,
                    Property::Ra => section.ra(),
                    Property::Rallbranch => section.rallbranch(),
                })
            }
            Place::Range(sec, variable, x) => {
                let segment = self.worlds.section(*sec)?.segment_index(x.unwrap_or(0.5))?;
                Value::Number(self.load_range(*sec, variable, segment)?)
            }
            Place::VectorElement(object, index) => match &self.worlds.object(*object)?.kind {
                ObjectKind::Vector(values) => Value::Number(values[*index]),
                _ => return Err(HocErrorKind::StaleObject),
            },
            Place::StringText(object) => match &self.worlds.object(*object)?.kind {
                ObjectKind::Text(text) => Value::Text(text.clone()),
                _ => return Err(HocErrorKind::StaleObject),
            },
            Place::ObjectNumber(object, name) => match &self.worlds.object(*object)?.kind {
                ObjectKind::Reader { values, .. } => Value::Number(values.get(&**name).copied().unwrap_or_default()),
                _ => Value::Number(self.load_point(*object, name)?),
            },
            Place::Setting(name) => Value::Number(self.setting(name)?),
        })
    }

    /// A variable of a point process: as set, or its default.
    fn load_point(&self, object: ObjectId, name: &Name) -> Step<f64> {
        let object = self.worlds.object(object)?;
        let ObjectKind::Point { at, values } = &object.kind else { return Err(HocErrorKind::StaleObject) };
        let default = || self.catalogue.point_processes.get(&*object.class)?.variables.get(&**name).copied().flatten();
        values.get(&**name).copied().or_else(default).ok_or_else(|| HocErrorKind::NotSet {
            variable: format!("{}.{name}", object.class),
            section: at.map_or("none".to_string(), |(sec, _)| self.worlds.section_name(sec)),
        })
    }

    fn store(&mut self, place: &Place, value: Value) -> Step<()> {
        match place {
            Place::Variable { scope, name, flat } => self.store_variable(*scope, name, *flat, value),
            Place::Local { frame, slot } => same_kind(&mut self.frames[*frame].locals[*slot].1, value),
            Place::Argument { frame, index } => same_kind(&mut self.frames[*frame].arguments[*index], value),
            Place::Property(sec, property) => self.store_property(*sec, *property, number(value)?),
            Place::Range(..) => {
                let value = number(value)?;
                self.change_range(place, AssignOp::Set, value)
            }
            Place::VectorElement(object, index) => match &mut self.worlds.object_mut(*object)?.kind {
                ObjectKind::Vector(values) => {
                    values[*index] = number(value)?;
                    Ok(())
                }
                _ => Err(HocErrorKind::StaleObject),
            },
            Place::StringText(object) => match (&mut self.worlds.object_mut(*object)?.kind, value) {
                (ObjectKind::Text(text), Value::Text(new)) => {
                    *text = new;
                    Ok(())
                }
                (_, other) => Err(mismatch("the string", &other, "a string")),
            },
            Place::ObjectNumber(object, name) => match &mut self.worlds.object_mut(*object)?.kind {
                ObjectKind::Point { values, .. } | ObjectKind::Reader { values, .. } => {
                    values.insert(name.to_string(), number(value)?);
                    Ok(())
                }
                _ => Err(HocErrorKind::StaleObject),
            },
            Place::Setting(name) => {
                self.settings.insert(name.to_string(), number(value)?);
                Ok(())
            }
        }
    }

    fn store_variable(&mut self, scope: ScopeRef, name: &Name, flat: usize, value: Value) -> Step<()> {
        let var = match scope {
            ScopeRef::Global => self.globals.get_mut(name),
            ScopeRef::Object(object) => match self.worlds.object_mut(object)? {
                Object { kind: ObjectKind::Instance { vars, .. }, .. } => vars.get_mut(name),
                _ => None,
            },
        };
        match (var, value) {
            (Some(Var::Number(array)), Value::Number(new)) => array.values[flat] = new,
            (Some(Var::Text(text)), Value::Text(new)) => *text = new,
            (Some(Var::Object(array)), Value::Object(new)) => array.values[flat] = new,
            (Some(var), value) => {
                let (what, expected) = (format!("what is assigned to {name}"), var.kind());
                return Err(HocErrorKind::Type { what, found: value.kind(), expected });
            }
            (None, Value::Number(new)) => self.set_var(scope, name, Var::Number(Array::scalar(new))),
            (None, value) => {
                let what = format!("what is assigned to {name}, which is not declared,");
                return Err(HocErrorKind::Type { what, found: value.kind(), expected: "strdef or objref before it" });
            }
        }
        Ok(())
    }

    fn store_property(&mut self, sec: Sec, property: Property, value: f64) -> Step<()> {
        let name = self.worlds.section_name(sec);
        let refuse = |what: &str, expected: &str| {
            let (function, value) = (format!("{what} of {name}"), crate::hoc::format::plain(value));
            Err(HocErrorKind::Argument { function, value, expected: expected.to_string() })
        };
        if value.is_nan() {
            return refuse("a property", "a number");
        }
        if property == Property::Nseg {
            let nseg = value.trunc();
            if !(1.0..=32767.0).contains(&nseg) {
                return refuse("nseg", "a whole number from 1 to 32767");
            }
            self.charge(nseg as u64)?;
            self.worlds.section(sec)?.set_nseg(nseg as usize)?;
            return Ok(());
        }
        let section = self.worlds.section(sec)?;
        match property {
            Property::L if value <= 0.0 => return refuse("L", "a length above 0 um"),
            Property::L => section.set_length(value),
            Property::Ra if value <= 0.0 => return refuse("Ra", "a resistivity above 0 ohm cm"),
            Property::Ra => section.set_ra(value),
            Property::Rallbranch if value <= 0.0 => return refuse("rallbranch", "a number above 0"),
            Property::Rallbranch => section.set_rallbranch(value),
            Property::Nseg => unreachable!("handled above"),
        }
        Ok(())
    }

    // ---- range variables ----

    /// The value of a range variable in a segment.
    pub(super) fn load_range(&mut self, sec: Sec, variable: &RangeVariable, segment: usize) -> Step<f64> {
        let name = || self.worlds.section_name(sec);
        let name = match variable {
            RangeVariable::Diam | RangeVariable::Cm => String::new(),
            _ => name(),
        };
        let section = self.worlds.section(sec)?;
        match variable {
            RangeVariable::Diam => {
                section.refresh()?;
                Ok(section.diam()[segment])
            }
            RangeVariable::Cm => Ok(section.cm()[segment]),
            RangeVariable::V => Err(HocErrorKind::NotSet { variable: "v".to_string(), section: name }),
            RangeVariable::Density { mechanism, variable } => {
                let Some(inserted) = section.mechanisms().get(mechanism) else {
                    return Err(not_inserted(mechanism, name, format!("{variable}_{mechanism}")));
                };
                let set = inserted.values.get(variable).and_then(|column| column[segment]);
                let default = || self.catalogue.density.get(mechanism)?.range.get(variable).copied().flatten();
                let variable = || format!("{variable}_{mechanism}");
                set.or_else(default).ok_or_else(|| HocErrorKind::NotSet { variable: variable(), section: name })
            }
            RangeVariable::Ion { ion, variable } => {
                let Some(values) = section.ions().get(ion) else {
                    return Err(not_inserted(&format!("{ion}_ion"), name, ion_name(ion, *variable)));
                };
                let set = values.column(*variable).and_then(|column| column[segment]);
                Ok(set.unwrap_or_else(|| ion_default(ion, *variable)))
            }
        }
    }

    /// Changes a range variable by `value`: in the segment of its position, or in all where none is given.
    pub(super) fn change_range(&mut self, place: &Place, op: AssignOp, value: f64) -> Step<()> {
        let Place::Range(sec, variable, x) = place else { return Ok(()) };
        let only = match x {
            Some(x) => Some(self.worlds.section(*sec)?.segment_index(*x)?),
            None => None,
        };
        self.change_segments(*sec, variable, op, |segment| only.is_none_or(|only| only == segment).then_some(value))
    }

    /// Changes a range variable in the segments for which `by` answers a value.
    pub(super) fn change_segments(
        &mut self,
        sec: Sec,
        variable: &RangeVariable,
        op: AssignOp,
        by: impl Fn(usize) -> Option<f64>,
    ) -> Step<()> {
        // v is set when the simulation starts; what a template gives it would not last
        if *variable == RangeVariable::V {
            return Ok(());
        }
        let mut new = Vec::new();
        for segment in 0..self.worlds.section(sec)?.nseg() {
            let Some(value) = by(segment) else { continue };
            let value = match op {
                AssignOp::Set => value,
                _ => combine(op, self.load_range(sec, variable, segment)?, value)?,
            };
            new.push((segment, value));
        }
        let name = self.worlds.section_name(sec);
        let section = self.worlds.section(sec)?;
        let fill = |column: &mut [Option<f64>]| new.iter().for_each(|&(segment, value)| column[segment] = Some(value));
        match variable {
            RangeVariable::V => {}
            RangeVariable::Diam => {
                let find = |i: usize| new.iter().find(|(segment, _)| *segment == i).map(|&(_, value)| value);
                section.set_diam(|i, old| find(i).unwrap_or(old));
            }
            RangeVariable::Cm => new.iter().for_each(|&(segment, value)| section.cm_mut()[segment] = value),
            RangeVariable::Density { mechanism, variable } => match section.range_mut(mechanism, variable) {
                Some(column) => fill(column),
                None => return Err(not_inserted(mechanism, name, format!("{variable}_{mechanism}"))),
            },
            RangeVariable::Ion { ion, variable } => {
                if !section.ions().contains_key(ion) {
                    return Err(not_inserted(&format!("{ion}_ion"), name, ion_name(ion, *variable)));
                }
                if let Some(column) = section.ion_mut(ion).column_mut(*variable) {
                    fill(column);
                }
            }
        }
        Ok(())
    }

    // ---- settings ----

    /// True for variables of the simulator: of NEURON itself, GLOBALs of mechanisms, initial concentrations of ions.
    pub(super) fn is_setting(&self, name: &str) -> bool {
        SETTINGS.iter().any(|(setting, _)| *setting == name)
            || self.settings.contains_key(name)
            || self.ion_setting(name).is_some()
            || self.catalogue.global(name).is_some()
    }

    fn setting(&self, name: &str) -> Step<f64> {
        let set = self.settings.get(name).copied();
        let known = || SETTINGS.iter().find(|(setting, _)| *setting == name).map(|&(_, value)| value);
        set.or_else(known)
            .or_else(|| self.ion_setting(name))
            .or_else(|| self.catalogue.global(name))
            .ok_or_else(|| HocErrorKind::NotSet { variable: name.to_string(), section: "any".to_string() })
    }

    /// `nai0_na_ion`, `nao0_na_ion` and their default.
    fn ion_setting(&self, name: &str) -> Option<f64> {
        let (concentration, ion) = name.strip_suffix("_ion")?.split_once('_')?;
        if !self.catalogue.ions().contains(&ion) {
            return None;
        }
        match concentration.strip_prefix(ion)? {
            "i0" => Some(ion_default(ion, IonVariable::Inside)),
            "o0" => Some(ion_default(ion, IonVariable::Outside)),
            _ => None,
        }
    }
}

fn number(value: Value) -> Step<f64> {
    match value {
        Value::Number(value) => Ok(value),
        other => Err(mismatch("what is assigned", &other, "a number")),
    }
}

fn mismatch(what: &str, found: &Value, expected: &'static str) -> HocErrorKind {
    HocErrorKind::Type { what: what.to_string(), found: found.kind(), expected }
}

fn same_kind(slot: &mut Value, value: Value) -> Step<()> {
    if std::mem::discriminant(slot) != std::mem::discriminant(&value) {
        return Err(mismatch("what is assigned", &value, slot.kind()));
    }
    *slot = value;
    Ok(())
}

fn not_inserted(mechanism: &str, section: String, variable: String) -> HocErrorKind {
    HocErrorKind::NotInserted { mechanism: mechanism.to_string(), section, variable }
}

fn ion_name(ion: &str, variable: IonVariable) -> String {
    match variable {
        IonVariable::Reversal => format!("e{ion}"),
        IonVariable::Inside => format!("{ion}i"),
        IonVariable::Outside => format!("{ion}o"),
        IonVariable::Current => format!("i{ion}"),
    }
}
