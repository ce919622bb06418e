use super::checkpoint::Memory;
use crate::Error;

/// What is to be done between the epochs of a training.
pub trait Epochs<M>: Send {
    /// An epoch begins with a network as it is.
    fn begin(&mut self, _network: &M) {}

    /// So many steps were taken; with 0, none yet. Training goes on with the network that is returned, if one
    /// is.
    fn step(&mut self, _step: usize, _network: &dyn Fn() -> M) -> Option<M> {
        None
    }

    /// An epoch, from 1, has ended with a network: whether training goes on.
    fn end(&mut self, epoch: usize, network: M) -> bool;

    /// What it remembers of all epochs so far, unless they are not worth to be gone on from.
    fn memory(&self) -> Result<Option<Memory>, Error> {
        Ok(Some(Memory::default()))
    }

    /// Remembers what it did, of a training that goes on with a network.
    fn restore(&mut self, _memory: Memory, _network: &M) -> Result<(), Error> {
        Ok(())
    }
}
