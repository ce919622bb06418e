/// The number of rows of each class in each part, such that each class and all classes together
/// deviate from the shares by less than one row. This is controlled rounding of a matrix: simple
/// rounding within each class would add up to an error of several rows in total.
pub(super) fn apportion<const PARTS: usize>(
    counts: &[usize],
    shares: [f64; PARTS],
) -> Vec<[usize; PARTS]> {
    let mut quotas: Vec<Quota<PARTS>> = counts.iter().map(|&n| Quota::new(n, shares)).collect();
    balance(&mut quotas, Quota::new(counts.iter().sum(), shares).sizes());
    quotas.iter().map(Quota::sizes).collect()
}

/// Changes which classes are rounded up in which parts until the parts have the sizes of the goal.
fn balance<const PARTS: usize>(quotas: &mut [Quota<PARTS>], goal: [usize; PARTS]) {
    loop {
        let mut totals = [0; PARTS];
        for quota in &*quotas {
            for (total, size) in totals.iter_mut().zip(quota.sizes()) {
                *total += size;
            }
        }
        let over = (0..PARTS).find(|&part| totals[part] > goal[part]);
        let under = (0..PARTS).find(|&part| totals[part] < goal[part]);
        let (Some(over), Some(under)) = (over, under) else {
            break;
        };
        // Rounding a matrix such that rows and columns add up is a flow problem: if no class can pass
        // a row on directly, two classes can do so through a third part.
        let through = (0..PARTS).find(|&part| {
            best_giver(quotas, over, part).is_some() && best_giver(quotas, part, under).is_some()
        });
        let path = match (best_giver(quotas, over, under), through) {
            (Some(_), _) => vec![(over, under)],
            (None, Some(part)) => vec![(over, part), (part, under)],
            (None, None) => break,
        };
        for (from, to) in path {
            if let Some(class) = best_giver(quotas, from, to) {
                quotas[class].extra[from] = false;
                quotas[class].extra[to] = true;
            }
        }
    }
}

/// The class that is best rounded up in the part `to` instead of the part `from`.
fn best_giver<const PARTS: usize>(
    quotas: &[Quota<PARTS>],
    from: usize,
    to: usize,
) -> Option<usize> {
    let gain = |quota: &Quota<PARTS>| quota.fractions[to] - quota.fractions[from];
    (0..quotas.len())
        .filter(|&class| {
            let Quota {
                extra, fractions, ..
            } = &quotas[class];
            extra[from] && !extra[to] && fractions[to] > 0.0
        })
        .max_by(|&a, &b| gain(&quotas[a]).total_cmp(&gain(&quotas[b])))
}

/// The rows of a class in each part: its share, rounded down or up.
struct Quota<const PARTS: usize> {
    floors: [usize; PARTS],
    /// The remainders of rounding down.
    fractions: [f64; PARTS],
    /// Whether the share is rounded up.
    extra: [bool; PARTS],
}

impl<const PARTS: usize> Quota<PARTS> {
    /// Rounds up the shares with the largest remainders.
    fn new(count: usize, shares: [f64; PARTS]) -> Self {
        // 0.6 of 50 rows are 30 rows, whatever the last bit of the product is.
        const SLACK: f64 = 1e-9;
        let exact = shares.map(|share| share * count as f64);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let floors = exact.map(|size| (size + SLACK).floor() as usize);
        let fractions = std::array::from_fn(|part| {
            let fraction = exact[part] - floors[part] as f64;
            if fraction > SLACK { fraction } else { 0.0 }
        });
        let mut order: [usize; PARTS] = std::array::from_fn(|part| part);
        order.sort_by(|&a, &b| f64::total_cmp(&fractions[b], &fractions[a]));
        let mut extra = [false; PARTS];
        let left = count - floors.iter().sum::<usize>().min(count);
        for part in order.into_iter().take(left) {
            extra[part] = true;
        }
        Self {
            floors,
            fractions,
            extra,
        }
    }

