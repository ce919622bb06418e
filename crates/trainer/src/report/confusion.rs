use std::io::{self, Write};

use mlp_inference::Evaluation;

use super::{Aligned, widest};

/// How many classes a confusion matrix is printed for; a larger one would not fit a terminal.
const MAX_CONFUSION_CLASSES: usize = 12;

/// Prints the confusion matrix with recall and precision, unless there are too many classes to fit a
/// terminal.
///
/// # Errors
///
/// If the writer fails.
pub fn write_confusion(
    out: &mut impl Write,
    evaluation: &Evaluation,
    classes: &[String],
) -> io::Result<()> {
    let Some(matrix) = &evaluation.confusion_matrix else {
        return Ok(());
    };
    if classes.len() > MAX_CONFUSION_CLASSES {
        return Ok(());
    }
    let name_width = widest(classes.iter().map(String::as_str));
    let cell_width = name_width.max(5) + 2;
    writeln!(
        out,
        "\nConfusion matrix of the test rows: actual class down, predicted class across"
    )?;
    let percent = |share: Option<f64>| match share {
        Some(share) => format!("{:.2} %", 100.0 * share),
        None => "-".to_owned(),
    };
    // A row of its own for classes that the model does not know.
    let unknown = "(others)".to_owned();
    let name_width = if matrix.len() > classes.len() {
        name_width.max(unknown.len())
    } else {
        name_width
    };
    write!(out, "{:name_width$}", "")?;
    for class in classes {
        write!(out, "{:>cell_width$}", Aligned(class))?;
    }
    writeln!(out, "{:>12}{:>12}", "recall", "precision")?;
    for (index, (class, row)) in classes.iter().chain([&unknown]).zip(matrix).enumerate() {
        write!(out, "{:<name_width$}", Aligned(class))?;
        for count in row {
            write!(out, "{count:>cell_width$}")?;
        }
        if let Some(metrics) = evaluation.per_class.get(index) {
            let (recall, precision) = (percent(metrics.recall), percent(metrics.precision));
            write!(out, "{recall:>12}{precision:>12}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use mlp_inference::Classes;

    use super::*;

    #[test]
    fn a_confusion_matrix_lines_up_under_its_classes() {
        let classes = ["malignant".to_owned(), "benign".to_owned()];
        let predicted = |labels: &[usize]| Classes {
            names: Arc::from(classes.clone()),
            labels: labels.iter().copied().map(Some).collect(),
            probabilities: None,
        };
        let printed = |predicted: Classes, labels: &[Option<usize>]| {
            let evaluation = Evaluation::of_classes(&predicted, labels, None);
            let mut out = Vec::new();
            write_confusion(&mut out, &evaluation, &classes).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(
            printed(predicted(&[0, 0, 0, 1, 1]), &[0, 0, 0, 0, 1].map(Some)),
            "\nConfusion matrix of the test rows: actual class down, predicted class across\n\
             \x20          malignant     benign      recall   precision\n\
             malignant          3          1     75.00 %    100.00 %\n\
             benign             0          1    100.00 %     50.00 %\n"
        );
        assert_eq!(
            printed(predicted(&[0, 0]), &[Some(0), None]),
            "\nConfusion matrix of the test rows: actual class down, predicted class across\n\
             \x20          malignant     benign      recall   precision\n\
             malignant          1          0    100.00 %     50.00 %\n\
             benign             0          0           -           -\n\
             (others)           1          0\n"
        );
    }
}
