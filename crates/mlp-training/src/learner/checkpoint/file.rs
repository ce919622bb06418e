use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::PathBuf;

use burn::optim::OptimizerRecord;
use burn::store::{ModuleRecord, RecordError};
use burn::tensor::Bytes;
use mlp_inference::whole_file;
use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};
use sha2::{Digest, Sha256};

use super::{Checkpoint, CheckpointFile, Identity, State};
use crate::Error;

/// The name of the state within the metadata of the file.
const STATE: &str = "state";
/// The name of the digest of everything else.
const DIGEST: &str = "sha256";
const MODEL: &str = "model";
const OPTIMIZER: &str = "optimizer";
const AVERAGE: &str = "average";
const BEST: &str = "best";

impl CheckpointFile {
    /// The file of what is trained.
    pub fn new(path: PathBuf, identity: Identity) -> Self {
        let folder = path
            .parent()
            .and_then(|folder| fs::canonicalize(folder).ok());
        Self {
            path,
            folder,
            identity,
        }
    }

    /// What is trained.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Writes a checkpoint in place of the one before: a safetensors file with a tensor of bytes for each
    /// of Burn's records, and a digest of all that it holds.
    ///
    /// # Errors
    ///
    /// If it cannot be written. The one before is still there.
    pub fn save(&self, checkpoint: Checkpoint) -> Result<(), Error> {
        let Checkpoint {
            state,
            model,
            optimizer,
            average,
            best,
        } = checkpoint;
        let state = serde_json::to_string(&state).map_err(Error::learner)?;
        let bytes = |model: ModuleRecord| model.into_bytes();
        let records = [
            (MODEL, Some(bytes(model))),
            (OPTIMIZER, Some(optimizer.into_bytes())),
            (AVERAGE, average.map(bytes)),
            (BEST, best.map(bytes)),
        ];
        let mut parts: Vec<(&str, Vec<u8>)> = Vec::new();
        for (name, record) in records {
            if let Some(record) = record {
                parts.push((name, record.map_err(Error::learner)?.to_vec()));
            }
        }
        let pairs = parts.iter().map(|(name, part)| (*name, part.as_slice()));
        parts.push((DIGEST, digest(&state, pairs)));
        let views = parts.iter().map(|(name, part)| {
            let view = TensorView::new(Dtype::U8, vec![part.len()], part);
            view.map(|view| (*name, view))
        });
        let views = views
            .collect::<Result<Vec<_>, _>>()
            .map_err(Error::learner)?;
        let metadata = HashMap::from([(STATE.to_owned(), state)]);
        let file = safetensors::serialize(views, Some(metadata)).map_err(Error::learner)?;
        // The folder is not created again: another one may have taken its place.
        self.check_folder()
            .and_then(|()| whole_file::write(&self.path, &file))
            .map_err(|source| Error::Io {
                action: "write",
                path: self.path.clone(),
                source,
            })
    }

    /// Checks that no link has got into the path meanwhile.
    fn check_folder(&self) -> io::Result<()> {
        let Some(folder) = self.path.parent() else {
            return Ok(());
        };
        whole_file::check_folder(folder)?;
        let found = fs::canonicalize(folder)?;
        if self.folder.as_ref().is_some_and(|folder| *folder != found) {
            return Err(io::Error::other("its folder is another one"));
        }
        Ok(())
    }

    /// Reads the checkpoint, if there is one.
    ///
    /// # Errors
    ///
    /// If it cannot be read, is damaged, or is one of another training.
    pub fn load(&self) -> Result<Option<Checkpoint>, Error> {
        let file = match whole_file::read(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => {
                return Err(Error::Io {
                    action: "read",
                    path: self.path.clone(),
                    source,
                });
            }
        };
        let checkpoint = parse(&file).map_err(|reason| Error::DamagedCheckpoint {
            path: self.path.clone(),
            reason,
        })?;
        self.identity.check_continues(&checkpoint.state.identity)?;
        Ok(Some(checkpoint))
    }
}

/// The checkpoint in a file, or what is wrong with it.
fn parse(file: &[u8]) -> Result<Checkpoint, String> {
    let (_, metadata) = SafeTensors::read_metadata(file).map_err(text)?;
    let tensors = SafeTensors::deserialize(file).map_err(text)?;
    let metadata = metadata.metadata().as_ref();
    let state = metadata.and_then(|metadata| metadata.get(STATE));
    let state = state.ok_or("it has no state")?;
    let part = |name| tensors.tensor(name).ok().map(|part| part.data());
    let names = [MODEL, OPTIMIZER, AVERAGE, BEST];
    let parts = names.iter().filter_map(|name| Some((*name, part(name)?)));
    if part(DIGEST) != Some(&digest(state, parts)) {
        return Err("its digest does not fit".to_owned());
    }
    let bytes = |name| part(name).map(|part| Bytes::from_bytes_vec(part.to_vec()));
    let record = |name| bytes(name).map(ModuleRecord::from_bytes).transpose();
    let lacking = |name| format!("it has no {name}");
    let optimizer = bytes(OPTIMIZER).ok_or_else(|| lacking(OPTIMIZER))?;
    let state = serde_json::from_str::<State>(state).map_err(text)?;
    if state.curve.len() != state.epoch {
        return Err(format!(
            "it is of epoch {}, but its learning curve has {}",
            state.epoch,
            state.curve.len()
        ));
    }
    Ok(Checkpoint {
        state,
        model: record(MODEL)
            .map_err(reason)?
            .ok_or_else(|| lacking(MODEL))?,
        optimizer: OptimizerRecord::from_bytes(optimizer).map_err(reason)?,
        average: record(AVERAGE).map_err(reason)?,
        best: record(BEST).map_err(reason)?,
    })
}

/// The SHA-256 of the state and of all parts with their names.
fn digest<'a>(state: &str, parts: impl Iterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut digest = Sha256::new();
    digest.update(state.len().to_le_bytes());
    digest.update(state);
    for (name, part) in parts {
        digest.update(name);
        digest.update(part.len().to_le_bytes());
        digest.update(part);
    }
    digest.finalize().to_vec()
}

fn text(error: impl ToString) -> String {
    error.to_string()
}

fn reason(error: RecordError) -> String {
    error.to_string()
}
