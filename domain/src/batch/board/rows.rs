//! The rows that the board, the search and the register keep of a batch.

use crate::{
    batch::{Batch, Meaning, SignatureRecord},
    identifiers::folded_code,
    ledger::rows::{BoardRow, RegisterRow, TermRow},
    search::TermKind,
};

impl Batch {
    /// The row of the board.
    #[must_use]
    pub fn board_row(&self) -> BoardRow {
        let next = self.next();
        BoardRow {
            batch: self.id,
            site: self.harvest.site.clone(),
            number: self.harvest.number.clone(),
            subject: self.harvest.subject.clone(),
            din: self.harvest.din.to_string(),
            coi: self.harvest.coi.as_ref().map(ToString::to_string),
            state: self.state().code().to_owned(),
            flags: self.flags(),
            is_open: self.is_open(),
            fresh_since: self.fresh_since(),
            passage: self.passage(),
            culture_started: self.in_culture_since(),
            next_step: next.what,
            next_due: next.due,
            needs: next.needs.map(|needs| needs.code().to_owned()),
            version: self.version,
            registered_at: self.registered.at,
        }
    }

    /// The terms under which the batch and its parts are found, in order.
    #[must_use]
    pub fn term_rows(&self) -> Vec<TermRow> {
        let of = |kind: TermKind, target: String, shown: &str| TermRow {
            site: self.harvest.site.clone(),
            term: folded_code(shown),
            kind,
            batch: self.id,
            target,
            shown: shown.to_owned(),
        };
        let batch = |kind, shown: &str| of(kind, String::new(), shown);
        let mut terms = vec![
            batch(TermKind::Batch, &self.harvest.number),
            batch(TermKind::Din, self.harvest.din.as_str()),
            batch(TermKind::Subject, &self.harvest.subject),
        ];
        let coi = self.harvest.coi.iter();
        terms.extend(coi.map(|coi| batch(TermKind::Coi, coi.as_str())));
        let samples = self.samples.iter();
        terms.extend(samples.map(|one| of(TermKind::Sample, one.id.to_string(), &one.code)));
        let units = self.units.iter();
        terms.extend(units.map(|one| of(TermKind::Unit, one.id.to_string(), &one.code)));
        let doses = self.doses.iter();
        terms.extend(doses.map(|one| of(TermKind::Dose, one.id.to_string(), &one.code)));
        let deviations = self.deviations.iter();
        terms
            .extend(deviations.map(|one| of(TermKind::Deviation, one.id.to_string(), &one.number)));
        let register = self.register_rows();
        let certificates = register.iter();
        terms.extend(certificates.map(|one| batch(TermKind::Certificate, &one.certificate_number)));
        // What has no letter and no digit can't be looked for.
        terms.retain(|one| !one.term.is_empty());
        terms.sort();
        terms
    }

    /// The lines of the certification register (A16-1.6): each certification, also one that was withdrawn since, and a
    /// rejection. A certification's number is that of its certificate, a rejection's is made the same way.
    #[must_use]
    pub fn register_rows(&self) -> Vec<RegisterRow> {
        let signed = |meaning: Meaning| {
            self.signatures
                .iter()
                .filter(move |one| one.signature.meaning == meaning)
        };
        let certified = signed(Meaning::Certified).enumerate();
        let rejected = signed(Meaning::Rejected);
        certified
            .map(|(nth, record)| self.register_row(self.certificate_number(nth + 1), record))
            .chain(
                rejected
                    .map(|record| self.register_row(format!("{}-R1", self.harvest.number), record)),
            )
            .collect()
    }

    /// The number of the `nth` certificate of this batch, from 1.
    pub(in crate::batch) fn certificate_number(&self, nth: usize) -> String {
        format!("{}-C{nth}", self.harvest.number)
    }

    fn register_row(&self, certificate_number: String, record: &SignatureRecord) -> RegisterRow {
        RegisterRow {
            certificate_number,
            site: self.harvest.site.clone(),
            batch: self.id,
            batch_number: self.harvest.number.clone(),
            product: self.documents.specification.product.clone(),
            signer: record.signature.signer,
            signer_name: record.signature.name.clone(),
            signed_at: record.signature.at,
            decision: record.signature.meaning.code().to_owned(),
        }
    }
}
