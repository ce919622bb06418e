#![doc = include_str!("../README.md")]

pub mod chart;
pub mod drawing;
pub mod figures;
mod page;
mod text;

pub use page::{Block, Cells, Code, Column, Figure, KeyFigure, Page, Picture, Section, Table};
pub use text::{count, number, percent, shortened};
