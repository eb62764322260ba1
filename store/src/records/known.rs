//! Batches as they were after the last command on them: the next one goes on from there.

use domain::{batch::Batch, ids::BatchId};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// So many are kept at most; then it begins again.
const MOST: usize = 200;

/// What commands have left behind. None of it is shown, and nothing is signed on it: that is read again each time.
#[derive(Debug, Clone, Default)]
pub(super) struct Known(Arc<Mutex<HashMap<BatchId, Arc<Batch>>>>);

impl Known {
    pub(super) fn get(&self, id: BatchId) -> Option<Arc<Batch>> {
        self.lock().get(&id).cloned()
    }

    /// Keeps a batch, unless a later state of it is known, or something is wrong with its record.
    pub(super) fn keep(&self, batch: Batch) {
        let mut known = self.lock();
        let is_later = |kept: &Arc<Batch>| kept.version >= batch.version;
        if batch.altered.is_some() || known.get(&batch.id).is_some_and(is_later) {
            return;
        }
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(batch.id, Arc::new(batch));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<BatchId, Arc<Batch>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
