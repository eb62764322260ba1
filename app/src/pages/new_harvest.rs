//! Registering a harvest.

use domain::batch::{aspirate_volume, body_weight};
use domain::identifiers::Scheme;
use domain::rights::Action;
use domain::typed::Takes;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::commands::harvest::RegisterHarvest;
use crate::desk::Trouble;
use crate::form::Form;
use crate::judge::Judged;
use crate::page::{Page, drawn};
use crate::parts::fields::{check_character, hidden_field, send};
use crate::parts::{
    CheckField, ChoiceField, DayField, NumberField, TextField, TimeField, form, frame,
};
use domain::zone::Zone;

/// Registering a harvest.
#[component]
pub fn NewHarvestPage() -> impl IntoView {
    drawn(new_harvest)
}

async fn new_harvest(page: Page) -> Result<AnyView, Trouble> {
    let sites = page.sites(Action::RegisterHarvest)?;
    let register = page.form("register-harvest");
    let (mut choices, mut schemes) = (Vec::new(), Vec::new());
    for code in &sites {
        let site = page.desk.records.site(code).await?;
        let site = site.ok_or(Trouble::NotFound)?;
        schemes.push((code.clone(), store::scheme_of(&site)?));
        choices.push((code.clone(), format!("{code}, {}", site.name)));
    }
    let now = now_at(&page, &sites).await?;
    let site = if let [(code, words)] = choices.as_slice() {
        view! { {hidden_field("site", code)}<p class="stated"><span class="stated-name">"Site"</span>{words.clone()}</p> }
            .into_any()
    } else {
        view! { <ChoiceField form=&register name="site" label="Site" choices=choices/> }.into_any()
    };
    let fields = view! {
        {site}
        {donation(&register, &schemes)}
        {collection(&register, &now)}
        {consent_and_weight(&register)}
        {send("Register the harvest")}
    };
    Ok(frame(
        &page,
        "New harvest",
        view! {
            <div class="narrow">
                <h1>"New harvest"</h1>
                <p class="lead">
                    "One harvest of one patient becomes one batch. Its number is given when it is registered."
                </p>
                {form(&register, RegisterHarvest::url(), fields)}
            </div>
        },
    ))
}

/// The time that it is now at the sites: a time that is typed is read by the clocks of the site that is chosen.
async fn now_at(page: &Page, sites: &[String]) -> Result<String, Trouble> {
    let mut zones = Vec::new();
    for site in sites {
        zones.push((site, page.desk.zone(site).await?));
    }
    let now = page.desk.now();
    Ok(match zones.as_slice() {
        [(_, first), others @ ..] if others.iter().all(|(_, zone)| zone == first) => {
            first.shown(now)
        }
        zones => {
            let at = |(site, zone): &(&String, Zone)| format!("{} at {site}", zone.shown(now));
            zones.iter().map(at).collect::<Vec<_>>().join(", ")
        }
    })
}

/// How a donation number is filled in by a scheme.
fn how(scheme: &Scheme) -> String {
    match scheme {
        Scheme::Isbt128(_) => {
            "scan the label, or type the 13 characters and the boxed one".to_owned()
        }
        Scheme::Own(pattern) => format!("scan the label, or type it as in {}", pattern.example()),
    }
}

/// What the field of the donation number says; each site by its own scheme where they differ.
fn number_words(schemes: &[(String, Scheme)]) -> (&'static str, String) {
    let capital = |words: String| {
        let mut letters = words.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    let mut ways: Vec<_> = schemes.iter().map(|(_, scheme)| how(scheme)).collect();
    ways.dedup();
    match (schemes, ways.as_slice()) {
        ([], _) => ("Donation number", String::new()),
        ([(_, scheme), ..], [way]) => (scheme.name(), format!("{}.", capital(way.clone()))),
        _ => {
            let each = schemes
                .iter()
                .map(|(site, scheme)| format!("{site}: {}.", how(scheme)));
            ("Donation number", each.collect::<Vec<_>>().join(" "))
        }
    }
}

fn donation(register: &Form, schemes: &[(String, Scheme)]) -> AnyView {
    let (label, hint) = number_words(schemes);
    let dins = schemes
        .iter()
        .any(|(_, scheme)| matches!(scheme, Scheme::Isbt128(_)));
    let all_dins = schemes
        .iter()
        .all(|(_, scheme)| matches!(scheme, Scheme::Isbt128(_)));
    view! {
        <fieldset class="group">
            <legend>"Whose cells"</legend>
            <TextField form=register name="subject" label="Subject code" width="short" takes=Takes::Subject
                hint="As on the order, such as GE-012. Never a name."/>
            <div class="side-by-side">
                <TextField form=register name="din" label=label width="middle" scans=all_dins hint=hint/>
                {dins.then(|| check_character(register, "check", "Check character", "The boxed one; not asked for after a scan."))}
            </div>
            <TextField form=register name="coi" label="Chain-of-identity id (CoI)" width="middle" takes=Takes::Coi optional=true
                hint="As on the order: CH, facility, year and six characters. Leave it empty where the order has none."/>
            <CheckField form=register name="identity_confirmed"
                label="Two identifiers were read from the patient and from the label, and they agree"/>
        </fieldset>
    }
    .into_any()
}

fn collection(register: &Form, now: &str) -> AnyView {
    view! {
        <fieldset class="group">
            <legend>"Collection"</legend>
            <TimeField form=register name="collected_at" label="Time of collection" now=now/>
            <TextField form=register name="collected_by" label="Collected by"/>
            <NumberField form=register name="volume_ml" label="Volume of the aspirate" unit="mL"
                judged=Judged::by("Volume of the aspirate", aspirate_volume(), None)/>
            <TextField form=register name="anticoagulant" label="Anticoagulant" hint="As in the container, such as heparin."/>
        </fieldset>
    }
    .into_any()
}

fn consent_and_weight(register: &Form) -> AnyView {
    view! {
        <fieldset class="group">
            <legend>"Consent and weight"</legend>
            <CheckField form=register name="consent" label="The patient’s consent is confirmed"/>
            <TextField form=register name="consent_version" label="Version of the consent form" width="short"/>
            <DayField form=register name="consented_on" label="Day of consent"/>
            <NumberField form=register name="weight_kg" label="Body weight" unit="kg"
                judged=Judged::by("Body weight", body_weight(), None)/>
            <DayField form=register name="weighed_on" label="Day of weighing"/>
        </fieldset>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn the_donation_number_is_asked_for_by_the_scheme_of_each_site() {
        let words = |schemes: &[(&str, &str)]| {
            let parsed = schemes
                .iter()
                .map(|(site, scheme)| ((*site).to_owned(), scheme.parse().unwrap()));
            number_words(&parsed.collect::<Vec<_>>())
        };
        let (din, own) = ("isbt-128 A9999", "own D{year}-{number:4}");
        assert_eq!(
            words(&[("GE", din), ("BA", "isbt-128 A9998")]),
            (
                "Donation identification number (DIN)",
                "Scan the label, or type the 13 characters and the boxed one.".to_owned()
            )
        );
        assert_eq!(
            words(&[("GE", own)]),
            (
                "Donation number",
                "Scan the label, or type it as in D2026-0001.".to_owned()
            )
        );
        assert_eq!(
            words(&[("BA", din), ("GE", own)]),
            (
                "Donation number",
                "BA: scan the label, or type the 13 characters and the boxed one. GE: scan the label, or type it as in \
                 D2026-0001."
                    .to_owned()
            )
        );
    }
}
