//! Writing down who does what to a batch, and when.

use super::{
    batches::{DemoBatch, Place},
    id, usual,
};
use anyhow::{Context as _, Result};
use app::zone::Zone;
use chrono::{NaiveDate, TimeDelta};
use domain::{
    batch::{Batch, BatchCommand, FieldValue, Harvest, ProcessingCommand, QualityCommand},
    ids::{SampleId, UnitId},
    master_record::{Field, MasterRecord, Step, StepRef, StepSignature},
    release::ResultValue,
    specification::Specification,
    time::{NotATime, Timestamp},
};
use rust_decimal::Decimal;

/// What a batch is made under, and when the demonstration ends.
pub struct Scene<'a> {
    /// The master record.
    pub master_record: &'a MasterRecord,
    /// The specification.
    pub specification: &'a Specification,
    /// The zone of the site.
    pub zone: Zone,
    /// When the demonstration ends.
    pub now: Timestamp,
}

/// What one person does at one moment.
pub struct Turn {
    /// When.
    pub at: Timestamp,
    /// The batch, by the name that the demonstration gives it.
    pub name: &'static str,
    /// Its site.
    pub place: Place,
    /// Who, by user name.
    pub by: &'static str,
    /// What.
    pub act: Act,
}

/// What is done.
pub enum Act {
    /// The harvest is registered.
    Register(Box<Harvest>),
    /// A command.
    Do(Box<BatchCommand>),
    /// A command that is signed over the record as it stands then.
    Sign(Box<dyn Fn(u64) -> BatchCommand + Send + Sync>),
    /// A command that follows from the record as it stands then, such as the lifting of a stop; signed where it is a
    /// signature.
    FromRecord(FromRecord),
    /// Every exception that is open is assessed.
    AssessAll(&'static str),
}

/// What is asked of a batch as it stands at that moment; `None` where there is nothing to ask.
pub type FromRecord = Box<dyn Fn(&Batch) -> Option<BatchCommand> + Send + Sync>;

/// The script of one batch as it is written: the pen stands at a moment and moves on.
pub struct Script<'a> {
    pub batch: &'a DemoBatch,
    pub scene: &'a Scene<'a>,
    /// Where the pen stands.
    pub at: Timestamp,
    turns: Vec<Turn>,
}

/// So long an entry takes.
const ENTRY: TimeDelta = TimeDelta::seconds(35);

impl<'a> Script<'a> {
    /// An empty script that begins so many days before the demonstration ends, at this time of the site.
    pub fn begin(batch: &'a DemoBatch, scene: &'a Scene<'a>, clock: &str) -> Result<Self> {
        let day = scene.zone.day(scene.now) - TimeDelta::days(batch.days_ago);
        let at = scene.zone.parse(&format!("{day} {clock}"), scene.now);
        let at = at.map_err(|why| anyhow::anyhow!("{why}"))?;
        Ok(Self {
            batch,
            scene,
            at,
            turns: Vec::new(),
        })
    }

    /// The script, up to the end of the demonstration.
    pub fn end(self) -> Vec<Turn> {
        self.turns
    }

    /// The day at the site.
    pub fn day(&self) -> NaiveDate {
        self.scene.zone.day(self.at)
    }

    /// Goes on so long after a moment, never back.
    pub fn go(&mut self, from: Timestamp, after: TimeDelta) {
        self.at = self.at.max(from.plus(after));
    }

    /// One person does one thing; the pen moves on by the time of an entry.
    pub fn act(&mut self, by: &'static str, act: Act) {
        let turn = Turn {
            at: self.at,
            name: self.batch.name,
            place: self.batch.site,
            by,
            act,
        };
        self.turns.push(turn);
        self.at = self.at.plus(ENTRY);
    }

    /// One person gives one command.
    pub fn act_do(&mut self, by: &'static str, command: BatchCommand) {
        self.act(by, Act::Do(Box::new(command)));
    }

    /// One person signs one command.
    pub fn sign(
        &mut self,
        by: &'static str,
        command: impl Fn(u64) -> BatchCommand + Send + Sync + 'static,
    ) {
        self.act(by, Act::Sign(Box::new(command)));
    }

