//! The parts that pages are made of.

pub mod badge;
pub mod band;
pub mod chart;
pub mod due;
pub mod facts;
pub mod fields;
pub mod filter;
pub mod find;
pub mod frame;
pub mod hold;
pub mod locked;
pub mod signature;
pub mod table;

pub use badge::{Badge, Flags};
pub use band::Band;
pub use facts::{Empty, Facts, fact, weighed};
pub use fields::{
    CheckField, ChoiceField, DayField, LongTextField, NumberField, PasswordField, TextField,
    TimeField, YesNoField, form,
};
pub use frame::{frame, open_frame};
pub use hold::Hold;
pub use locked::locked_accounts;
pub use signature::{SecondPerson, SignaturePanel};
pub use table::{sortable, sortable_by};