    fn sizes(&self) -> [usize; PARTS] {
        std::array::from_fn(|part| self.floors[part] + usize::from(self.extra[part]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::rngs::StdRng;
    use rand::{RngExt, SeedableRng};

    #[test]
    fn shares_hold_to_within_a_row_in_each_class_and_overall() {
        let mut rng = StdRng::seed_from_u64(1);
        for _ in 0..2000 {
            let counts: Vec<usize> = (0..rng.random_range(1..12))
                .map(|_| rng.random_range(3..30))
                .collect();
            let (test, valid) = (rng.random_range(0.1..0.45), rng.random_range(0.1..0.45));
            let shares: [f64; 3] = [1.0 - test - valid, test, valid];

            let sizes = apportion(&counts, shares);

            let all = counts.iter().sum::<usize>() as f64;
            for (part, share) in shares.into_iter().enumerate() {
                for (sizes, &count) in sizes.iter().zip(&counts) {
                    let error = sizes[part] as f64 - share * count as f64;
                    assert!(error.abs() < 1.0, "{counts:?} {shares:?}: {sizes:?}");
                }
                let total: usize = sizes.iter().map(|sizes| sizes[part]).sum();
                let error = total as f64 - share * all;
                assert!(error.abs() < 1.0, "{counts:?} {shares:?}: {sizes:?}");
            }
            for (sizes, count) in sizes.iter().zip(counts) {
                assert_eq!(sizes.iter().sum::<usize>(), count);
            }
        }
    }

    /// A class whose shares are so much above whole rows, and where they are rounded up.
    fn quota<const PARTS: usize>(fractions: [f64; PARTS], extra: [bool; PARTS]) -> Quota<PARTS> {
        Quota {
            floors: [0; PARTS],
            fractions,
            extra,
        }
    }

    #[test]
    fn the_class_that_loses_least_by_it_passes_a_row_on() {
        // Passing a row from the first part to the second moves the sizes by 0.3 and 0.2 away from the shares.
        let mut quotas = [
            quota([0.9, 0.6, 0.5], [true, false, true]),
            quota([0.3, 0.1, 0.6], [true, false, false]),
        ];
        balance(&mut quotas, [1, 1, 1]);
        assert_eq!(quotas.map(|quota| quota.sizes()), [[1, 0, 1], [0, 1, 0]]);
    }

    #[test]
    fn a_row_is_passed_on_through_a_part_that_takes_it_and_has_one_to_give() {
        // No class can pass a row from the first part to the last one. The second part could take one from the
        // first class, but no class could pass it on.
        let mut quotas = [
            quota([0.5, 0.5, 0.0, 0.0], [true, false, false, false]),
            quota([0.5, 0.0, 0.5, 0.0], [true, false, false, false]),
            quota([0.0, 0.0, 0.5, 0.5], [false, false, true, false]),
        ];
        balance(&mut quotas, [1, 0, 1, 1]);
        let sizes = quotas.map(|quota| quota.sizes());
        assert_eq!(sizes, [[1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]);
    }

    #[test]
    fn a_row_is_passed_on_through_a_third_part() {
        // Each class has 1 row, with shares of 0.5 in two of the parts. Rounded up in the first of
        // these, the first part has 3 rows instead of 2 and the last part 0 instead of 1.
        let mut quotas = [[0, 1], [0, 1], [0, 1], [1, 2]].map(|halves| {
            let mut quota = quota([0.0; 3], [false; 3]);
            quota.extra[halves[0]] = true;
            for part in halves {
                quota.fractions[part] = 0.5;
            }
            quota
        });
        balance(&mut quotas, [2, 1, 1]);
        let sizes = quotas.map(|quota| quota.sizes());
        assert_eq!(sizes.iter().filter(|sizes| sizes[0] == 1).count(), 2);
        assert_eq!(sizes[3], [0, 0, 1]);
    }
}
