use std::sync::{Mutex, MutexGuard, PoisonError};

use burn::tensor::Device;
use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::{RngCore, SeedableRng};

/// Who holds it seeds the random numbers of devices, and draws.
static SEEDING: Mutex<()> = Mutex::new(());

/// Seeds the random numbers of a device, which all threads share. No other training seeds them until the guard
/// is dropped, so that what is drawn until then is a function of the seed.
pub fn seed_device(device: &Device, seed: u64) -> MutexGuard<'static, ()> {
    let guard = SEEDING.lock().unwrap_or_else(PoisonError::into_inner);
    device.seed(seed);
    guard
}

/// The seed of what is drawn in an epoch, from 1, of a part of a training: of dropout, for example.
///
/// If all epochs drew from one stream, those that follow a checkpoint would need its position, which no
/// backend tells.
pub fn epoch_seed(seed: u64, part: u64, epoch: usize) -> u64 {
    let first = |seed| SplitMix64::seed_from_u64(seed).next_u64();
    let numbers = [part, epoch as u64];
    numbers
        .into_iter()
        .fold(first(seed), |seed, number| first(seed ^ number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn each_epoch_of_each_part_draws_something_else() {
        let seeds = (0..3).flat_map(|seed| {
            (0..3).flat_map(move |part| (1..100).map(move |epoch| epoch_seed(seed, part, epoch)))
        });
        assert_eq!(seeds.collect::<HashSet<_>>().len(), 3 * 3 * 99);
    }
}
