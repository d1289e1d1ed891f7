//! A network several times over, side by side and unconnected.

use super::{Instance, Network, Site, Source};

impl Network {
    /// This network `copies` times. Cells, instances, NetCons and probes of the first copy
    /// come first, then those of the second, and so on; spike trains and courses are shared.
    #[must_use]
    pub fn copied(&self, copies: usize) -> Network {
        let mut all = Network {
            trains: self.trains.clone(),
            globals: self.globals.clone(),
            courses: self.courses.clone(),
            ..Network::default()
        };
        for copy in 0..copies {
            let cells = copy * self.cells.len();
            let points = copy * self.point_processes.len();
            let artificial = copy * self.artificial_cells.len();
            let moved = |instance| match instance {
                Instance::Point(point) => Instance::Point(point + points),
                Instance::Artificial(cell) => Instance::Artificial(cell + artificial),
            };
            all.artificial_cells.extend(self.artificial_cells.iter().cloned());
            all.cells.extend(self.cells.iter().cloned());
            all.point_processes.extend(self.point_processes.iter().cloned().map(|mut point| {
                point.cell += cells;
                point
            }));
            all.netcons.extend(self.netcons.iter().copied().map(|mut netcon| {
                netcon.target = moved(netcon.target);
                netcon.source = match netcon.source {
                    Source::Cell(cell) => Source::Cell(cell + cells),
                    Source::Train(train) => Source::Train(train),
                    Source::Instance(instance) => Source::Instance(moved(instance)),
                };
                netcon
            }));
            all.probes.extend(self.probes.iter().cloned().map(|mut probe| {
                match &mut probe.site {
                    Site::Segment { cell, .. } => *cell += cells,
                    Site::Point(point) => *point += points,
                }
                probe
            }));
            all.transfers.extend(self.transfers.iter().cloned().map(|mut transfer| {
                transfer.cell += cells;
                transfer.point += points;
                transfer
            }));
            all.played.extend(self.played.iter().cloned().map(|mut played| {
                played.point += points;
                played
            }));
        }
        all
    }
}
