use std::collections::BTreeMap;

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use crate::error::Error;

/// Distributes rows to parts of about the given shares, each group as a whole.
pub(super) fn split_groups<const PARTS: usize>(
    groups: &[usize],
    rows: Vec<usize>,
    shares: [f64; PARTS],
    seed: u64,
) -> Result<[Vec<usize>; PARTS], Error> {
    let mut units = rows_by_group(groups, &rows);
    check_num_groups(units.len(), PARTS)?;
    units.shuffle(&mut StdRng::seed_from_u64(seed));
    units.sort_by_key(|rows| std::cmp::Reverse(rows.len()));
    let mut parts = [const { Vec::new() }; PARTS];
    for (i, unit) in units.iter().enumerate() {
        // The part that lacks most rows; but the last groups go to parts without rows.
        let empty = parts
            .iter()
            .filter(|part: &&Vec<usize>| part.is_empty())
            .count();
        let must_fill = units.len() - i <= empty;
        let lack = |part: usize| shares[part] * rows.len() as f64 - parts[part].len() as f64;
        let candidates = (0..PARTS).filter(|&part| !must_fill || parts[part].is_empty());
        let part = candidates
            .max_by(|&a, &b| lack(a).total_cmp(&lack(b)))
            .unwrap_or(0);
        parts[part].extend(unit);
    }
    for part in &mut parts {
        part.sort_unstable();
    }
    Ok(parts)
}

/// The rows of each group.
pub(super) fn rows_by_group(groups: &[usize], rows: &[usize]) -> Vec<Vec<usize>> {
    let mut by_group: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for &row in rows {
        by_group.entry(groups[row]).or_default().push(row);
    }
    by_group.into_values().collect()
}

/// Checks that each of the parts can have a group.
pub(super) fn check_num_groups(groups: usize, needed: usize) -> Result<(), Error> {
    if groups < needed {
        return Err(Error::TooFewGroups { groups, needed });
    }
    Ok(())
}
