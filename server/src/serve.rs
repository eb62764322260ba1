//! `autolog serve`.

use crate::{
    certificate, clock,
    config::Config,
    http::{
        Serving,
        connections::{self, Limits},
        public_url::{PublicUrl, PublicUrls},
        router,
        site::Site,
        work::Work,
    },
    random,
};
use anyhow::{Context as _, Result, bail};
use app::{
    answer::KEPT_FOR,
    desk::AppState,
    door::{Door, ENDED_KEPT_FOR, SessionCookie},
};
use chrono::TimeDelta;
use clap::Args;
use domain::ids::CommandId;
use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};
use store::{Fault, Records};
use tokio::net::TcpListener;

/// How the pages are served.
#[derive(Args, Debug)]
pub struct Options {
    /// Where to listen.
    #[arg(long, env = "AUTOLOG_LISTEN", default_value = "127.0.0.1:3000")]
    listen: SocketAddr,
    /// A folder with what the browser loads, instead of the files that are in the program.
    #[arg(long, env = "AUTOLOG_SITE")]
    site: Option<PathBuf>,
    /// The address under which browsers know it, as https://autolog.lab.example; can be given more than once. It answers to no
    /// other name. With https, through a proxy in front, cookies are sent over TLS alone, and browsers are told to stay with
    /// it. Without it, the addresses of this machine itself.
    #[arg(
        long,
        env = "AUTOLOG_PUBLIC_URL",
        value_name = "URL",
        value_delimiter = ','
    )]
    public_url: Vec<PublicUrl>,
    /// Listen beyond this machine although nothing in front speaks TLS. Passwords then cross the network in the clear.
    #[arg(long, env = "AUTOLOG_PLAIN_HTTP")]
    plain_http: bool,
    /// The address of the proxy in front, as 127.0.0.1; can be given more than once. From it alone the browser's address is
    /// taken, as the last one in X-Forwarded-For.
    #[arg(
        long,
        env = "AUTOLOG_TRUSTED_PROXY",
        value_name = "ADDRESS",
        value_delimiter = ','
    )]
    trusted_proxy: Vec<IpAddr>,
}

/// What to do before anything is served.
const FIRST: &str = "there is no account yet. Create the first administrator with:\n  autolog user add <user-name> --name \"<full name>\" \
     --identity-check \"<who checked it, when and how>\" --administrator\n\
     or fill an empty record with a demonstration:\n  autolog demo";

/// Whether there is no record where one was looked for.
fn is_not_there(error: &anyhow::Error) -> bool {
    matches!(
        error.downcast_ref(),
        Some(Fault::NoDatabase(_) | Fault::NoTables)
    )
}

/// Runs the command.
pub async fn run(config: &Config, options: &Options) -> Result<ExitCode> {
    let listen = options.listen;
    let configured = PublicUrls::of(&options.public_url, listen)?;
    if !listen.ip().is_loopback() && !configured.is_secure() && !options.plain_http {
        bail!(
            "on {listen} other machines could reach it, and passwords would cross the network in the clear. Put a proxy with \
             TLS in front and say --public-url https://<name>, or say --plain-http if that is meant."
        );
    }
    let opened = match config.open_to_serve().await {
        Err(error) if is_not_there(&error) => return Err(error.context(FIRST)),
        opened => opened?,
    };
    let records = opened.records;
    if records.store().persons().await?.is_empty() {
        records.store().close().await;
        bail!(FIRST);
    }
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("can't listen on {listen}"))?;
    let here = listener.local_addr()?;
    let public = PublicUrls::of(&options.public_url, here)?;
    let cookie = SessionCookie {
        secure: public.is_secure(),
    };
    let door = Door::new(
        records.clone(),
        random::of_the_machine(),
        &clock::elapsed(),
        cookie,
    )
    .await?;
    let state = AppState {
        records: records.clone(),
        door,
        printer: certificate::printer,
    };
    if public.is_secure() && options.trusted_proxy.is_empty() {
        tracing::warn!(
            "no --trusted-proxy is named: all browsers behind the proxy count as one address"
        );
    }
    let proxies = options.trusted_proxy.iter().map(IpAddr::to_canonical);
    let serving = Serving {
        site: Site::find(options.site.clone())?,
        public: public.clone(),
        proxies: proxies.collect(),
        work: Work::default(),
    };
    let router = router(&state, &serving);
    tracing::info!(address = %here, public = public.first(), "serving");
    let clock = tokio::spawn(keep_clock(records.clone()));
    let chores = tokio::spawn(keep_house(records.clone()));
    let watch = tokio::spawn(keep_watch(records.clone()));
    let (limits, proxies) = (Limits::default(), &serving.proxies);
    connections::serve(listener, router, limits, proxies, told_to_end()).await;
    if !serving.work.ended(limits.ending).await {
        tracing::warn!("ended although something was still at work");
    }
    clock.abort();
    chores.abort();
    watch.abort();
    records.store().close().await;
    tracing::info!("ended");
    Ok(ExitCode::SUCCESS)
}

/// Looks at the clock, so that one that was set is noticed also where nobody writes, and tells the other servers by the ledger.
async fn keep_clock(records: Records) {
    let mut often = tokio::time::interval(Duration::from_secs(5));
    let mut told = false;
    loop {
        often.tick().await;
        let looked = match random::id() {
            Ok(id) => records.record_doubt(CommandId(id)).await,
            Err(error) => {
                tracing::error!(%error, "the random source failed");
                continue;
            }
        };
        match looked {
            Ok(()) => {}
            Err(fault) => tracing::error!(error = %fault, "the clock could not be looked at"),
        }
        let doubt = records.clock().await.ok().and_then(|view| view.doubt);
        if let Some(doubt) = doubt.filter(|_| !told) {
            tracing::error!(cause = %doubt.cause, shown = %doubt.shown, expected = %doubt.expected, "the clock is not confirmed");
        }
        told = doubt.is_some();
    }
}

/// At least one checkpoint a day where there was something new; old kept forms and ended sessions are forgotten.
async fn keep_house(records: Records) {
    let mut hourly = tokio::time::interval(Duration::from_secs(60 * 60));
    loop {
        hourly.tick().await;
        let yesterday = records.now().plus(-TimeDelta::days(1));
        if let Err(fault) = records.store().checkpoint_where_due(yesterday).await {
            tracing::error!(error = %fault, "the daily checkpoint could not be made");
        }
        let old = records.now().plus(-ENDED_KEPT_FOR);
        if let Err(fault) = records.store().forget_sessions(old).await {
            tracing::error!(error = %fault, "old sessions could not be forgotten");
        }
        let too_old = records.now().plus(-KEPT_FOR);
        if let Err(fault) = records.store().forget_forms(too_old).await {
            tracing::error!(error = %fault, "old forms could not be forgotten");
        }
    }
}

/// Every ledger is checked as a whole soon after the start and once a day. What is wrong stands in the log, and on every page
/// of that ledger; nothing of it is signed then.
async fn keep_watch(records: Records) {
    tokio::time::sleep(Duration::from_secs(60)).await;
    let mut daily = tokio::time::interval(Duration::from_secs(24 * 60 * 60));
    loop {
        daily.tick().await;
        match records.store().watch().await {
            Ok(all) => {
                for findings in all.iter().filter(|findings| !findings.is_clean()) {
                    tracing::error!(%findings, "a ledger was changed outside Autolog");
                }
            }
            Err(fault) => tracing::error!(error = %fault, "the ledgers could not be checked"),
        }
    }
}

/// Waits for Ctrl-C or SIGTERM.
async fn told_to_end() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
    tracing::info!("ending after the requests at work");
}
