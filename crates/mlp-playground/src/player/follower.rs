use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use burn::tensor::Tensor;
use mlp_models::clustering::Clusterer;
use mlp_models::{Backbone, Network};
use mlp_training::{
    Criterion, EpochSummary, Measure, ObservedClustering, ObservedPhase, ObservedTraining,
    Observer, Progress, Selection, SplitName,
};

use super::controls::{Controls, Edit, Seen};
use super::observed::Observed;
use super::pacer::Pacer;
use crate::protocol::CurvePoint;

/// Follows a training for a page.
#[derive(Clone)]
pub struct Follower {
    controls: Arc<Controls>,
    begun: Option<SyncSender<Observed>>,
    pacer: Pacer,
    selection: Option<Selection>,
    /// The phase of a training that finds clusters.
    phase: &'static str,
}

impl Follower {
    /// Tells the controls what happens, and a channel that it begins.
    pub fn new(
        controls: Arc<Controls>,
        begun: SyncSender<Observed>,
        selection: Option<Selection>,
    ) -> Self {
        Self {
            controls,
            begun: Some(begun),
            pacer: Pacer::default(),
            selection,
            phase: "",
        }
    }
}

impl Follower {
    /// Tells whoever waits for it that the training begins.
    fn tell(&mut self, training: Observed) {
        if let Some(begun) = self.begun.take() {
            // Nobody waits if the page was left.
            let _ = begun.send(training);
        }
    }
}

impl Observer for Follower {
    fn begin(&mut self, training: ObservedTraining) {
        self.controls.set_steps_per_epoch(training.steps_per_epoch);
        self.tell(Observed::Prediction(training));
    }

    fn wants_network(&mut self, step: usize) -> bool {
        if !self.controls.pauses_after(step) {
            self.pacer.wait(&self.controls);
        }
        self.controls.concern(step)
    }

    fn network(&mut self, step: usize, network: Network) -> Option<Network> {
        let seen = Seen::Network(network);
        let changed = self.controls.meet(step, seen, |seen, edits| match seen {
            Seen::Network(network) => edits.iter().for_each(|edit| apply(network, edit)),
            Seen::Clusterer(..) => {}
        });
        match changed? {
            Seen::Network(network) => Some(network),
            Seen::Clusterer(..) => None,
        }
    }

    fn begin_clustering(&mut self, training: ObservedClustering) {
        self.controls.set_steps_per_epoch(training.steps_per_epoch);
        self.tell(Observed::Clustering(training));
    }

    fn begin_phase(&mut self, phase: ObservedPhase) {
        self.phase = phase.name;
        self.controls.set_epochs_before(phase.epochs_before);
    }

    fn clusterer(&mut self, step: usize, clusterer: Clusterer) -> Option<Clusterer> {
        // It has no weights that a page changes.
        let seen = Seen::Clusterer(clusterer, self.phase);
        self.controls.meet(step, seen, |_, _| ());
        None
    }
}

impl Progress for Follower {
    fn end_epoch(&mut self, epoch: &EpochSummary) {
        let value = |measure, rows| epoch.value(measure, rows);
        let measure = |selection: Selection| match selection.criterion {
            Criterion::Loss => Measure::Loss,
            Criterion::Accuracy => Measure::Accuracy,
            Criterion::Metric(metric) => Measure::Metric(metric),
        };
        let point = CurvePoint {
            epoch: self.controls.epochs_before() + epoch.epoch,
            train_loss: value(Measure::Loss, SplitName::Train),
            valid_loss: value(Measure::Loss, SplitName::Valid),
            train_accuracy: value(Measure::Accuracy, SplitName::Train),
            valid_accuracy: value(Measure::Accuracy, SplitName::Valid),
            learning_rate: value(Measure::LearningRate, SplitName::Train),
        };
        let selected = self.selection.and_then(|selection| {
            let value = value(measure(selection), SplitName::Valid)?;
            Some((value, selection))
        });
        self.controls.add(point, selected);
    }
}

/// Changes a weight. One that the network does not have changes nothing.
fn apply(network: &mut Network, edit: &Edit) {
    // A perceptron has a threshold, which is the bias with the other sign.
    let (weight, bias, sign) = match &mut network.backbone {
        Backbone::Perceptron(perceptron) => {
            (&mut perceptron.weight, &mut perceptron.threshold, -1.0)
        }
        Backbone::Mlp(mlp) => {
            let is_output = edit.layer == mlp.hidden.len();
            let linear = match mlp.hidden.get_mut(edit.layer) {
                Some(layer) => &mut layer.linear,
                None if is_output => &mut mlp.output,
                None => return,
            };
            let Some(bias) = &mut linear.bias else { return };
            (&mut linear.weight, bias, 1.0)
        }
        Backbone::ResNet(_) | Backbone::RealMlp(_) | Backbone::TabM(_) => return,
    };
    let [d_input, d_output] = weight.val().dims();
    if edit.to >= d_output || edit.from.is_some_and(|from| from >= d_input) {
        return;
    }
    match edit.from {
        Some(from) => {
            *weight = weight.clone().map(|weight: Tensor<2>| {
                let value = Tensor::full([1, 1], edit.value, &weight.device());
                weight.slice_assign([from..=from, edit.to..=edit.to], value)
            });
        }
        None => {
            *bias = bias.clone().map(|bias: Tensor<1>| {
                let value = Tensor::full([1], sign * edit.value, &bias.device());
                bias.slice_assign([edit.to..=edit.to], value)
            });
        }
    }
}
