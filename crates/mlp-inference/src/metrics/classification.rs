/// The number of rows of each actual class (outer) for which each class (inner) was predicted.
pub fn confusion_matrix(
    predicted: &[usize],
    labels: &[usize],
    num_classes: usize,
) -> Vec<Vec<usize>> {
    let mut matrix = vec![vec![0; num_classes]; num_classes];
    for (&predicted, &label) in predicted.iter().zip(labels) {
        matrix[label][predicted] += 1;
    }
    matrix
}

/// The share of the rows on the diagonal.
pub fn accuracy(confusion_matrix: &[Vec<usize>]) -> f64 {
    let total: usize = confusion_matrix.iter().flatten().sum();
    let correct: usize = (0..confusion_matrix.len())
        .map(|class| confusion_matrix[class][class])
        .sum();
    correct as f64 / total as f64
}

/// The mean recall over the classes that occur among the labels.
pub fn balanced_accuracy(confusion_matrix: &[Vec<usize>]) -> f64 {
    let recall = |(class, row): (usize, &Vec<usize>)| match row.iter().sum() {
        0 => None,
        of_class => Some(row[class] as f64 / of_class as f64),
    };
    let rows = confusion_matrix.iter().enumerate();
    let recalls: Vec<f64> = rows.filter_map(recall).collect();
    recalls.iter().sum::<f64>() / recalls.len() as f64
}

/// The mean over all classes of F1, the harmonic mean of precision and recall.
pub fn f1_macro(confusion_matrix: &[Vec<usize>]) -> f64 {
    let num_classes = confusion_matrix.len();
    let f1 = |class: usize| {
        let correct = confusion_matrix[class][class];
        let of_class: usize = confusion_matrix[class].iter().sum();
        let predicted: usize = confusion_matrix.iter().map(|row| row[class]).sum();
        // 2·TP + FP + FN is the number of rows of the class plus the number of rows predicted as it.
        match of_class + predicted {
            0 => 0.0,
            either => 2.0 * correct as f64 / either as f64,
        }
    };
    (0..num_classes).map(f1).sum::<f64>() / num_classes as f64
}

/// The mean of `−ln p` with the probability `p` of the actual class.
///
/// Probabilities below the smallest positive normal number of double precision count as that number,
/// so that a single prediction that is certain and wrong does not make the mean infinite.
pub fn log_loss(probabilities: &[f64], labels: &[usize], num_classes: usize) -> f64 {
    // Subtracted from 0, not negated: a probability of 1 then gives 0, and not −0.
    let loss = |(row, &label): (&[f64], &usize)| 0.0 - row[label].max(f64::MIN_POSITIVE).ln();
    let total: f64 = probabilities
        .chunks_exact(num_classes)
        .zip(labels)
        .map(loss)
        .sum();
    total / labels.len() as f64
}
