//! Networks that are trained one after another, and whose predictions are averaged.

mod combination;
mod rotation;
mod selection;

use burn::tensor::Device;
use combination::{Candidate, combine};
use mlp_datasets::Dataset;
use rotation::Rotation;
use selection::Cost;

use super::Training;
use crate::fitted::{Ending, Fitted};
use crate::learner::Session;
use crate::recipe::{EnsembleRecipe, Recipe, SupervisedRecipe};
use crate::{Error, supervised};

impl Training {
    /// Trains the members of an ensemble, each with a seed of its own. The members of one kind are validated on
    /// other rows each, so that together they learn from all rows that are not for testing. Each kind counts as
    /// much in the mean as the predictions of validation rows gain by it; one by which they gain nothing is
    /// left out.
    ///
    /// With a folder, each member has a folder in it: `member-1` and so on. There are fewer members if training is
    /// stopped.
    pub(super) fn fit_ensemble(
        &self,
        recipe: &EnsembleRecipe,
        dataset: &Dataset,
        device: &Device,
    ) -> Result<Fitted, Error> {
        let members = recipe.members()?;
        let rotation = self.rotation(recipe, dataset)?;
        // Before the first member is trained, not after it.
        for (member, split) in members.iter().zip(rotation.of_members()) {
            if let Some(recipe) = member.as_supervised() {
                supervised::check_selection(recipe.training(), dataset, split)?;
            }
        }
        if self.resumes {
            self.check_members(&members, dataset, device)?;
        }
        let mut candidates = Vec::with_capacity(members.len());
        for ((member, split), number) in members.iter().zip(rotation.of_members()).zip(1..) {
            let Some(recipe) = member.as_supervised() else {
                continue;
            };
            let folder = self.create_folder(&format!("member-{number}"))?;
            let mut session = self.session(member, dataset, device, folder)?;
            session.seed = self.seed.wrapping_add(number - 1);
            session.phase = format!("member {number} of {}", members.len());
            let fitted = supervised::fit(recipe, member.model(), dataset, split, &session)?;
            let is_interrupted = fitted.is_interrupted();
            // One that was not trained to its end would make the mean worse.
            if !is_interrupted || candidates.is_empty() {
                let valid = split.valid.clone();
                candidates.push(Candidate { fitted, valid });
            }
            if is_interrupted {
                break;
            }
        }
        let is_stopped = self.stop.is_stopped() && candidates.len() < members.len();
        let task = dataset.table.task().ok_or(Error::NoTarget)?;
        let settings = members.iter().find_map(Recipe::as_supervised);
        let Some(settings) = settings.map(SupervisedRecipe::training) else {
            return Err(no_members());
        };
        let cost = Cost::of(settings, task);
        let overall = rotation.overall();
        let mut combined = combine(candidates, self.recipe.model(), cost, dataset, overall)?;
        if is_stopped {
            combined.ending = Ending::Interrupted;
        }
        Ok(combined)
    }

    /// Checks that all members may go on from their checkpoints, before the first one does.
    fn check_members(
        &self,
        members: &[Recipe],
        dataset: &Dataset,
        device: &Device,
    ) -> Result<(), Error> {
        for (member, number) in members.iter().zip(1..) {
            let folder = self.folder.as_ref();
            let folder = folder.map(|folder| folder.join(format!("member-{number}")));
            let session = Session {
                // Nothing is written yet.
                folder: None,
                ..self.session(member, dataset, device, folder)?
            };
            session.beginning(supervised::PART)?;
        }
        Ok(())
    }

    /// Which rows the members of an ensemble learn from.
    pub(super) fn rotation(
        &self,
        recipe: &EnsembleRecipe,
        dataset: &Dataset,
    ) -> Result<Rotation, Error> {
        match self.recipe.split(self.seed)? {
            Some(config) => Rotation::new(&recipe.model.members, dataset, &config),
            None => Err(no_members()),
        }
    }
}

fn no_members() -> Error {
    Error::invalid("members", "empty", "one model or more")
}
