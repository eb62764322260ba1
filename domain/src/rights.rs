//! Rights: role × action, one table.
//!
//! A role is held at a site. What a person may do there is what any of their roles there may do; the entry in the
//! ledger names the role in which they did it. Whether they may do it now, with their account, password and session as
//! they are, says [`allowed`].

mod standing;

pub use standing::{By, Refusal, Standing, allowed, own_account};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $what:literal { $($(#[$variant_doc:meta])* $variant:ident = $code:literal, $label:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $code)] $variant,)*
        }

        impl $name {
            /// All of them, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word that stands in the record and in forms.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The words for a person.
            #[must_use]
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.label())
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                Self::ALL.iter().copied().find(|one| one.code() == text).ok_or_else(|| {
                    let known: Vec<_> = Self::ALL.iter().map(|one| one.code()).collect();
                    format!("“{}” is not {}. Choose one of: {}.", $crate::decimal::repeated(text), $what, known.join(", "))
                })
            }
        }
    };
}
pub(crate) use words;

words! {
    /// What a person is at a site.
    Role, "a role" {
        /// Takes the marrow in the hospital, labels it and hands it over.
        Collector = "collector", "Collector";
        /// Logs every processing step as it happens.
        Technician = "technician", "Technician";
        /// Enters results, and reviews those of others.
        QcAnalyst = "qc-analyst", "QC analyst";
        /// Reviews the record by exception and closes deviations.
        QaReviewer = "qa-reviewer", "QA reviewer";
        /// Certifies or rejects.
        QualifiedPerson = "qualified-person", "Qualified Person";
        /// Prepares, dispatches and accounts for doses (unblinded).
        Pharmacist = "pharmacist", "Clinical pharmacist";
        /// Keeps accounts, roles and sites; reads no batch and signs nothing.
        Administrator = "administrator", "Administrator";
        /// Reads and exports everything of a site.
        Inspector = "inspector", "Inspector";
    }
}

words! {
    /// What can be done.
    Action, "an action" {
        /// See the board and the record of a batch.
        ReadBatch = "read-batch", "read batch records";
        /// Register a harvest.
        RegisterHarvest = "register-harvest", "register a harvest";
        /// Record an entry, mark one as not applicable, store a unit, complete a step.
        RecordEntry = "record-entry", "record entries";
        /// Correct a figure of a harvest with a reason.
        CorrectHarvest = "correct-harvest", "correct the figures of a harvest";
        /// Correct an entry with a reason.
        CorrectEntry = "correct-entry", "correct entries";
        /// Confirm another person's critical entry.
        VerifyEntry = "verify-entry", "verify another person's entries";
        /// Add a comment.
        Comment = "comment", "add a comment";
        /// Take a sample.
        TakeSample = "take-sample", "take samples";
        /// Enter a result.
        EnterResult = "enter-result", "enter results";
        /// Correct one's own result before its review, or confirm it again.
        CorrectResult = "correct-result", "correct your own results";
        /// Review another analyst's result, return it, or invalidate it for a listed reason.
        ReviewResult = "review-result", "review another analyst's results";
        /// Read both identifiers again, for a stop on identity.
        ReadIdentifiers = "read-identifiers", "read both identifiers again";
        /// Lift a stop.
        LiftStop = "lift-stop", "lift a stop";
        /// Raise a deviation.
        RaiseDeviation = "raise-deviation", "raise a deviation";
        /// Classify a deviation, state its cause and impact, close it.
        CloseDeviation = "close-deviation", "classify and close deviations";
        /// Assess an exception.
        AssessException = "assess-exception", "assess exceptions";
        /// Sign the review of the record.
        SignReview = "sign-review", "sign the review";
        /// Certify a batch.
        Certify = "certify", "certify a batch";
        /// Reject a batch.
        Reject = "reject", "reject a batch";
        /// Withdraw a certification.
        WithdrawCertification = "withdraw-certification", "withdraw a certification";
        /// Prepare, dispatch or destroy a dose and record its infusion.
        GiveDose = "give-dose", "prepare and dispatch doses";
        /// Record that a unit was destroyed.
        DestroyUnit = "destroy-unit", "record the destruction of units";
        /// Print the certificate of analysis.
        PrintCertificate = "print-certificate", "print certificates";
        /// Read and download the audit trail.
        ReadAuditTrail = "read-audit-trail", "read the audit trail";
        /// Add accounts, grant and end roles, disable and unlock.
        KeepAccounts = "keep-accounts", "keep accounts";
        /// Confirm the server's clock after it was in doubt, by a time read elsewhere.
        ConfirmClock = "confirm-clock", "confirm the server's clock";
    }
}

