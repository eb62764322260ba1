//! The least speed at which an answer has to be taken.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep_until},
};

/// The least bytes a second at which an answer is taken, counted while there is something to be taken.
pub const LEAST: u32 = 2048;

/// A connection that is given up where its other side takes an answer more slowly than [`LEAST`].
///
/// It may stand still for `patience`. While it stands still that is used up, and each second's worth of bytes that are taken
/// gives a second back.
pub struct Paced<S> {
    stream: S,
    patience: Duration,
    left: Duration,
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl<S> Paced<S> {
    pub fn new(stream: S, patience: Duration) -> Self {
        Self {
            stream,
            patience,
            left: patience,
            waiting: None,
        }
    }

    fn wait<T>(&mut self, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        let left = self.left;
        let (_, out) = self.waiting.get_or_insert_with(|| {
            let now = Instant::now();
            (now, Box::pin(sleep_until(now + left)))
        });
        ready!(out.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    fn took(&mut self, bytes: usize) {
        if let Some((since, _)) = self.waiting.take() {
            self.left = self.left.saturating_sub(since.elapsed());
        }
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let earned = Duration::from_secs(1) * bytes / LEAST;
        self.left = (self.left + earned).min(self.patience);
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.stream).poll_write(context, bytes) {
            Poll::Ready(written) => {
                if let Ok(written) = written {
                    self.took(written);
                }
                Poll::Ready(written)
            }
            Poll::Pending => self.wait(context),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.stream).poll_write_vectored(context, slices) {
            Poll::Ready(written) => {
                if let Ok(written) = written {
                    self.took(written);
                }
                Poll::Ready(written)
            }
            Poll::Pending => self.wait(context),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_flush(context) {
            Poll::Pending => self.wait(context),
            flushed => flushed,
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_shutdown(context) {
            Poll::Pending => self.wait(context),
            ended => ended,
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    const PATIENCE: Duration = Duration::from_secs(30);

    /// Writes 64 kB through a pipe of 1 kB whose other end reads `bytes` every `pause`.
    async fn written(bytes: usize, pause: Duration) -> io::Result<()> {
        let (ours, mut theirs) = duplex(1024);
        let mut paced = Paced::new(ours, PATIENCE);
        let reading = tokio::spawn(async move {
            let mut buffer = vec![0; bytes];
            while theirs.read_exact(&mut buffer).await.is_ok() {
                tokio::time::sleep(pause).await;
            }
        });
        let written = paced.write_all(&[b'x'; 64 * 1024]).await;
        reading.abort();
        written
    }

    // The clock of the test jumps ahead as soon as nothing else is left to do.
    #[tokio::test(start_paused = true)]
    async fn who_takes_an_answer_too_slowly_is_given_up() {
        // A byte now and then is not enough, nor a kilobyte each 29 s.
        assert!(written(1, Duration::from_secs(1)).await.is_err());
        assert!(written(1024, Duration::from_secs(29)).await.is_err());
        // 4 kB/s is, also in lumps.
        written(1024, Duration::from_millis(250)).await.unwrap();
        written(256, Duration::from_millis(60)).await.unwrap();
    }
}
