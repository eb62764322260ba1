//! The documents that the batch runs under.

pub(super) const MASTER: &str = r#"
key = "bm-msc"
version = 2
title = "Expansion"
product = "MSC"
late_after_minutes = 60
[[step]]
key = "harvest"
title = "Final harvest"
kind = "final-harvest"
instruction = "Count twice."
signature = "performed"
[[step.field]]
key = "total-cells-1"
label = "Total cells, first count"
type = "number"
unit = "cells"
required = true
[[step.field]]
key = "viable-cells-1"
label = "Viable cells, first count"
type = "number"
unit = "cells"
required = true
critical = true
[[step.field]]
key = "total-cells-2"
label = "Total cells, second count"
type = "number"
unit = "cells"
required = true
[[step.field]]
key = "viable-cells-2"
label = "Viable cells, second count"
type = "number"
unit = "cells"
required = true
[[step.field]]
key = "appearance"
label = "Appearance"
type = "text"
[[step]]
key = "freeze"
title = "Freezing"
kind = "freeze"
instruction = "Freeze."
[[step]]
key = "labels"
title = "Labels"
kind = "checklist"
instruction = "Check them."
"#;

pub(super) const SPECIFICATION: &str = r#"
key = "BM-MSC"
version = 3
title = "Release specification"
product = "Bone-marrow MSC"
source = "Site"
[[criterion]]
key = "endotoxin"
test = "Endotoxin"
method = "LAL"
sample_point = "final"
stage = "before_release"
result = "number"
unit = "EU/mL"
limit = "<= 0.5"
rounding = "none"
site_choice = true
"#;
