//! Moves several stages of a secret to their versions.

use std::sync::Arc;

use crate::call::{CallContext, call};
use crate::error::{Error, Result, ValidationError};
use crate::operation::{Operation as _, first_repeated};
use crate::reconcile;
use crate::secrets::list_secret_version_ids::{ListSecretVersionIdsRequest, SecretVersion};
use crate::secrets::update_secret_version_stage::UpdateSecretVersionStageRequest;
use crate::types::VersionStage;

type Target = (VersionStage, String);

pub(crate) async fn move_secret_version_stages(
    context: Arc<CallContext>,
    secret_name: String,
    targets: Vec<Target>,
) -> Result<Vec<VersionStage>> {
    validate(&targets).map_err(|problem| {
        Error::invalid_input(&problem).with_operation(UpdateSecretVersionStageRequest::SPEC.name)
    })?;
    // One page has all versions with a stage: a secret has at most 8 stages.
    let versions = ListSecretVersionIdsRequest::new(&*secret_name);
    let page = call(Arc::clone(&context), versions).await?;
    let moves = plan(&page.versions, targets);
    for Move { stage, from, to } in &moves {
        let mut request = UpdateSecretVersionStageRequest::new(&*secret_name, stage.clone());
        request.move_to_version = Some(to.clone());
        request.remove_from_version = from.clone();
        reconcile::update_secret_version_stage(Arc::clone(&context), request).await?;
    }
    Ok(moves.into_iter().map(|moved| moved.stage).collect())
}

fn validate(targets: &[Target]) -> Result<(), ValidationError> {
    match first_repeated(targets.iter().map(|(stage, _)| stage)) {
        None => Ok(()),
        Some(twice) => {
            let got = format_args!("{twice} twice");
            Err(ValidationError::new("targets", got, "one version for each stage"))
        }
    }
}

/// A stage that is not on its version yet.
#[derive(Debug, PartialEq, Eq)]
struct Move {
    stage: VersionStage,
    /// The version that has it, which is a condition of the request.
    from: Option<String>,
    to: String,
}

/// Returns the moves that are left, in order: `ACSCurrent` first, since the version that loses it
/// becomes `ACSPrevious`, and that next.
// Compiled only in programs that use it.
#[inline]
fn plan(versions: &[SecretVersion], mut targets: Vec<Target>) -> Vec<Move> {
    targets.sort_by_key(|(stage, _)| {
        (*stage != VersionStage::Current, *stage != VersionStage::Previous)
    });
    let holder = |stage: &VersionStage| {
        let version = versions.iter().find(|version| version.version_stages.contains(stage));
        version.map(|version| version.version_id.clone())
    };
    let mut previous = holder(&VersionStage::Previous);
    let mut moves = Vec::new();
    for (stage, to) in targets {
        let from = if stage == VersionStage::Previous { previous.clone() } else { holder(&stage) };
        if from.as_deref() == Some(&*to) {
            continue;
        }
        if stage == VersionStage::Current {
            previous = from.clone();
        }
        moves.push(Move { stage, from, to });
    }
    moves
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn versions(stages: &[(&str, &[&str])]) -> Vec<SecretVersion> {
        let version = |(id, stages): &(&str, &[&str])| {
            let json = json!({"VersionId": id, "VersionStages": {"VersionStage": stages}});
            serde_json::from_value(json).unwrap()
        };
        stages.iter().map(version).collect()
    }

    fn planned(stages: &[(&str, &[&str])], targets: &[(&str, &str)]) -> Vec<String> {
        let targets = targets.iter().map(|(stage, to)| ((*stage).into(), (*to).to_owned()));
        let moves = plan(&versions(stages), targets.collect());
        let shown = |Move { stage, from, to }: &Move| {
            format!("{stage}: {} to {to}", from.as_deref().unwrap_or("none"))
        };
        moves.iter().map(shown).collect()
    }

    #[test]
    fn previous_follows_current_whatever_the_order() {
        let now: [(&str, &[&str]); 3] =
            [("v3", &["ACSCurrent"]), ("v2", &["ACSPrevious"]), ("v1", &["canary"])];
        let swap = [("ACSPrevious", "v3"), ("ACSCurrent", "v2")];
        assert_eq!(planned(&now, &swap), ["ACSCurrent: v3 to v2"]);
        let custom =
            swap.map(|(stage, to)| (VersionStage::Custom(stage.to_owned()), to.to_owned()));
        assert_eq!(plan(&versions(&now), custom.into()).len(), 1, "equal stages move alike");
        let all = [("canary", "v3"), ("ACSPrevious", "v2"), ("ACSCurrent", "v1"), ("new", "v1")];
        let expected = [
            "ACSCurrent: v3 to v1",
            "ACSPrevious: v3 to v2",
            "canary: v1 to v3",
            "new: none to v1",
        ];
        assert_eq!(planned(&now, &all), expected);
    }

    #[test]
    fn stage_on_its_version_is_not_moved() {
        let now: [(&str, &[&str]); 2] =
            [("v2", &["ACSCurrent", "canary"]), ("v1", &["ACSPrevious"])];
        let same = [("ACSCurrent", "v2"), ("ACSPrevious", "v1"), ("canary", "v2")];
        assert!(planned(&now, &same).is_empty());
        assert_eq!(planned(&now, &[("ACSPrevious", "v2")]), ["ACSPrevious: v1 to v2"]);
    }
}
