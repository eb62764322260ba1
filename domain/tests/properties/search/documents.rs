//! The smallest process that gives a dose: counted, sampled, frozen. And what the oracle asks of it.

use crate::oracle::{Process, at_least_70};
use chrono::TimeDelta;

pub const MASTER_RECORD: &str = r#"
key = "SMALLEST"
version = 1
title = "The smallest process"
product = "Cells"
late_after_minutes = 60

[[step]]
key = "harvest"
title = "Final harvest"
kind = "final-harvest"
signature = "performed"
instruction = "Count twice."
field = [
  { key = "total-cells-1", label = "Total cells, first", type = "number", unit = "cells", required = true },
  { key = "viable-cells-1", label = "Viable cells, first", type = "number", unit = "cells", required = true, critical = true },
  { key = "total-cells-2", label = "Total cells, second", type = "number", unit = "cells", required = true },
  { key = "viable-cells-2", label = "Viable cells, second", type = "number", unit = "cells", required = true },
]

[[step]]
key = "sample"
title = "Sampling"
kind = "sample"
sample_point = "final-product"
instruction = "Sample."

[[step]]
key = "freeze"
title = "Freezing"
kind = "freeze"
instruction = "Freeze."
"#;

pub const SPECIFICATION: &str = r#"
key = "SMALLEST"
version = 1
title = "The smallest specification"
product = "Cells"
source = "A paper"

[dose]
minimum = 1
maximum = 2
unit = "10^6 cells/kg"
site_choice = true

[shelf_life]
frozen_days = 30
site_choice = true

[[criterion]]
key = "viability"
test = "Viability"
method = "Trypan blue"
sample_point = "final-product"
stage = "before_release"
result = "number"
unit = "%"
limit = ">= 70"
rounding = "as-limit"
site_choice = true
"#;

pub const SMALLEST: Process = Process {
    steps: &["harvest", "sample", "freeze"],
    passage: &[],
    passage_sample: None,
    critical: &[("harvest", "viable-cells-1")],
    signed: &["harvest"],
    outside: |_, _, _, _| false,
    stops: &[],
    blocked: &[],
    judged: &[("viability", at_least_70)],
    late_after: TimeDelta::minutes(60),
    shelf_life: TimeDelta::days(30),
    dose: (1_000_000, 2_000_000),
};