    /// One person gives the command that follows from the record as it stands then.
    pub fn as_the_record_asks(
        &mut self,
        by: &'static str,
        command: impl Fn(&Batch) -> Option<BatchCommand> + Send + Sync + 'static,
    ) {
        self.act(by, Act::FromRecord(Box::new(command)));
    }

    /// The technician fills a step field by field, the second person confirms what is critical, and it is completed.
    /// What is not in `typed` is entered as usual. `inside` is done before the step is completed.
    pub fn step(
        &mut self,
        name: &str,
        typed: &[(&str, &str)],
        inside: Vec<BatchCommand>,
    ) -> Result<()> {
        let at: StepRef = name.parse()?;
        let master_record = self.scene.master_record;
        let step = master_record
            .step(&at.key)
            .with_context(|| format!("there is no step {name}"))?;
        let mut critical = Vec::new();
        for field in &step.fields {
            let Some(value) = self.value(field, typed)? else {
                continue;
            };
            if field.critical {
                critical.push((field.key.clone(), value.clone()));
            }
            let (step, field) = (at.clone(), field.key.clone());
            let record = BatchCommand::Processing(ProcessingCommand::RecordEntry {
                step,
                field,
                value,
                performed_at: None,
            });
            self.act_do(self.batch.site.technician(), record);
        }
        for (field, seen) in critical {
            let verify = BatchCommand::Processing(ProcessingCommand::VerifyEntry {
                step: at.clone(),
                field,
                seen,
            });
            self.act_do(self.batch.site.second_person(), verify);
        }
        for command in inside {
            self.act_do(self.batch.site.technician(), command);
        }
        self.complete(step, at);
        Ok(())
    }

    fn complete(&mut self, step: &Step, at: StepRef) {
        let by = self.batch.site.technician();
        let complete = move |seen| {
            BatchCommand::Processing(ProcessingCommand::CompleteStep {
                step: at.clone(),
                performed_at: None,
                seen,
            })
        };
        match step.signature {
            StepSignature::None => self.act_do(by, complete(0)),
            StepSignature::Performed => self.sign(by, complete),
        }
    }

    fn value(&self, field: &Field, typed: &[(&str, &str)]) -> Result<Option<FieldValue>> {
        let given = typed
            .iter()
            .find(|(key, _)| *key == field.key)
            .map(|(_, text)| (*text).to_owned());
        let text = given.or_else(|| usual::entry(&field.key, self.day()));
        let Some(text) = text else {
            anyhow::ensure!(!field.required, "nothing is entered for {}", field.label);
            return Ok(None);
        };
        let no_moment = |text: &str| {
            Err(NotATime {
                text: text.to_owned(),
            })
        };
        field
            .read(&text, &no_moment)
            .map(Some)
            .with_context(|| format!("“{text}” in {}", field.label))
    }

    /// The id of a sample.
    pub fn sample_id(&self, name: &str) -> SampleId {
        SampleId(id(&format!("sample/{}/{name}", self.batch.name)))
    }

    /// The id of a unit.
    pub fn unit_id(&self, number: usize) -> UnitId {
        UnitId(id(&format!("unit/{}/{number}", self.batch.name)))
    }

    /// A sample is taken at a step.
    pub fn take_sample(&self, name: &str, viable_cells: Decimal) -> Result<BatchCommand> {
        Ok(BatchCommand::Quality(QualityCommand::TakeSample {
            sample: self.sample_id(name),
            step: name.parse()?,
            taken_at: None,
            viable_cells,
        }))
    }

    /// One analyst enters a result today, the other reviews it.
    pub fn result(&mut self, sample: &str, criterion: &str, text: &str) -> Result<()> {
        let judged_by = self.scene.specification.criterion(criterion);
        let judged_by = judged_by.with_context(|| format!("there is no criterion {criterion}"))?;
        let value = ResultValue::read(text, judged_by)?;
        let (sample, criterion) = (self.sample_id(sample), criterion.to_owned());
        let tested_on = self.day();
        let enter = BatchCommand::Quality(QualityCommand::EnterResult {
            sample,
            criterion: criterion.clone(),
            value,
            tested_on,
        });
        self.act_do("qc.1", enter);
        let review = BatchCommand::Quality(QualityCommand::ReviewResult {
            sample,
            criterion,
            // No test of the demonstration is repeated.
            result: 1,
        });
        self.act_do("qc.2", review);
        Ok(())
    }
}
