//! Writes placed marks as a PDF file.

use super::{
    Fault,
    layout::{Mark, PAGE, Run},
    typeface::{Faces, Weight},
};
use domain::certificate::Certificate;
use printpdf::{
    Color, FontId, Greyscale, LinePoint, Mm, OffsetDateTime, Op, PaintMode, PdfDocument, PdfFont,
    PdfFontHandle, PdfPage, PdfParseErrorSeverity, PdfSaveOptions, Point, Pt, Rect, TextItem,
};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// The name by which a page names a face. The prefix says that it holds only some glyphs.
fn font_id(weight: Weight) -> FontId {
    FontId(match weight {
        Weight::Regular => "AUTLOG+DejaVuSansCondensed".to_owned(),
        Weight::Bold => "AUTLOG+DejaVuSansCondensed-Bold".to_owned(),
    })
}

/// The file. It has no date and no random id of its own: the same certificate gives the same bytes.
pub(super) fn pdf(
    certificate: &Certificate,
    faces: &Faces,
    pages: &[Vec<Mark>],
) -> Result<Vec<u8>, Fault> {
    let mut document = PdfDocument::new(&format!("Certificate of analysis {}", certificate.number));
    let info = &mut document.metadata.info;
    info.subject = format!("Batch {}", certificate.batch);
    info.author.clone_from(&certificate.site.name);
    info.creator.clone_from(&certificate.program);
    info.producer.clone_from(&certificate.program);
    let at = certificate.certified_at.micros().div_euclid(1_000_000);
    let at = OffsetDateTime::from_unix_timestamp(at).map_err(|why| Fault::Pdf(why.to_owned()))?;
    info.creation_date = at;
    info.modification_date = at;
    for (weight, letters) in letters(pages) {
        let font = faces.with_only(weight, &letters).ok_or(Fault::Font)?;
        document
            .resources
            .fonts
            .map
            .insert(font_id(weight), PdfFont::new(font));
    }
    document.with_pages(pages.iter().map(|marks| page(marks)).collect());
    bytes(&document, certificate)
}

fn letters(pages: &[Vec<Mark>]) -> BTreeMap<Weight, BTreeSet<char>> {
    let mut letters: BTreeMap<Weight, BTreeSet<char>> = BTreeMap::new();
    for mark in pages.iter().flatten() {
        if let Mark::Text { run, .. } = mark {
            letters
                .entry(run.style.weight)
                .or_default()
                .extend(run.text.chars());
        }
    }
    letters
}

fn bytes(document: &PdfDocument, certificate: &Certificate) -> Result<Vec<u8>, Fault> {
    let mut warnings = Vec::new();
    let mut file = document.to_lopdf_document(&PdfSaveOptions::default(), &mut warnings);
    if let Some(wrong) = warnings
        .iter()
        .find(|one| one.severity == PdfParseErrorSeverity::Error)
    {
        return Err(Fault::Pdf(wrong.msg.clone()));
    }
    let text = serde_json::to_vec(certificate).map_err(|why| Fault::Pdf(why.to_string()))?;
    let digest = Sha256::digest(text);
    let ids = file
        .trailer
        .get_mut(b"ID")
        .and_then(|ids| ids.as_array_mut());
    for id in ids.map_err(|why| Fault::Pdf(why.to_string()))? {
        if let Ok(id) = id.as_str_mut() {
            *id = digest[..16].to_vec();
        }
    }
    file.compress();
    let mut bytes = Vec::new();
    file.save_to(&mut bytes)
        .map_err(|why| Fault::Pdf(why.to_string()))?;
    Ok(bytes)
}

fn page(marks: &[Mark]) -> PdfPage {
    let ops = marks.iter().flat_map(ops).collect();
    PdfPage::new(Mm(210.0), Mm(297.0), ops)
}

fn ops(mark: &Mark) -> Vec<Op> {
    match mark {
        Mark::Text { x, y, run } => text(*x, *y, run),
        Mark::Rule {
            from,
            to,
            thickness,
        } => {
            let end = |place: &(f32, f32)| LinePoint {
                p: point(place.0, place.1),
                bezier: false,
            };
            let line = printpdf::Line {
                points: vec![end(from), end(to)],
                is_closed: false,
            };
            vec![
                outline(),
                Op::SetOutlineThickness { pt: Pt(*thickness) },
                Op::DrawLine { line },
            ]
        }
        Mark::Frame {
            x,
            y,
            width,
            height,
            thickness,
            filled,
        } => {
            let mode = if *filled {
                PaintMode::Fill
            } else {
                PaintMode::Stroke
            };
            let rectangle = Rect {
                x: Pt(*x),
                y: Pt(PAGE.1 - y - height),
                width: Pt(*width),
                height: Pt(*height),
                mode: Some(mode),
                winding_order: None,
            };
            vec![
                fill(0.0),
                outline(),
                Op::SetOutlineThickness { pt: Pt(*thickness) },
                Op::DrawRectangle { rectangle },
            ]
        }
    }
}

fn text(x: f32, y: f32, run: &Run) -> Vec<Op> {
    vec![
        fill(run.style.grey),
        Op::StartTextSection,
        Op::SetFont {
            font: PdfFontHandle::External(font_id(run.style.weight)),
            size: Pt(run.style.size),
        },
        Op::SetTextCursor { pos: point(x, y) },
        Op::ShowText {
            items: vec![TextItem::Text(run.text.clone())],
        },
        Op::EndTextSection,
    ]
}

fn point(x: f32, y: f32) -> Point {
    Point {
        x: Pt(x),
        y: Pt(PAGE.1 - y),
    }
}

fn fill(grey: f32) -> Op {
    Op::SetFillColor {
        col: Color::Greyscale(Greyscale::new(grey, None)),
    }
}

fn outline() -> Op {
    Op::SetOutlineColor {
        col: Color::Greyscale(Greyscale::new(0.0, None)),
    }
}
