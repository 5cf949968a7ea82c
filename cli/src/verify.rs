//! `aftercare verify`: is an evidence report as it was signed? It asks nobody.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use evidence::{Altered, FileKind, PublicKey, Verified};
use serde_json::{Value, json};

use crate::say;

#[derive(clap::Args)]
#[command(after_help = "Examples:
  aftercare verify pump-7-2026-01-31.html                  the page, or
  aftercare verify pump-7-2026-01-31.aftercare.json        the document
  aftercare verify report.html --key 3f9a…                 insist on a key, by its fingerprint
  aftercare verify report.html --key key.pem               or by a file

The key of a server: curl -s SERVER/api/v1/evidence/key | jq -r .current.public_key > key.pem
Without --key it says whose key signed the report; that key came with the report, so compare its
fingerprint with one that you got elsewhere. docs/evidence.md has the format.

Exit codes: 0 every byte is as it was signed, 1 something is not or the key is another, 2 wrong usage.")]
pub struct Args {
    /// A report: .html or .aftercare.json
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The key it has to be signed with: a file (PEM), or a fingerprint of 64 digits
    #[arg(long, value_name = "FILE|FINGERPRINT")]
    key: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// What verification came to.
enum Outcome {
    Fine(Box<Verified>),
    Altered(Altered),
    /// Every byte is as it was signed, by somebody else.
    OtherKey {
        wanted: String,
        found: String,
    },
}

pub fn run(args: &Args) -> anyhow::Result<()> {
    let bytes = std::fs::read(&args.file)
        .with_context(|| format!("cannot read {}", args.file.display()))?;
    let wanted = args.key.as_deref().map(fingerprint).transpose()?;
    let outcome = outcome(&bytes, wanted);
    if args.json {
        say(&told(&args.file, &outcome, args.key.is_some()).to_string());
    } else if let Outcome::Fine(verified) = &outcome {
        say(&praise(&args.file, verified, args.key.is_some()));
    }
    match outcome {
        Outcome::Fine(_) => Ok(()),
        Outcome::Altered(altered) => {
            anyhow::bail!("{}: NOT as it was signed: {altered}", args.file.display())
        }
        Outcome::OtherKey { wanted, found } => {
            anyhow::bail!("{}: signed with another key: {found}, not {wanted}", args.file.display())
        }
    }
}

fn outcome(bytes: &[u8], wanted: Option<String>) -> Outcome {
    match evidence::verify(bytes) {
        Err(altered) => Outcome::Altered(altered),
        Ok(verified) => match wanted {
            Some(wanted) if wanted != verified.key.fingerprint() => {
                Outcome::OtherKey { wanted, found: verified.key.fingerprint() }
            }
            _ => Outcome::Fine(Box::new(verified)),
        },
    }
}

/// The fingerprint of a key that is given by it or by a file.
fn fingerprint(key: &str) -> anyhow::Result<String> {
    let plain = key.to_ascii_lowercase();
    if plain.len() == 64 && plain.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(plain);
    }
    let pem = std::fs::read_to_string(key)
        .with_context(|| format!("{key} is neither a fingerprint of 64 digits nor a file"))?;
    Ok(PublicKey::from_pem(&pem)?.fingerprint())
}

fn praise(file: &Path, verified: &Verified, insisted: bool) -> String {
    let items = match verified.kind {
        FileKind::Page => format!("the page and {} items in it", verified.items),
        FileKind::Document => format!("{} items", verified.items),
    };
    let fingerprint = verified.key.fingerprint();
    let mut text = format!("{}: OK\n  {items}: every byte is as it was signed\n", file.display());
    if let Some(report) = &verified.report {
        text += &format!("  report {:?}, {} by the signer's clock\n", report.title, report.made_at);
    }
    text += &format!("  key    {fingerprint}");
    if !insisted {
        text += "\n  The key is only as trustworthy as where you got it from: compare it, or use --key.";
    }
    text
}

fn told(file: &Path, outcome: &Outcome, insisted: bool) -> Value {
    let file = file.display().to_string();
    match outcome {
        Outcome::Fine(verified) => json!({
            "file": file,
            "ok": true,
            "kind": match verified.kind { FileKind::Page => "page", FileKind::Document => "document" },
            "items": verified.items,
            "key": verified.key.fingerprint(),
            "key_insisted_on": insisted,
            "report": verified.report,
        }),
        Outcome::Altered(altered) => json!({
            "file": file,
            "ok": false,
            "altered": altered.to_string(),
            "item": altered.item().map(|(number, _)| number),
            "name": altered.item().map(|(_, name)| name),
        }),
        Outcome::OtherKey { wanted, found } => {
            json!({"file": file, "ok": false, "wanted_key": wanted, "key": found})
        }
    }
}
