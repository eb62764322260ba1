//! Times as people read and type them: in the zone of the site, always with the zone.

pub use domain::zone::{NotAMoment, Zone};
pub use store::zone::named;
