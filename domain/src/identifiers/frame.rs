//! What a scanner sent, before its content is read: its kind, and what stands around it.

/// What kind of code a scanner sent, told by its first characters and its length alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScanKind {
    /// A donation identification number.
    Din,
    /// A product code, of ISBT 128 or of the processor.
    Product,
    /// A division of a product.
    Division,
    /// Until when it may be used.
    Expiry,
    /// When it was taken.
    Collection,
    /// Several structures in one symbol.
    Compound,
    /// A symbol of GS1, as suppliers print it.
    Gs1,
}

impl ScanKind {
    /// Its name with the article: “a DIN scan”.
    #[must_use]
    pub fn with_article(self) -> &'static str {
        match self {
            Self::Din => "a DIN scan",
            Self::Product => "a product code scan",
            Self::Division => "a division code scan",
            Self::Expiry => "an expiry date scan",
            Self::Collection => "a collection date scan",
            Self::Compound => "a compound scan",
            Self::Gs1 => "a GS1 code scan",
        }
    }
}

/// What a scanner put around the code: the symbology in three characters (`]C1`, AIM), and control characters.
pub(super) struct Frame<'a> {
    pub(super) aim: Option<&'a str>,
    pub(super) code: &'a str,
}

impl<'a> Frame<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let outside = |sign: char| sign.is_whitespace() || sign.is_control();
        let text = text.trim_matches(outside);
        let is_aim = |aim: &&str| {
            let mut signs = aim.chars();
            signs.next() == Some(']')
                && signs.next().is_some_and(|sign| sign.is_ascii_alphabetic())
                && signs
                    .next()
                    .is_some_and(|sign| sign.is_ascii_alphanumeric())
        };
        let aim = text.get(..3).filter(is_aim);
        let code = match aim {
            Some(aim) => text[aim.len()..].trim_start_matches(outside),
            None => text,
        };
        Self { aim, code }
    }
}

/// The code without what a scanner puts around it: an AIM prefix (`]C1`, `]d2`), FNC1 or GS, STX and ETX, RS and EOT, tab
/// and line breaks.
#[must_use]
pub fn without_frame(text: &str) -> &str {
    Frame::of(text).code
}
