//! The label on a machine: a QR code and the short code below it, and the way back from the code to the
//! machine.

use axum::extract::{Path, State};
use axum::http::{HeaderName, header};
use fast_qr::{ECL, QRBuilder, QRCode};

use super::asset::{Shown, shown};
use super::{Asset, code};
use crate::access::{Reach, Subject};
use crate::app::App;
use crate::http::Problem;

/// Light modules around a QR code (ISO/IEC 18004).
const QUIET: usize = 4;
/// Height of the two lines below it, in modules.
const LINES: usize = 9;

/// The label of a machine as a picture to print: scanned, it leads to the machine, or to a request
/// about it.
#[utoipa::path(
    get,
    path = "/api/v1/assets/{id}/label.svg",
    operation_id = "show_label",
    tag = "assets",
    responses((status = 200, content_type = "image/svg+xml", body = String), Problem)
)]
pub(crate) async fn show_label(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<([(HeaderName, &'static str); 2], String), Problem> {
    let found: Option<(String, Option<String>)> =
        sqlx::query_as("SELECT name, code FROM assets WHERE id = $1")
            .bind(&id)
            .fetch_optional(&app.database)
            .await?;
    let (name, code) = found.ok_or(Problem::NotFound("asset"))?;
    let code = code.ok_or_else(|| Problem::Conflict("the machine has no code yet".into()))?;
    let address = app.notifications.link(&format!("/a/{code}"));
    // Without a public address, scanning shows what to type.
    let text = if address.starts_with('/') { code.clone() } else { address };
    let qr = QRBuilder::new(text).ecl(ECL::M).build();
    let qr = qr.map_err(|e| Problem::Internal(format!("a label: {e:?}").into()))?;
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    Ok((headers, drawn(&qr, &code, &name)))
}

fn drawn(qr: &QRCode, code: &str, name: &str) -> String {
    let width = qr.size + 2 * QUIET;
    let (height, middle) = (width + LINES, width / 2);
    let mut dark = String::new();
    for (y, row) in (0..qr.size).map(|y| (y + QUIET, &qr[y])) {
        for x in (0..qr.size).filter(|x| row[*x].value()) {
            dark.push_str(&format!("M{} {y}h1v1h-1z", x + QUIET));
        }
    }
    let (front, back) = code.split_at(4);
    let short: String = name.chars().take(28).collect();
    let (first, second) = (width + 2, width + 6);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}mm\" height=\"{height}mm\" text-anchor=\"middle\">\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/><path d=\"{dark}\"/>\
         <text x=\"{middle}\" y=\"{first}\" font-size=\"5\" font-family=\"monospace\">\
         {front}-{back}</text>\
         <text x=\"{middle}\" y=\"{second}\" font-size=\"2.6\" font-family=\"sans-serif\">{}</text>\
         </svg>\n",
        escaped(&short)
    )
}

/// A text inside XML.
fn escaped(text: &str) -> String {
    let plain = text.chars().filter(|c| !c.is_control()).collect::<String>();
    plain.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The machine of a code, as it is read from a label or typed.
#[utoipa::path(
    get,
    path = "/api/v1/asset-codes/{code}",
    operation_id = "find_asset_by_code",
    tag = "assets",
    responses((status = 200, body = Asset), Problem)
)]
pub(crate) async fn find_by_code(
    reach: Reach,
    State(app): State<App>,
    Path(text): Path<String>,
) -> Result<Shown, Problem> {
    let code = code::needed(&text)?;
    let id: Option<String> = sqlx::query_scalar("SELECT id FROM assets WHERE code = $1")
        .bind(code)
        .fetch_optional(&app.database)
        .await?;
    let id = id.ok_or(Problem::NotFound("asset"))?;
    reach.check(&app.database, Subject::Asset, &id).await?;
    shown(&app, &id).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_machine_is_called_stays_text_in_its_label() {
        let qr = QRBuilder::new("https://service.example.com/a/0000000A").build().unwrap();
        let svg = drawn(&qr, "0000000A", "<script>&\u{7}");
        assert!(svg.contains("&lt;script&gt;&amp;</text>"), "{svg}");
        assert!(svg.contains("0000-000A"));
    }
}
