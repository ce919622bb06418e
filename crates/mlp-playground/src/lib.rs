#![doc = include_str!("../README.md")]

mod failure;
mod outside;
mod page;
mod painter;
mod player;
pub mod protocol;
mod server;
mod setup;
mod tables;

pub use server::{Error, Playground, Stopper};
