//! A model as text.

use super::model::ModelInfo;
use crate::analysis::short;
use crate::analysis::table::{Table, bytes};
use crate::problem::count;
use std::fmt;

impl fmt::Display for ModelInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let run = &self.run;
        let steps = count(run.steps as usize, "step");
        write!(f, "{}: {} ms in {steps} of {} ms", self.config.display(), short(run.tstop), run.dt)?;
        run.celsius.map_or(Ok(()), |celsius| write!(f, ", {celsius} degC"))?;
        run.v_init.map_or(Ok(()), |v_init| write!(f, ", from {v_init} mV"))?;
        writeln!(f)?;
        self.nodes(f)?;
        self.mechanisms(f)?;
        self.connections(f)?;
        let mut inputs = Table::default();
        self.inputs.iter().for_each(|(name, kind)| inputs.row([name, kind]));
        section(f, "inputs", &inputs)?;
        self.reports(f)?;
        writeln!(f, "\na run takes at least {} of memory", bytes(self.memory as f64))?;
        let window = count(run.window as usize, "step");
        writeln!(f, "spikes are exchanged every {window} ({} ms)", short(run.window as f64 * run.dt))
    }
}

impl ModelInfo {
    fn nodes(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for population in &self.populations {
            let mut table = Table::default();
            for of in &population.types {
                let cell = match of.segments {
                    0 => String::new(),
                    segments => format!("{}, {}", count(of.sections, "section"), count(segments, "segment")),
                };
                let id = of.id.map_or_else(String::new, |id| id.to_string());
                let text = |text: &Option<String>| text.clone().unwrap_or_default();
                table.row([of.nodes.to_string(), of.model_type.clone(), text(&of.template), text(&of.name), id, cell]);
            }
            section(f, &format!("{}: {}", population.name, count(population.nodes, "node")), &table)?;
        }
        Ok(())
    }

    fn mechanisms(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::default();
        for mechanism in &self.mechanisms {
            table.row([mechanism.name.clone(), mechanism.instances.to_string(), mechanism.kind.to_owned()]);
        }
        let title =
            format!("{}, {}", count(self.compartments, "compartment"), count(self.mechanisms.len(), "mechanism"));
        section(f, &title, &table)
    }

    fn connections(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::default();
        for of in &self.connections {
            let range = |(low, high): (f64, f64)| match low == high {
                true => short(low),
                false => format!("{} to {}", short(low), short(high)),
            };
            let delay = format!("delay {} ms", range(of.delay));
            let weight = format!("weight {}", range(of.weight));
            let ends = format!("{} -> {}", of.source, of.target);
            table.row([of.number.to_string(), ends, of.mechanism.clone(), delay, weight]);
        }
        let number: usize = self.connections.iter().map(|of| of.number).sum();
        section(f, &count(number, "connection"), &table)
    }

    fn reports(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::default();
        for report in &self.reports {
            let name = report.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let of = format!("{} of {}", count(report.elements, "value"), count(report.nodes, "node"));
            table.row([name, report.variable.clone(), of, count(report.rows, "row"), bytes(report.bytes as f64)]);
        }
        section(f, "reports", &table)
    }
}

/// A heading with a table, unless that is empty.
fn section(f: &mut fmt::Formatter<'_>, title: &str, table: &Table) -> fmt::Result {
    if table.is_empty() { Ok(()) } else { write!(f, "\n{title}\n{table}") }
}
