//! Work that has begun comes to its end, also where the connection that asked for it has gone away.
//!
//! A request that changes something runs in a task of its own. Whoever sends the same form again is told what has come of it:
//! it is the same command.

use axum::{
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::Response,
};
use std::{sync::Arc, time::Duration};
use tokio::sync::Semaphore;
use tracing::{Instrument as _, Span, instrument::WithSubscriber as _};

/// So many requests that change something are at work at the same time; a further one waits, and is given up with its
/// connection as long as it does.
pub const AT_ONCE: u32 = 256;

/// What is at work.
#[derive(Clone)]
pub struct Work(Arc<Semaphore>);

impl Default for Work {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE as usize)))
    }
}

impl Work {
    /// Waits until nothing is at work any more, no longer than `most`; whether it is so.
    pub async fn ended(&self, most: Duration) -> bool {
        let all = self.0.acquire_many(AT_ONCE);
        tokio::time::timeout(most, all).await.is_ok()
    }
}

/// Runs what changes something to its end.
pub async fn to_its_end(State(work): State<Work>, request: Request, next: Next) -> Response {
    if matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    ) {
        return next.run(request).await;
    }
    // Closed it never is.
    let permit = Arc::clone(&work.0).acquire_owned().await.ok();
    let task = async move {
        let response = next.run(request).await;
        drop(permit);
        response
    };
    let task = tokio::spawn(task.instrument(Span::current()).with_current_subscriber());
    match task.await {
        Ok(response) => response,
        Err(ended) => match ended.try_into_panic() {
            // It is told where all panics are.
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => super::answer::panicked(Box::new("the work was broken off")),
        },
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use axum::{Router, body::Body, middleware::from_fn_with_state, routing::post};
    use std::sync::atomic::{AtomicU32, Ordering};
    use tower::ServiceExt as _;

    #[tokio::test]
    async fn work_goes_on_where_whoever_asked_has_gone() {
        let done = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&done);
        let work = Work::default();
        let router = Router::new()
            .route(
                "/",
                post(async move || {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    counted.fetch_add(1, Ordering::SeqCst);
                    "done"
                }),
            )
            .layer(from_fn_with_state(work.clone(), to_its_end));
        for _ in 0..5 {
            let request = Request::post("/").body(Body::empty()).unwrap();
            let asked = router.clone().oneshot(request);
            assert!(
                tokio::time::timeout(Duration::from_millis(5), asked)
                    .await
                    .is_err()
            );
        }
        assert!(work.ended(Duration::from_secs(20)).await);
        assert_eq!(done.load(Ordering::SeqCst), 5);
    }
}