/// Whether `role` may do `action` at its site. This is the whole table; nothing else grants a right.
#[must_use]
pub fn may(role: Role, action: Action) -> bool {
    use Role::{
        Administrator, Collector, Inspector, Pharmacist, QaReviewer, QcAnalyst, QualifiedPerson,
        Technician,
    };
    let roles: &[Role] = match action {
        Action::ReadBatch => &[
            Collector,
            Technician,
            QcAnalyst,
            QaReviewer,
            QualifiedPerson,
            Pharmacist,
            Inspector,
        ],
        Action::RegisterHarvest => &[Collector, Technician],
        Action::RecordEntry => &[Technician],
        Action::CorrectHarvest => &[Collector, Technician],
        // Not a collector: who may not record what was done in the laboratory may not change it either.
        Action::CorrectEntry => &[Technician],
        Action::VerifyEntry | Action::ReadIdentifiers => &[Technician, QcAnalyst, QaReviewer],
        Action::Comment => &[
            Collector,
            Technician,
            QcAnalyst,
            QaReviewer,
            QualifiedPerson,
            Pharmacist,
        ],
        Action::TakeSample => &[Technician, QcAnalyst],
        Action::EnterResult | Action::CorrectResult | Action::ReviewResult => &[QcAnalyst],
        Action::RaiseDeviation => &[
            Technician,
            QcAnalyst,
            QaReviewer,
            QualifiedPerson,
            Pharmacist,
        ],
        Action::LiftStop
        | Action::CloseDeviation
        | Action::AssessException
        | Action::SignReview => &[QaReviewer],
        Action::Certify | Action::Reject => &[QualifiedPerson],
        Action::WithdrawCertification => &[QualifiedPerson],
        Action::GiveDose => &[Pharmacist],
        Action::DestroyUnit => &[Technician, Pharmacist],
        Action::PrintCertificate => &[QaReviewer, QualifiedPerson, Pharmacist, Inspector],
        Action::ReadAuditTrail => &[QcAnalyst, QaReviewer, QualifiedPerson, Inspector],
        Action::KeepAccounts => &[Administrator],
        // Who answers for the record, and who has the machine set: two of them together.
        Action::ConfirmClock => &[QaReviewer, QualifiedPerson, Administrator],
    };
    roles.contains(&role)
}

/// The first of `roles` that may do `action`: the role in which the person acts.
#[must_use]
pub fn role_for(roles: &[Role], action: Action) -> Option<Role> {
    roles.iter().copied().find(|role| may(*role, action))
}

/// The table as text, a row an action and a column a role.
#[must_use]
pub fn table() -> String {
    let mut text = format!("{:<24}", "action");
    for role in Role::ALL {
        text.push_str(&format!(" {:<16}", role.code()));
    }
    text.truncate(text.trim_end().len());
    for action in Action::ALL {
        text.push_str(&format!("\n{:<24}", action.code()));
        for role in Role::ALL {
            text.push_str(&format!(
                " {:<16}",
                if may(*role, *action) { "yes" } else { "-" }
            ));
        }
        text.truncate(text.trim_end().len());
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    // P11-10g, A11-15: a change of rights is a change of this file.
    #[test]
    fn rights_are_as_checked_in() {
        insta::assert_snapshot!(table());
    }

    // A11-15
    #[test]
    fn only_a_qualified_person_certifies() {
        for role in Role::ALL {
            assert_eq!(
                may(*role, Action::Certify),
                *role == Role::QualifiedPerson,
                "{role}"
            );
        }
    }

    #[test]
    fn an_administrator_keeps_accounts_and_the_clock_and_nothing_else() {
        let keeps = [Action::KeepAccounts, Action::ConfirmClock];
        for action in Action::ALL {
            assert_eq!(
                may(Role::Administrator, *action),
                keeps.contains(action),
                "{action}"
            );
        }
    }

    #[test]
    fn a_person_acts_in_the_first_role_that_may() {
        let roles = [Role::Inspector, Role::QaReviewer, Role::Technician];
        let acts = |action| role_for(&roles, action);
        assert_eq!(acts(Action::ReadBatch), Some(Role::Inspector));
        assert_eq!(acts(Action::VerifyEntry), Some(Role::QaReviewer));
        assert_eq!(acts(Action::RecordEntry), Some(Role::Technician));
        assert_eq!(acts(Action::Certify), None);
    }

    #[test]
    fn an_inspector_changes_nothing() {
        let reads = [
            Action::ReadBatch,
            Action::PrintCertificate,
            Action::ReadAuditTrail,
        ];
        for action in Action::ALL {
            assert_eq!(
                may(Role::Inspector, *action),
                reads.contains(action),
                "{action}"
            );
        }
    }
}
