//! An id names one sample, unit, dose or deviation of a batch: what is added doesn't take the id of another.

use crate::record::{
    PHARMACIST, QA, TECH, after_p1, prepare, prepared, raise, registered, sampled, store, take,
};
use domain::batch::{InputRefusal, Refusal};

#[test]
fn nothing_new_takes_an_id_that_is_used() {
    let used = |what| Refusal::Input(InputRefusal::IdUsed { what });
    after_p1()
        .does(TECH, take(1, "ip-sample@P1", "0"))
        .when(TECH, take(1, "ip-sample@P1", "0"))
        .refused(used("sample"));
    // Two units of one id would end together: cells of the second would leave uncounted.
    sampled()
        .does(TECH, store(1, "38000000", "T1/R1/B1/1"))
        .when(TECH, store(1, "38000000", "T1/R1/B1/2"))
        .refused(used("unit"));
    prepared()
        .when(PHARMACIST, prepare(1, &[3, 4]))
        .refused(used("dose"));
    // Whoever raised the second could close it as the first.
    registered()
        .does(TECH, raise(1, None))
        .when(QA, raise(1, None))
        .says("This deviation is in the record already. Open the page again to add another.");
}
