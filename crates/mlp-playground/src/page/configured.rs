use mlp_datasets::{Preprocessor, Split, SplitName, Table, Target, Values};
use mlp_models::BackboneConfig;
use mlp_models::activation::ActivationConfig;
use mlp_models::clustering::ClustererConfig;
use mlp_training::{ObservedClustering, ObservedTraining};

use crate::painter::axes;
use crate::protocol::{
    ClusteringInfo, ColumnInfo, Configured, LayerInfo, NetworkInfo, Points, RowCounts,
};
use crate::setup::Setup;

/// How many rows are drawn at most.
const MAX_POINTS: usize = 2_000;

/// Describes an experiment that is ready.
pub fn describe(number: usize, setup: &Setup, training: &ObservedTraining) -> Configured {
    let preprocessor = &training.preprocessor;
    let columns = columns(setup, preprocessor, &preprocessor.column_names());
    let split = &training.split;
    Configured {
        number,
        experiment: setup.experiment.clone(),
        file_columns: setup.file_columns.clone(),
        input_columns: setup.input_columns.clone(),
        derivable: setup.derivable.clone(),
        target: preprocessor.target.names().join(", "),
        classes: preprocessor.classes().unwrap_or_default().to_vec(),
        rows: RowCounts {
            train: split.train.len(),
            valid: split.valid.len(),
            test: split.test.len(),
        },
        points: points(
            &setup.dataset.table,
            Some(split),
            preprocessor.classes().unwrap_or_default(),
            &columns,
        ),
        network: network(training),
        clustering: None,
        command: setup.command(),
        rust: setup.rust(),
        steps_per_epoch: training.steps_per_epoch,
        columns,
    }
}

/// Describes an experiment that is ready, and finds clusters.
pub fn describe_clusters(
    number: usize,
    setup: &Setup,
    training: &ObservedClustering,
    edges: Vec<[usize; 2]>,
) -> Configured {
    let preprocessor = &training.preprocessor;
    // Units are drawn by their inputs.
    let columns = columns(setup, preprocessor, &preprocessor.feature_names());
    let table = &setup.dataset.table;
    let (target, classes) = match table.target() {
        Some(Target::Classes { name, classes, .. }) => (name.clone(), classes.clone()),
        Some(Target::Numbers { names, .. }) => (names.join(", "), Vec::new()),
        None => (String::new(), Vec::new()),
    };
    let d_input = training.config.d_input();
    let (has_codes, num_parameters) = match &training.config {
        ClustererConfig::SelfOrganisingMap(config) => (false, config.grid.num_units() * d_input),
        ClustererConfig::DeepEmbeddedClustering(config) => {
            let coder = &config.autoencoder;
            let sizes = [d_input]
                .into_iter()
                .chain(coder.hidden_sizes.iter().copied());
            let sizes: Vec<usize> = sizes.chain([coder.d_code]).collect();
            let weights: usize = sizes.windows(2).map(|pair| pair[0] * pair[1]).sum();
            let biases: usize = sizes.iter().sum();
            // Each layer but the first and the last has the biases of both the encoder and the decoder.
            (true, 2 * weights + 2 * biases - d_input - coder.d_code)
        }
    };
    Configured {
        number,
        experiment: setup.experiment.clone(),
        file_columns: setup.file_columns.clone(),
        input_columns: setup.input_columns.clone(),
        derivable: setup.derivable.clone(),
        target,
        rows: RowCounts {
            train: table.num_rows(),
            valid: 0,
            test: 0,
        },
        points: points(table, None, &classes, &columns),
        classes,
        network: NetworkInfo {
            inputs: preprocessor.input_names(d_input),
            layers: Vec::new(),
            outputs: Vec::new(),
            num_parameters,
            has_probabilities: false,
        },
        clustering: Some(ClusteringInfo { has_codes, edges }),
        command: setup.command(),
        rust: setup.rust(),
        steps_per_epoch: training.steps_per_epoch,
        columns,
    }
}

/// The columns that a network uses, some of which may be axes.
fn columns(setup: &Setup, preprocessor: &Preprocessor, may_be_axes: &[String]) -> Vec<ColumnInfo> {
    let axes = axes(&setup.dataset.table, may_be_axes);
    let columns = preprocessor.column_names().into_iter().map(|name| {
        let axis = axes.iter().find(|(axis, _)| *axis == name);
        let axis = axis.map(|(_, axis)| *axis);
        ColumnInfo { name, axis }
    });
    columns.collect()
}

/// The rows of a table that are drawn: evenly spaced among all.
pub fn drawn_rows(table: &Table) -> Vec<usize> {
    let every = table.num_rows().div_ceil(MAX_POINTS).max(1);
    (0..table.num_rows()).step_by(every).collect()
}

/// Rows to be drawn; all are for training if they are not split.
fn points(
    table: &Table,
    split: Option<&Split>,
    known: &[String],
    columns: &[ColumnInfo],
) -> Points {
    let rows = drawn_rows(table);
    // All splits are the same rows in a table that is not split; they are training rows then.
    let kinds = [
        (SplitName::Test, 2),
        (SplitName::Valid, 1),
        (SplitName::Train, 0),
    ];
    let mut of_row = vec![0; table.num_rows()];
    for (name, kind) in kinds {
        for &row in split.map(|split| name.rows(split)).unwrap_or_default() {
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
