//! Why a command on a batch is refused: samples and results.

/// Why something is refused that is about samples and results.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QualityRefusal {
    /// More cells taken from a passage than it gave.
    #[error("{wanted} viable cells are more than the {left} left of P{passage}. Check the figure.")]
    TooManyOfPassage {
        /// The form field.
        field: &'static str,
        /// The passage.
        passage: u16,
        /// Wanted.
        wanted: String,
        /// Left.
        left: String,
    },
    /// Not a sample of this batch.
    #[error(
        "This sample is not one of batch {batch}. Nothing was recorded: check the label on the sample."
    )]
    UnknownSample {
        /// The batch number.
        batch: String,
    },
    /// The sample is not for this test.
    #[error("Sample {sample} is not for this test. Check the label and the test.")]
    UnknownTest {
        /// The sample's code.
        sample: String,
    },
    /// A result stands already.
    #[error(
        "{test} of sample {sample} already has a result ({value}). A valid result can't be replaced; it can be invalidated for a listed reason."
    )]
    ResultStands {
        /// The test.
        test: String,
        /// The sample's code.
        sample: String,
        /// The value.
        value: String,
    },
    /// There is no result.
    #[error("{test} of sample {sample} has no result yet.")]
    NoResult {
        /// The test.
        test: String,
        /// The sample's code.
        sample: String,
    },
    /// The result that the analyst saw doesn't stand any more.
    #[error(
        "{test} of sample {sample} was corrected or repeated since this page was opened: its result is now {value}. Read that result, then decide on it."
    )]
    ResultReplaced {
        /// The test.
        test: String,
        /// The sample's code.
        sample: String,
        /// The value that stands.
        value: String,
    },
    /// The result is reviewed already.
    #[error("{test} of sample {sample} is already reviewed by {name}.")]
    AlreadyReviewed {
        /// The test.
        test: String,
        /// The sample's code.
        sample: String,
        /// By whom.
        name: String,
    },
    /// One's own result.
    #[error("{name} entered this result. Another analyst must review it.")]
    OwnResult {
        /// Who.
        name: String,
    },
    /// Another analyst's result.
    #[error(
        "{name} entered {test} of sample {sample}: only {name} can correct or confirm it. Return it with the reason."
    )]
    AnothersResult {
        /// The test.
        test: String,
        /// The sample's code.
        sample: String,
        /// Who entered it.
        name: String,
    },
    /// The result was returned and is not answered.
    #[error(
        "{test} of sample {sample} was returned to {name}: {reason} It can be reviewed once {name} has corrected it or confirmed it again."
    )]
    ResultReturned {
        /// The test.
        test: String,
        /// The sample's code.
        sample: String,
        /// Who entered it.
        name: String,
        /// Why it was returned.
        reason: String,
    },
    /// Returned already.
    #[error("{test} of sample {sample} was already returned by {name}.")]
    AlreadyReturned {
        /// The test.
        test: String,
        /// The sample's code.
        sample: String,
        /// By whom.
        name: String,
    },
    /// Nobody returned the result.
    #[error(
        "{test} of sample {sample} was not returned. There is nothing to confirm: another analyst reviews it."
    )]
    NotReturned {
        /// The test.
        test: String,
        /// The sample's code.
        sample: String,
    },
    /// The corrected result equals the present one.
    #[error(
        "Result and day of the test are the same as before ({value}). Enter what the raw data say, or leave it."
    )]
    ResultUnchanged {
        /// The value.
        value: String,
    },
    /// A correction that changes the verdict names no raw data.
    #[error(
        "This correction changes the verdict from {before} to {after}. Enter where the raw data are that show the result: report, instrument, file."
    )]
    NoRawData {
        /// The verdict before.
        before: &'static str,
        /// The verdict after.
        after: &'static str,
    },
    /// No second analyst confirmed a correction that changes the verdict.
    #[error(
        "This correction changes the verdict from {before} to {after}. A second analyst compares it with the raw data and enters user name and password here."
    )]
    NoSecondAnalyst {
        /// The verdict before.
        before: &'static str,
        /// The verdict after.
        after: &'static str,
    },
    /// The second analyst is the first.
    #[error("{name} makes this correction. Another analyst must confirm it.")]
    OwnCorrection {
        /// Who.
        name: String,
    },
    /// The second person is no analyst.
    #[error(
        "{name} may not review results at this site. A second QC analyst must confirm the correction."
    )]
    NoAnalyst {
        /// Who.
        name: String,
    },
    /// A typing error in a result that nobody has reviewed.
    #[error(
        "{test} of sample {sample} is not reviewed yet. Return it to {name}, who corrects a typing error with the reason."
    )]
    TypingErrorBeforeReview {
        /// The test.
        test: String,
        /// The sample's code.
        sample: String,
        /// Who entered it.
        name: String,
    },
    /// Only one repeat.
    #[error(
        "{test} of sample {sample} was repeated once already. A second result can't be invalidated: raise a deviation."
    )]
    RepeatedOnce {
        /// The test.
        test: String,
        /// The sample's code.
        sample: String,
    },
}

impl QualityRefusal {
    /// At which form field it stands.
    pub(in crate::batch) fn field(&self) -> Option<&'static str> {
        match self {
            Self::ResultUnchanged { .. } => Some("value"),
            Self::NoRawData { .. } => Some("raw_data"),
            Self::NoSecondAnalyst { .. } | Self::OwnCorrection { .. } | Self::NoAnalyst { .. } => {
                Some("user_name")
            }
            Self::TooManyOfPassage { field, .. } => Some(field),
            Self::UnknownSample { .. }
            | Self::UnknownTest { .. }
            | Self::ResultStands { .. }
            | Self::NoResult { .. }
            | Self::ResultReplaced { .. }
            | Self::AlreadyReviewed { .. }
            | Self::OwnResult { .. }
            | Self::AnothersResult { .. }
            | Self::ResultReturned { .. }
            | Self::AlreadyReturned { .. }
            | Self::NotReturned { .. }
            | Self::TypingErrorBeforeReview { .. }
            | Self::RepeatedOnce { .. } => None,
        }
    }
}
