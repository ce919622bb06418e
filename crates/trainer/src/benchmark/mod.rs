//! Data sets × models × seeds: what is trained, each cell in a process of its own, the file of results,
//! and the tables made of them.

mod candidate;
mod data;
mod grid;
mod measure;
mod memory;
mod pace;
mod peers;
mod plan;
mod process;
mod ranks;
mod record;
mod report;
mod results;
mod seeds;
mod suite;

pub use candidate::Candidate;
pub use data::BenchmarkData;
pub use measure::measure;
pub use pace::Pace;
pub use peers::Peers;
pub use plan::Plan;
pub use process::{Ending, Process};
pub use record::Record;
pub use report::{Report, decimals};
pub use results::Results;
pub use seeds::Seeds;
pub use suite::read_suite;
