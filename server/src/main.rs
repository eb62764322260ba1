//! The program `autolog`.

use anyhow::Context;
use axum::Router;
use axum::http::{HeaderName, HeaderValue};
use clap::{Parser, Subcommand};
use leptos::config::{Env, LeptosOptions};
use leptos::context::use_context;
use leptos::nonce::use_nonce;
use leptos_axum::{LeptosRoutes, ResponseOptions, generate_route_list};

/// The batch record and release system for autologous cells.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the pages.
    Serve {
        /// Where to listen.
        #[arg(long, env = "AUTOLOG_LISTEN", default_value = "127.0.0.1:3000")]
        listen: std::net::SocketAddr,
        /// The folder with what the browser loads.
        #[arg(long, env = "AUTOLOG_SITE", default_value = "target/site")]
        site: String,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Serve { listen, site } => serve(listen, &site).await,
    }
}

async fn serve(listen: std::net::SocketAddr, site: &str) -> anyhow::Result<()> {
    let options = LeptosOptions::builder()
        .output_name("autolog")
        .site_root(site)
        .site_pkg_dir("pkg")
        .env(Env::PROD)
        .site_addr(listen)
        .build();
    let routes = generate_route_list(app::shell::App);
    let router = Router::new()
        .route("/healthz", axum::routing::get(|| async { "ok" }))
        .leptos_routes_with_context(&options, routes, security_headers, app::shell::shell)
        .fallback(leptos_axum::file_and_error_handler_with_context::<
            LeptosOptions,
            _,
        >(security_headers, |_| app::shell::shell()))
        .with_state(options);
    let listener = tokio::net::TcpListener::bind(listen)
        .await
        .with_context(|| format!("can't listen on {listen}"))?;
    axum::serve(listener, router).await?;
    Ok(())
}

/// The nonce of the page is known only while it is drawn, so its header is set there.
fn security_headers() {
    let (Some(response), Some(nonce)) = (use_context::<ResponseOptions>(), use_nonce()) else {
        return;
    };
    let policy = format!(
        "default-src 'self'; script-src 'nonce-{nonce}' 'wasm-unsafe-eval'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.insert_header(HeaderName::from_static("content-security-policy"), policy);
    }
}
