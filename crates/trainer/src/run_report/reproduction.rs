use mlp_inference::{FORMAT_VERSION, whole_file};
use mlp_report::{Block, Code, Section, Table};

use super::Subject;
use crate::run::files::CONFIG_FILE;
use crate::summary::Summary;

/// How the same model is trained again: the command, the seed, versions and the configuration.
pub fn section(subject: &Subject<'_>) -> Section {
    // Without its path: the report of the same training is the same wherever it is, and tells nothing of a machine.
    let commands = format!(
        "trainer train --config RUN/{CONFIG_FILE} --output AGAIN\n\
         trainer evaluate RUN\n\
         trainer predict RUN FILE"
    );
    let mut section = Section::new("reproduction", "Reproduction")
        .with(Block::Code(Code {
            caption: "To train it again, to evaluate it, and to predict other rows; RUN is the folder of the run, \
                      and AGAIN a new one"
                .to_owned(),
            text: commands,
        }))
        .with(Block::Table(facts(subject)));
    let text = whole_file::read(&subject.folder.join(CONFIG_FILE));
    if let Some(text) = text.ok().and_then(|bytes| String::from_utf8(bytes).ok()) {
        section = section.with(Block::Code(Code {
            caption: format!("The configuration ({CONFIG_FILE}), with every setting"),
            text: text.trim_end().to_owned(),
        }));
    }
    section
}

fn facts(subject: &Subject<'_>) -> Table {
    let mut table = Table::new("What the result depends on", &["", "value"]);
    let mut row = |name: &str, value: String| table.rows.push(vec![name.to_owned(), value]);
    let config = subject.config;
    row("data", config.dataset().to_owned());
    row("model", config.model().to_string());
    row("seed", config.seed.to_string());
    let backend = match subject.summary {
        Summary::Prediction(summary) => summary.backend,
        Summary::Clustering(summary) => summary.backend,
    };
    row("backend", backend.to_string());
    row("trainer", env!("CARGO_PKG_VERSION").to_owned());
    row("format of the model", FORMAT_VERSION.to_string());
    if let Summary::Prediction(summary) = subject.summary
        && let Some(fingerprint) = &summary.fingerprint
    {
        row("fingerprint of the table", fingerprint.clone());
    }
    table
}
