//! What the page and the program say to each other over a WebSocket.
//!
//! Messages are JSON texts, [`Request`] from the page and [`Response`] from the program. Pictures of the
//! network follow each other too fast for text: they are binary [frames](frame). The types of TypeScript
//! are generated from these (`web/src/protocol`), by the test that compares them.

mod experiment;
pub mod frame;
mod request;
mod response;
mod view;

pub use experiment::{DataChoice, Experiment};
pub use request::Request;
pub use response::{
    Axis, ClusteringInfo, ColumnInfo, Configured, CurvePoint, DatasetInfo, Diagnosis, Failure,
    LayerDiagnosis, LayerInfo, NetworkInfo, NeuronTrace, OptionLists, Points, Progress, Response,
    RowCounts, Selection, State, Trace,
};
pub use view::{Plane, View};

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use ts_rs::TS;

    use super::frame::{FrameHeader, Scatter};
    use super::*;

    /// The name and the TypeScript of each type.
    fn types() -> Vec<(String, String)> {
        macro_rules! exported {
            ($($type:ty),*) => { vec![$((<$type>::name(), <$type>::export_to_string().unwrap())),*] };
        }
        exported!(
            Axis,
            ClusteringInfo,
            ColumnInfo,
            Configured,
            CurvePoint,
            DataChoice,
            DatasetInfo,
            Diagnosis,
            Experiment,
            Failure,
            FrameHeader,
            LayerDiagnosis,
            LayerInfo,
            NetworkInfo,
            NeuronTrace,
            OptionLists,
            Plane,
            Points,
            Progress,
            Request,
            Response,
            RowCounts,
            Scatter,
            Selection,
            State,
            Trace,
            View
        )
    }

    #[test]
    fn the_types_of_the_page_are_those_of_the_program() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("web/src/protocol");
        for (name, mut text) in types() {
            let (_, body) = text.split_once('\n').unwrap();
            text = format!(
                "// Generated from the types of the program by ts-rs. Do not edit.\n{}",
                body.trim_start()
            );
            let path = folder.join(format!("{name}.ts"));
            if std::env::var_os("UPDATE_TYPES").is_some() {
                fs::write(&path, &text).unwrap();
            }
            let found = fs::read_to_string(&path).unwrap_or_default();
            assert!(
                found == text,
                "`{}` differs; `UPDATE_TYPES=1 cargo test -p mlp-playground` writes it",
                path.display()
            );
        }
    }
}
