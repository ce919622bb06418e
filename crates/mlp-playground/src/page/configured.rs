use mlp_datasets::{SplitName, Target, Values};
use mlp_models::BackboneConfig;
use mlp_models::activation::ActivationConfig;
use mlp_training::ObservedTraining;

use crate::painter::Painter;
use crate::protocol::{ColumnInfo, Configured, LayerInfo, NetworkInfo, Points, RowCounts};
use crate::setup::Setup;

/// How many rows are drawn at most.
const MAX_POINTS: usize = 2_000;

/// Describes an experiment that is ready.
pub fn describe(
    number: usize,
    setup: &Setup,
    training: &ObservedTraining,
    painter: &Painter,
) -> Configured {
    let axes = painter.axes();
    let preprocessor = &training.preprocessor;
    let columns = preprocessor.feature_names().into_iter().map(|name| {
        let axis = axes.iter().find(|(axis, _)| *axis == name);
        let axis = axis.map(|(_, axis)| *axis);
        ColumnInfo { name, axis }
    });
    let columns: Vec<ColumnInfo> = columns.collect();
    let split = &training.split;
    Configured {
        number,
        experiment: setup.experiment.clone(),
        file_columns: setup.file_columns.clone(),
        target: preprocessor.target.names().join(", "),
        classes: preprocessor.classes().unwrap_or_default().to_vec(),
        rows: RowCounts {
            train: split.train.len(),
            valid: split.valid.len(),
            test: split.test.len(),
        },
        points: points(setup, training, &columns),
        network: network(training),
        command: setup.command(),
        rust: setup.rust(),
        steps_per_epoch: training.steps_per_epoch,
        columns,
    }
}

/// Rows to be drawn.
fn points(setup: &Setup, training: &ObservedTraining, columns: &[ColumnInfo]) -> Points {
    let table = &setup.dataset.table;
    let every = table.num_rows().div_ceil(MAX_POINTS).max(1);
    let rows: Vec<usize> = (0..table.num_rows()).step_by(every).collect();
    // All splits are the same rows in a table that is not split; they are training rows then.
    let kinds = [
        (SplitName::Test, 2),
        (SplitName::Valid, 1),
        (SplitName::Train, 0),
    ];
    let mut of_row = vec![0; table.num_rows()];
    for (name, kind) in kinds {
        for &row in name.rows(&training.split) {
            of_row[row] = kind;
        }
    }
    let values = columns.iter().map(|column| {
        let column = table.column(&column.name);
        match column.map(|column| &column.values) {
            Some(Values::Numbers(numbers)) => rows
                .iter()
                .map(|row| Some(numbers[*row]).filter(|number| number.is_finite()))
                .collect(),
            Some(Values::Categories { .. } | Values::Dates(_)) | None => Vec::new(),
        }
    });
    let targets = match table.target() {
        Some(Target::Classes {
            labels, classes, ..
        }) => {
            let known = training.preprocessor.classes().unwrap_or_default();
            let place = |class: &String| known.iter().position(|known| known == class);
            let places: Vec<_> = classes.iter().map(place).collect();
            let of_row = |row: &usize| places[labels[*row]].unwrap_or_default() as f64;
            rows.iter().map(of_row).collect()
        }
        Some(Target::Numbers { names, values }) => {
            let of_row = |row: &usize| values[row * names.len()];
            rows.iter().map(of_row).collect()
        }
        None => Vec::new(),
    };
    Points {
        splits: rows.iter().map(|row| of_row[*row]).collect(),
        targets,
        values: values.collect(),
        rows,
    }
}

/// How the network is drawn.
fn network(training: &ObservedTraining) -> NetworkInfo {
    let backbone = &training.config.backbone;
    let preprocessor = &training.preprocessor;
    let d_output = backbone.d_output();
    let mut layers: Vec<LayerInfo> = match backbone {
        BackboneConfig::Mlp(config) => {
            let sizes = config.hidden_sizes.iter().enumerate();
            let last = config.activations.len().saturating_sub(1);
            sizes
                .map(|(layer, &units)| LayerInfo {
                    units,
                    activation: config.activations[layer.min(last)].to_string(),
                })
                .collect()
        }
        BackboneConfig::Perceptron(_)
        | BackboneConfig::ResNet(_)
        | BackboneConfig::RealMlp(_)
        | BackboneConfig::TabM(_) => Vec::new(),
    };
    let output = match backbone {
        BackboneConfig::Perceptron(config) => config.activation,
        BackboneConfig::Mlp(_)
        | BackboneConfig::ResNet(_)
        | BackboneConfig::RealMlp(_)
        | BackboneConfig::TabM(_) => ActivationConfig::Identity,
    };
    layers.push(LayerInfo {
        units: d_output,
        activation: output.to_string(),
    });
    NetworkInfo {
        inputs: preprocessor.input_names(backbone.d_input()),
        layers,
        outputs: preprocessor.output_names(d_output),
        num_parameters: training.num_parameters,
        has_probabilities: training.output.has_probabilities(),
    }
}
