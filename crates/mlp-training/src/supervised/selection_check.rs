use std::sync::Arc;

use mlp_datasets::{Dataset, Split, Target, Task};
use mlp_inference::{Classes, Evaluation, Metric, OutputKind};

use super::loss_weights::of_rows;
use crate::Error;
use crate::recipe::SupervisedTraining;

/// Checks that the metric that selects the best epoch tells epochs apart on the validation rows, whatever
/// a network predicts for them.
///
/// # Errors
///
/// If it is defined in no epoch, or the same in all.
pub fn check_selection(
    settings: &SupervisedTraining,
    dataset: &Dataset,
    split: &Split,
) -> Result<(), Error> {
    let (Some(metric), Some(target)) = (settings.select, dataset.table.target()) else {
        return Ok(());
    };
    let weights = of_rows(dataset, &split.valid);
    let counts = |index: usize| weights.as_ref().is_none_or(|weights| weights[index] > 0.0);
    let rows = split.valid.iter().enumerate();
    let counted: Vec<usize> = rows
        .filter_map(|(index, &row)| counts(index).then_some(row))
        .collect();
    // That all weights are 0 is another error.
    let Some(&first) = counted.first() else {
        return Ok(());
    };
    let reason = match target {
        Target::Classes {
            labels, classes, ..
        } => {
            let output = OutputKind::of(&settings.loss_config(), Task::Classification);
            let mut learned = vec![false; classes.len()];
            for row in split.learned() {
                learned[labels[row]] = true;
            }
            let learned: Vec<usize> = (0..classes.len()).filter(|&class| learned[class]).collect();
            let names = learned.iter().map(|&class| classes[class].clone());
            let valid = counted
                .iter()
                .map(|&row| learned.binary_search(&labels[row]).ok());
            let valid: Vec<Option<usize>> = valid.collect();
            if is_defined(metric, names.collect(), &valid, output) {
                return Ok(());
            }
            let is_there = |class: &usize| counted.iter().any(|&row| labels[row] == *class);
            if !output.has_probabilities() {
                format!("the loss `{}` gives no probabilities", settings.loss)
            } else if counted.iter().all(|&row| labels[row] == labels[first]) {
                let class = &classes[labels[first]];
                let rows = counted.len();
                format!("all {rows} validation rows are of the class `{class}`")
            } else {
                let missing = learned.iter().find(|class| !is_there(class));
                let class = missing.map_or("", |&class| classes[class].as_str());
                format!("no validation row is of the class `{class}`")
            }
        }
        Target::Numbers { names, values } => {
            let targets = |row: usize| &values[row * names.len()..][..names.len()];
            let is_constant = counted.iter().all(|&row| targets(row) == targets(first));
            if metric != Metric::R2 || !is_constant {
                return Ok(());
            }
            let rows = counted.len();
            format!("the target is the same in all {rows} validation rows")
        }
    };
    Err(Error::CannotSelect { metric, reason })
}

/// Whether a metric is defined for rows of these classes.
fn is_defined(
    metric: Metric,
    names: Arc<[String]>,
    labels: &[Option<usize>],
    output: OutputKind,
) -> bool {
    let num_classes = names.len();
    let uniform = || vec![1.0 / num_classes as f64; labels.len() * num_classes];
    let predicted = Classes {
        names,
        labels: vec![Some(0); labels.len()],
        probabilities: output.has_probabilities().then(uniform),
    };
    let evaluation = Evaluation::of_classes(&predicted, labels, None);
    metric.of(&evaluation.metrics).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MlpRecipe, Problem};
    use mlp_datasets::{Partition, Scaling, Table};
    use mlp_models::loss::LossKind;

    fn dataset(target: Target) -> Dataset {
        let table = Table::from_rows(
            vec!["x".into()],
            &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0],
            Some(target),
        );
        Dataset::new("rows", table.unwrap(), Partition::Random, Scaling::Standard)
    }

    fn classes(labels: [usize; 6]) -> Dataset {
        dataset(Target::Classes {
            name: "y".into(),
            labels: labels.to_vec(),
            classes: ["a", "b", "c"].map(String::from).to_vec(),
        })
    }

    /// What is wrong if rows 0 to 2 train, and 3 and 4 validate.
    fn fault(dataset: &Dataset, metric: Metric, loss: LossKind) -> Option<String> {
        let mut settings = MlpRecipe::new(Problem::of(dataset).unwrap()).training;
        settings.select = Some(metric);
        settings.loss = loss;
        let split = Split {
            train: vec![0, 1, 2],
            valid: vec![3, 4],
            test: vec![5],
        };
        let error = check_selection(&settings, dataset, &split).err()?;
        Some(error.to_string())
    }

    #[test]
    fn a_ranking_needs_each_class_among_the_validation_rows() {
        let loss = LossKind::CrossEntropy;
        let one = classes([0, 1, 0, 1, 1, 0]);
        assert_eq!(
            fault(&one, Metric::RocAuc, loss).unwrap(),
            "the metric `roc_auc` cannot select an epoch: all 2 validation rows are of the class `b`"
        );
        assert_eq!(fault(&one, Metric::LogLoss, loss), None);
        let lacking = classes([0, 1, 2, 0, 1, 2]);
        assert!(
            fault(&lacking, Metric::AveragePrecision, loss)
                .unwrap()
                .ends_with("no validation row is of the class `c`")
        );
        // A class of test rows alone is not learned.
        assert_eq!(
            fault(&classes([0, 1, 0, 0, 1, 2]), Metric::RocAuc, loss),
            None
        );
    }

    #[test]
    fn a_metric_of_probabilities_needs_a_loss_that_gives_them() {
        let both = classes([0, 1, 0, 0, 1, 0]);
        let found = fault(&both, Metric::LogLoss, LossKind::PerceptronCriterion);
        assert!(found.unwrap().ends_with("gives no probabilities"));
        assert_eq!(
            fault(&both, Metric::F1Macro, LossKind::PerceptronCriterion),
            None
        );
    }

    #[test]
    fn r2_needs_targets_that_vary() {
        let numbers = |values: [f64; 6]| {
            dataset(Target::Numbers {
                names: vec!["y".into()],
                values: values.to_vec(),
            })
        };
        let constant = numbers([1.0, 2.0, 3.0, 4.0, 4.0, 5.0]);
        let loss = LossKind::MeanSquaredError;
        let found = fault(&constant, Metric::R2, loss).unwrap();
        assert!(found.ends_with("the target is the same in all 2 validation rows"));
        assert_eq!(fault(&constant, Metric::Rmse, loss), None);
        let varying = numbers([1.0, 2.0, 3.0, 4.0, 5.0, 5.0]);
        assert_eq!(fault(&varying, Metric::R2, loss), None);
    }
}
