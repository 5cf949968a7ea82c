//! A real IMAP server (Dovecot) on a free port.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context as _;
use tokio::process::{Child, Command};

use crate::{free_ports, until};

const CERTIFICATE: &str = "certificate.pem";
const KEY: &str = "key.pem";

/// A mail server with one mailbox; killed when dropped.
pub struct Dovecot {
    _child: Child,
    dir: tempfile::TempDir,
    delivered: AtomicU64,
    /// Its mailbox, `imap://service@127.0.0.1:port/INBOX`.
    pub url: String,
    /// The same over TLS, `imaps://service@localhost:port/INBOX`.
    pub tls_url: String,
}

impl Dovecot {
    /// Of the user `service`.
    pub const PASSWORD: &str = "let-me-in";

    /// Starts one.
    ///
    /// # Errors
    /// When it is not installed, or does not come up.
    pub async fn start() -> anyhow::Result<Self> {
        let dir = tempfile::tempdir()?;
        // Its processes for mail run as another user where this one is root.
        fs::set_permissions(dir.path(), Permissions::from_mode(0o755))?;
        for folder in ["mail", "mail/new", "mail/cur", "mail/tmp"] {
            let folder = dir.path().join(folder);
            fs::create_dir(&folder)?;
            fs::set_permissions(&folder, Permissions::from_mode(0o777))?;
        }
        certify(dir.path())?;
        let [port, tls_port] = free_ports()?;
        let config = dir.path().join("dovecot.conf");
        fs::write(&config, configuration(&dir.path().display().to_string(), port, tls_port)?)?;
        let child = Command::new("dovecot")
            .args(["-F", "-c"])
            .arg(&config)
            .env("PATH", format!("{}:/usr/sbin", std::env::var("PATH").unwrap_or_default()))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("dovecot is missing: apt-get install dovecot-imapd")?;
        until("dovecot to listen", || async {
            Ok(tokio::net::TcpStream::connect(("127.0.0.1", port)).await.ok().map(drop))
        })
        .await?;
        let url = format!("imap://service@127.0.0.1:{port}/INBOX");
        let tls_url = format!("imaps://service@localhost:{tls_port}/INBOX");
        Ok(Self { _child: child, dir, delivered: AtomicU64::new(0), url, tls_url })
    }

    /// The certificate of `localhost` that it shows, PEM. It is its own authority.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn certificate(&self) -> anyhow::Result<Vec<u8>> {
        Ok(fs::read(self.dir.path().join(CERTIFICATE))?)
    }

    /// Puts a letter into the mailbox (a file of the Maildir, as a mail server does).
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn deliver(&self, letter: &str) -> anyhow::Result<()> {
        let number = self.delivered.fetch_add(1, Ordering::Relaxed);
        let mail = self.dir.path().join("mail");
        let part = mail.join("tmp").join(format!("{number}.test"));
        fs::write(&part, letter)?;
        fs::set_permissions(&part, Permissions::from_mode(0o666))?;
        fs::rename(part, mail.join("new").join(format!("{number}.test")))?;
        Ok(())
    }

    /// How many letters carry a flag of the Maildir: `S` read, `F` put aside.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn flagged(&self, flag: char) -> anyhow::Result<usize> {
        let names = fs::read_dir(self.dir.path().join("mail/cur"))?;
        let names = names.map(|file| Ok(file?.file_name().to_string_lossy().into_owned()));
        let names = names.collect::<std::io::Result<Vec<String>>>()?;
        let has = |name: &&String| name.split_once(":2,").is_some_and(|(_, f)| f.contains(flag));
        Ok(names.iter().filter(has).count())
    }
}

/// Makes a key, and a certificate for `localhost` that is good for two days.
fn certify(dir: &Path) -> anyhow::Result<()> {
    let made = std::process::Command::new("openssl")
        .current_dir(dir)
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"])
        .args(["-nodes", "-days", "2", "-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=DNS:localhost", "-keyout", KEY, "-out", CERTIFICATE])
        .output()
        .context("openssl is missing: apt-get install openssl")?;
    anyhow::ensure!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    Ok(())
}

fn configuration(dir: &str, port: u16, tls_port: u16) -> anyhow::Result<String> {
    let id = |flag: &str| -> anyhow::Result<String> {
        let out = std::process::Command::new("id").arg(flag).output()?;
        Ok(String::from_utf8(out.stdout)?.trim().to_owned())
    };
    let (user, group) = (id("-un")?, id("-gn")?);
    // Dovecot serves no mail as root.
    let (own, uid, gid) = match user.as_str() {
        "root" => (String::new(), "mail".to_owned(), "mail".to_owned()),
        _ => {
            let own = format!(
                "default_internal_user = {user}\ndefault_internal_group = {group}\n\
                 default_login_user = {user}\n"
            );
            (own, user, group)
        }
    };
    let password = Dovecot::PASSWORD;
    Ok(format!(
        "base_dir = {dir}/run\nstate_dir = {dir}/state\nlog_path = {dir}/log\nprotocols = imap\n\
         ssl = yes\nssl_cert = <{dir}/{CERTIFICATE}\nssl_key = <{dir}/{KEY}\ndisable_plaintext_auth = no\nlisten = 127.0.0.1\n{own}\
         mail_location = maildir:{dir}/mail\nmailbox_idle_check_interval = 1 secs\n\
         first_valid_uid = 1\nfirst_valid_gid = 1\n\
         service imap-login {{\n  chroot =\n  inet_listener imap {{\n    port = {port}\n  }}\n\
         inet_listener imaps {{\n    port = {tls_port}\n    ssl = yes\n  }}\n}}\nservice anvil {{\n  chroot =\n}}\n\
         passdb {{\n  driver = static\n  args = password={password}\n}}\n\
         userdb {{\n  driver = static\n  args = uid={uid} gid={gid} home={dir}/mail\n}}\n"
    ))
}
