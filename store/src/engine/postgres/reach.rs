//! Whether the server of the database can be reached.
//!
//! The pool of sqlx 0.9 takes a refused connection for a server that is just starting, and tries again for 30 s before it
//! says anything. So a command that waits for a connection asks the server directly after a moment, and is told at once.

use crate::Fault;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection, postgres::PgConnectOptions};
use std::{
    future::Future,
    io,
    pin::pin,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use tokio::{sync::Mutex, time::timeout};

/// A pool that has a connection gives it within this time, also where it has to make one.
const SOON: Duration = Duration::from_millis(500);

/// A pool all of whose connections are at work is waited for this long before the server is asked again.
const BUSY: Duration = Duration::from_secs(3);

/// A server that doesn't answer within this time is down.
const ANSWERS: Duration = Duration::from_secs(3);

/// The way to the server.
pub(crate) struct Reach {
    options: PgConnectOptions,
    /// Whether it was down when it was asked last: then it is asked first.
    down: AtomicBool,
    /// One asks at a time: a server under load isn't asked by everybody.
    asking: Mutex<()>,
}

impl Reach {
    pub(super) fn new(options: PgConnectOptions) -> Self {
        Self {
            options,
            down: AtomicBool::new(false),
            asking: Mutex::default(),
        }
    }

    /// A server has no file that could go.
    #[expect(clippy::unused_self, reason = "as the other engine's")]
    pub(crate) fn is_there(&self) -> Result<(), Fault> {
        Ok(())
    }

    /// A connection of its own, at once or not at all.
    pub(super) async fn connect(&self) -> Result<PgConnection, Fault> {
        let connected = timeout(ANSWERS, self.options.connect()).await;
        let late = || {
            let words = format!("no answer within {} s", ANSWERS.as_secs());
            sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, words))
        };
        let connected = connected.unwrap_or_else(|_| Err(late()));
        connected.map_err(|source| Fault::Down {
            place: Some(self.place()),
            source,
        })
    }

    /// Waits for a connection of a pool, or for what is done with one, but not for a server that is down.
    pub(crate) async fn reached<T>(
        &self,
        wait: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, Fault> {
        let mut wait = pin!(wait);
        if !self.down.load(Ordering::Relaxed)
            && let Ok(done) = timeout(SOON, &mut wait).await
        {
            return done;
        }
        loop {
            tokio::select! {
                biased;
                done = &mut wait => return done,
                asked = self.ask() => asked?,
            }
            if let Ok(done) = timeout(BUSY, &mut wait).await {
                return done;
            }
        }
    }

    async fn ask(&self) -> Result<(), Fault> {
        let _turn = self.asking.lock().await;
        let asked = self.connect().await;
        self.down.store(asked.is_err(), Ordering::Relaxed);
        asked?
            .close()
            .await
            .map_err(Fault::while_("asking the database whether it answers"))
    }

    /// Where the server should be; no user and no password.
    fn place(&self) -> String {
        let (host, port) = (self.options.get_host(), self.options.get_port());
        match self.options.get_socket() {
            Some(socket) => socket.display().to_string(),
            None => format!("{host}:{port}"),
        }
    }
}
