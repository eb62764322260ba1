//! A process and a specification that are as small as the rules allow, each rule with a place in them.

pub const MASTER_RECORD: &str = r#"
key = "SMALL"
version = 1
title = "A small process"
product = "Cells"
late_after_minutes = 60

[culture]
first_step = "seed"
last_step = "ip-sample"
minimum_passage = 1
maximum_passage = 3
target_viable_per_kg = "1000000"
site_choice = true

[[step]]
key = "receipt"
title = "Receipt"
kind = "receive"
signature = "performed"
instruction = "Receive."
keeps_alive = true
field = [
  { key = "identity", label = "Identity agrees", type = "yes-no", expected = ["yes"], required = true, critical = true, stop = "identifiers" },
  { key = "container", label = "Container", type = "choice", choices = ["intact", "cracked", "open"], expected = ["intact"], required = true, stop = "hold/verdict" },
  { key = "temperature", label = "Temperature", type = "number", unit = "°C", limit = "> 2 and <= 25", required = true, site_choice = true },
  { key = "remark", label = "Remark", type = "text" },
]

[[step]]
key = "clearance"
title = "Line clearance"
kind = "checklist"
instruction = "Clear."
field = [
  { key = "grade", label = "Grade", type = "choice", choices = ["A", "B", "C"], expected = ["A", "B"], required = true },
  { key = "cleaned-at", label = "Cleaned at", type = "moment" },
  { key = "made-on", label = "Made on", type = "day" },
  { key = "expiry", label = "Expiry", type = "day", future = true, limit = ">= performed_at", site_choice = true },
]

[[step]]
key = "seed"
title = "Seeding"
kind = "seed"
instruction = "Seed."
keeps_alive = true
field = [
  { key = "cells-seeded", label = "Cells seeded", type = "number", unit = "cells", required = true },
  { key = "area", label = "Area", type = "number", unit = "cm2", required = true },
]

[[step]]
key = "medium"
title = "Change of medium"
kind = "change-medium"
recurring = true
instruction = "Change."
keeps_alive = true
window = { from_hours = 72, to_hours = 96, site_choice = true }
field = [{ key = "lot", label = "Lot", type = "text", required = true }]

[[step]]
key = "look"
title = "Observation"
kind = "observe"
recurring = true
instruction = "Look."
keeps_alive = true
field = [{ key = "confluence", label = "Confluence", type = "number", unit = "%", required = true }]

[[step]]
key = "passage"
title = "Detachment"
kind = "passage"
instruction = "Count."
keeps_alive = true
field = [
  { key = "total-cells", label = "Total cells", type = "number", unit = "cells", required = true },
  { key = "viable-cells", label = "Viable cells", type = "number", unit = "cells", required = true, critical = true },
]
check = [{ of = "viability", limit = ">= 70", site_choice = true }]

[[step]]
key = "ip-sample"
title = "In-process sample"
kind = "sample"
sample_point = "in-process"
only_passages = [1]
instruction = "Sample."
keeps_alive = true

[[step]]
key = "harvest"
title = "Final harvest"
kind = "final-harvest"
signature = "performed"
instruction = "Count twice."
keeps_alive = true
field = [
  { key = "total-cells-1", label = "Total cells, first", type = "number", unit = "cells", required = true },
  { key = "viable-cells-1", label = "Viable cells, first", type = "number", unit = "cells", required = true },
  { key = "total-cells-2", label = "Total cells, second", type = "number", unit = "cells", required = true },
  { key = "viable-cells-2", label = "Viable cells, second", type = "number", unit = "cells", required = true },
]
check = [
  { of = "viability", limit = ">= 70", site_choice = true },
  { of = "count-cv", limit = "< 10", site_choice = true },
]

[[step]]
key = "sample"
title = "Sampling"
kind = "sample"
sample_point = "final-product"
instruction = "Sample."
keeps_alive = true

[[step]]
key = "freeze"
title = "Freezing"
kind = "freeze"
instruction = "Freeze."
keeps_alive = true
field = [{ key = "freezer", label = "Freezer", type = "text", required = true }]

[[step]]
key = "closing"
title = "Closing"
kind = "checklist"
instruction = "Close."
field = [{ key = "problems", label = "Problems", type = "text", required = true }]

[[step]]
key = "hold"
title = "Assessment of a hold"
kind = "assess"
instruction = "Look at what stopped the batch."
field = [
  { key = "verdict", label = "Verdict", type = "choice", choices = ["go on", "reject"], expected = ["go on"], required = true, critical = true },
  { key = "grounds", label = "Grounds", type = "text" },
]
"#;

pub const SPECIFICATION: &str = r#"
key = "SMALL"
version = 1
title = "A small specification"
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
key = "viability-ip"
test = "Viability, in process"
method = "Trypan blue"
sample_point = "in-process"
stage = "in_process"
result = "number"
unit = "%"
limit = ">= 70"
rounding = "as-limit"
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

[[criterion]]
key = "sterility"
test = "Sterility"
method = "Growth"
sample_point = "final-product"
stage = "before_release"
result = "category"
categories = ["no growth", "growth"]
equals = "no growth"
due_days = 7
site_choice = true

[[criterion]]
key = "remark"
test = "Morphology"
method = "Microscopy"
sample_point = "final-product"
stage = "before_release"
result = "text"
informative = true
site_choice = true
"#;
