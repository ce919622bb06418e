//! What a training reports while it is under way.

mod tables;

use std::sync::{Arc, Mutex};

use mlp_datasets::Dataset;
use mlp_training::{
    EpochSummary, Measure, MetricDefinition, MetricState, Model, Outcome, Progress, Recipe,
    SplitName, Training,
};
use tables::{fit, fruits, recipe, short_recipe};

/// What a training reports, in a few words each. Metrics and numbers of rows are only checked.
#[derive(Clone, Default)]
struct Events(Arc<Mutex<Heard>>);

#[derive(Default)]
struct Heard {
    events: Vec<String>,
    metrics: Vec<MetricDefinition>,
    /// The pass that is under way: over which rows, how many there are, and how many are done.
    pass: Option<(SplitName, usize, usize)>,
}

impl Progress for Events {
    fn start(&mut self, phase: &str, num_epochs: usize, metrics: &[MetricDefinition]) {
        let mut heard = self.0.lock().unwrap();
        heard.metrics = metrics.to_vec();
        let names: Vec<&str> = metrics.iter().map(|metric| metric.name.as_str()).collect();
        let names = names.join(", ");
        heard
            .events
            .push(format!("start `{phase}` {num_epochs}: {names}"));
    }

    fn start_pass(&mut self, rows: SplitName, num_rows: usize) {
        let mut heard = self.0.lock().unwrap();
        assert_eq!(heard.pass, None, "a pass begins within another one");
        heard.pass = Some((rows, num_rows, 0));
        heard.events.push(format!("start {rows} {num_rows}"));
    }

    fn metric(&mut self, rows: SplitName, state: MetricState) {
        let heard = self.0.lock().unwrap();
        assert_eq!(heard.pass.unwrap().0, rows);
        let entry = match state {
            MetricState::Generic(entry) | MetricState::Numeric(entry, _) => entry,
        };
        let mut known = heard.metrics.iter();
        assert!(known.any(|metric| metric.metric_id == entry.metric_id));
    }

    fn advance(&mut self, rows: SplitName, num_rows: usize) {
        let mut heard = self.0.lock().unwrap();
        let (of_pass, all, done) = heard.pass.unwrap();
        assert_eq!(of_pass, rows);
        assert!(
            done < num_rows && num_rows <= all,
            "{done} {num_rows} {all}"
        );
        heard.pass = Some((rows, all, num_rows));
    }

    fn end_pass(&mut self, rows: SplitName) {
        let mut heard = self.0.lock().unwrap();
        let (of_pass, all, done) = heard.pass.take().unwrap();
        assert_eq!((of_pass, done), (rows, all), "a pass ends too early");
        heard.events.push(format!("end {rows}"));
    }

    fn end_epoch(&mut self, epoch: &EpochSummary) {
        let EpochSummary {
            epoch, num_epochs, ..
        } = epoch;
        let mut heard = self.0.lock().unwrap();
        heard.events.push(format!("epoch {epoch} of {num_epochs}"));
    }

    fn end(&mut self) {
        self.0.lock().unwrap().events.push("end".to_owned());
    }
}

fn events(recipe: Recipe, dataset: &Dataset) -> Vec<String> {
    let events = Events::default();
    fit(
        &Training::new(recipe).with_progress(events.clone()),
        dataset,
    )
    .unwrap();
    std::mem::take(&mut events.0.lock().unwrap().events)
}

#[test]
fn a_training_reports_its_epochs_and_their_passes_in_order() {
    let fruits = fruits();
    let expected = [
        "start `` 2: Loss, Learning Rate, Accuracy",
        "start train 36",
        "end train",
        "start valid 12",
        "end valid",
        "epoch 1 of 2",
        "start train 36",
        "end train",
        "start valid 12",
        "end valid",
        "epoch 2 of 2",
        "end",
    ];
    assert_eq!(
        events(short_recipe(Model::Mlp, &fruits, 2), &fruits),
        expected
    );
}

#[test]
fn phases_follow_each_other_and_pass_over_all_rows_without_validating() {
    let fruits = fruits();
    let phase = |name: &str| {
        [
            &format!("start `{name}` 1: Loss, Learning Rate"),
            "start train 60",
            "end train",
            "epoch 1 of 1",
            "end",
        ]
        .map(str::to_owned)
    };
    let expected = [phase("pretraining"), phase("clustering")].concat();
    assert_eq!(
        events(short_recipe(Model::Idec, &fruits, 1), &fruits),
        expected
    );
    assert_eq!(
        events(short_recipe(Model::Som, &fruits, 1), &fruits),
        phase("map")
    );
}

#[test]
fn an_epoch_is_summarised_by_its_losses_accuracies_and_learning_rate() {
    #[derive(Clone, Default)]
    struct Last(Arc<Mutex<Option<EpochSummary>>>);

    impl Progress for Last {
        fn end_epoch(&mut self, epoch: &EpochSummary) {
            *self.0.lock().unwrap() = Some(epoch.clone());
        }
    }

    let fruits = fruits();
    let last = Last::default();
    let pairs = [
        ("training.epochs", 2.into()),
        ("training.schedule", "constant".into()),
        ("training.learning_rate", 0.01.into()),
    ];
    let recipe = recipe(Model::Mlp, &fruits, &pairs);
    let training = Training::new(recipe).with_progress(last.clone());
    let fitted = fit(&training, &fruits).unwrap();

    let last = last.0.lock().unwrap().take().unwrap();
    assert_eq!((last.epoch, last.num_epochs), (2, 2));
    let rate = last.value(Measure::LearningRate, SplitName::Train).unwrap();
    assert!((rate - 0.01).abs() < 1e-12, "{rate}");
    assert!(last.value(Measure::Loss, SplitName::Train).unwrap() > 0.0);
    assert_eq!(last.value(Measure::Loss, SplitName::Test), None);
    // The loss falls, so that the last epoch is the best one, whose network was evaluated.
    let Outcome::Prediction(outcome) = &fitted.outcome else {
        panic!("the model predicts");
    };
    assert_eq!(outcome.best_epoch, 2);
    let accuracy = fitted
        .evaluation(SplitName::Valid)
        .unwrap()
        .metrics
        .accuracy;
    assert_eq!(last.value(Measure::Accuracy, SplitName::Valid), accuracy);
}
