//! Prints a certificate of analysis as PDF: A4, black on white, with its fonts embedded.
//!
//! The same certificate gives the same bytes. What is printed is decided in [`domain::certificate`]; here it only finds
//! its place: text is wrapped by the widths of its glyphs, and nothing is shortened to fit.

mod content;
mod layout;
mod paint;
mod table;
mod typeface;

use domain::certificate::Certificate;
use std::error::Error;

/// Why a certificate can't be printed. Neither depends on what it says.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The fonts in the program can't be read.
    #[error("the fonts for printing can't be read")]
    Font,
    /// The PDF can't be written.
    #[error("the PDF can't be written: {0}")]
    Pdf(String),
}

/// The certificate as a PDF file.
///
/// # Errors
/// [`Fault`] where the fonts can't be read or the file can't be written.
pub fn print(certificate: &Certificate) -> Result<Vec<u8>, Fault> {
    let faces = typeface::faces().ok_or(Fault::Font)?;
    let pages = content::pages(certificate, faces);
    paint::pdf(certificate, faces, &pages)
}

/// [`print`] as the pages call it.
///
/// # Errors
/// [`Fault`].
pub fn printer(certificate: &Certificate) -> Result<Vec<u8>, Box<dyn Error + Send + Sync>> {
    Ok(print(certificate)?)
}

#[cfg(test)]
mod tests;
