//! The two faces of the certificate: DejaVu Sans Condensed, which has the letters of all languages of the EU.

use allsorts::{
    binary::read::ReadScope,
    font_data::FontData,
    subset::{CmapTarget, SubsetProfile, subset},
};
use printpdf::ParsedFont;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

/// Which of the two faces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// Both faces, read once.
pub(super) struct Faces {
    regular: ParsedFont,
    bold: ParsedFont,
}

pub(super) fn faces() -> Option<&'static Faces> {
    static FACES: LazyLock<Option<Faces>> = LazyLock::new(|| {
        Some(Faces {
            regular: ParsedFont::from_bytes(program(Weight::Regular), 0, &mut Vec::new())?,
            bold: ParsedFont::from_bytes(program(Weight::Bold), 0, &mut Vec::new())?,
        })
    });
    FACES.as_ref()
}

fn program(weight: Weight) -> &'static [u8] {
    match weight {
        Weight::Regular => dejavu::sans_condensed::regular(),
        Weight::Bold => dejavu::sans_condensed::bold(),
    }
}

impl Faces {
    fn face(&self, weight: Weight) -> &ParsedFont {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    fn glyph(&self, weight: Weight, letter: char) -> Option<u16> {
        self.face(weight)
            .lookup_glyph_index(u32::from(letter))
            .filter(|glyph| *glyph != 0)
    }

    /// The width of a text, in points.
    pub fn width(&self, weight: Weight, size: f32, text: &str) -> f32 {
        let thousandths: u32 = text
            .chars()
            .map(|letter| self.advance(weight, letter))
            .sum();
        thousandths as f32 * size / 1000.0
    }

    /// In thousandths of the size, cut to whole ones as the PDF states them.
    fn advance(&self, weight: Weight, letter: char) -> u32 {
        let face = self.face(weight);
        let glyph = face.lookup_glyph_index(u32::from(letter)).unwrap_or(0);
        let units = u32::from(face.get_glyph_width(glyph).unwrap_or(0));
        units * 1000 / u32::from(face.units_per_em.max(1))
    }

    /// The text as it can be printed: what the faces lack, or would print in a wrong order, is written as its code
    /// point, so that it is seen and not lost. Line breaks become blanks.
    pub fn printable(&self, text: &str) -> String {
        let mut printable = String::with_capacity(text.len());
        for letter in text.chars() {
            match letter {
                '\n' | '\r' | '\t' => printable.push(' '),
                _ if self.prints(letter) => printable.push(letter),
                _ => printable.push_str(&format!("[U+{:04X}]", u32::from(letter))),
            }
        }
        printable
    }

    fn prints(&self, letter: char) -> bool {
        let both = [Weight::Regular, Weight::Bold];
        !letter.is_control()
            && !is_invisible(letter)
            && !is_right_to_left(letter)
            && both
                .iter()
                .all(|weight| self.glyph(*weight, letter).is_some())
    }

    /// A font of only these letters, for embedding.
    pub fn with_only(&self, weight: Weight, letters: &BTreeSet<char>) -> Option<ParsedFont> {
        let glyphs: BTreeSet<u16> = letters
            .iter()
            .filter_map(|letter| self.glyph(weight, *letter))
            .collect();
        // The glyph of a missing letter must stand first.
        let order: Vec<u16> = std::iter::once(0).chain(glyphs).collect();
        let file = ReadScope::new(program(weight))
            .read::<FontData<'_>>()
            .ok()?;
        let tables = file.table_provider(0).ok()?;
        let bytes = subset(&tables, &order, &SubsetProfile::Pdf, CmapTarget::Unicode).ok()?;
        let mut font = ParsedFont::from_bytes(&bytes, 0, &mut Vec::new())?;
        font.codepoint_to_glyph = self.places(weight, letters, &order);
        Some(font)
    }

    /// Which glyph of the smaller font a letter has: the subsetter numbers them in the order in which it gets them.
    fn places(
        &self,
        weight: Weight,
        letters: &BTreeSet<char>,
        order: &[u16],
    ) -> BTreeMap<u32, u16> {
        let place = |letter: &char| {
            let glyph = self.glyph(weight, *letter)?;
            let place = order.iter().position(|one| *one == glyph)?;
            Some((u32::from(*letter), u16::try_from(place).ok()?))
        };
        letters.iter().filter_map(place).collect()
    }
}

/// Characters that show nothing and could hide or reorder what stands beside them.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// Scripts that need shaping from right to left, which this printing doesn't do.
fn is_right_to_left(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}')
}
