//! A folder of a mail server over IMAP (RFC 3501), with IDLE (RFC 2177) where there is.

use std::fmt::Debug;
use std::time::Duration;

use async_imap::extensions::idle::IdleResponse;
use async_imap::types::Fetch;
use async_imap::{Client, Session};
use futures_util::TryStreamExt as _;
use native_tls::{Certificate, TlsConnector};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::Url;

use crate::limits::{ANSWER_FOR, LETTER_BYTES, LETTERS_AT_ONCE};

/// What went wrong with a mailbox; another try may succeed, except with [`MailboxError::Address`].
#[derive(Debug, thiserror::Error)]
pub enum MailboxError {
    /// The operator has to change the address.
    #[error("the mailbox: {0}")]
    Address(String),
    /// The server cannot be reached.
    #[error("the mail server cannot be reached: {0}")]
    Away(#[from] std::io::Error),
    /// Its certificate is not one that is trusted, or the authority of one's own is no certificate.
    #[error("the mail server and TLS: {0}")]
    Tls(#[from] native_tls::Error),
    /// It refuses, or says what cannot be read.
    #[error("the mail server: {0}")]
    Server(#[from] async_imap::error::Error),
    /// No answer within [`ANSWER_FOR`].
    #[error("the mail server does not answer")]
    Silent(#[from] tokio::time::error::Elapsed),
}

/// A mailbox as an operator names it.
#[derive(Clone)]
pub struct Account {
    host: String,
    port: u16,
    tls: bool,
    user: String,
    folder: String,
    password: String,
    /// Trusted besides the authorities that this machine trusts.
    authority: Option<Certificate>,
}

impl Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}@{}:{}/{}", self.user, self.host, self.port, self.folder)
    }
}

impl Account {
    /// Reads `imaps://user@host/INBOX`; `imap://`, without TLS, only for this machine. The user may be
    /// an address itself, whose `@` is `%40`.
    ///
    /// # Errors
    /// [`MailboxError::Address`], which says what is wrong.
    pub fn new(url: &str, password: String) -> Result<Self, MailboxError> {
        let wrong = |why: &str| MailboxError::Address(format!("{why}: imaps://user@host/INBOX"));
        let url = Url::parse(url).map_err(|e| wrong(&e.to_string()))?;
        let host = url.host_str().ok_or_else(|| wrong("a host is missing"))?;
        let host = host.trim_matches(['[', ']']).to_owned();
        let tls = match url.scheme() {
            "imaps" => true,
            "imap" if is_here(&host) => false,
            "imap" => return Err(wrong("without TLS only on this machine")),
            _ => return Err(wrong("not a mailbox")),
        };
        if url.username().is_empty() || url.password().is_some() {
            return Err(wrong("a user, and no password, belongs before the host"));
        }
        let folder = url.path().trim_start_matches('/');
        Ok(Self {
            port: url.port().unwrap_or(if tls { 993 } else { 143 }),
            user: url.username().replace("%40", "@"),
            folder: if folder.is_empty() { "INBOX" } else { folder }.replace("%20", " "),
            host,
            tls,
            password,
            authority: None,
        })
    }

    /// Trusts servers of a certificate authority of one's own as well, given as PEM.
    ///
    /// # Errors
    /// [`MailboxError::Tls`] when it is not a certificate.
    pub fn trusting(mut self, authority: &[u8]) -> Result<Self, MailboxError> {
        self.authority = Some(Certificate::from_pem(authority)?);
        Ok(self)
    }

    fn connector(&self) -> Result<tokio_native_tls::TlsConnector, native_tls::Error> {
        let mut connector = TlsConnector::builder();
        if let Some(authority) = &self.authority {
            connector.add_root_certificate(authority.clone());
        }
        Ok(connector.build()?.into())
    }
}

fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Debug + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Debug + Send> Stream for T {}

/// An open folder.
pub struct Mailbox {
    session: Session<Box<dyn Stream>>,
    idles: bool,
}

impl Mailbox {
    /// Signs in and opens the folder.
    ///
    /// # Errors
    /// When the server is away or refuses.
    pub async fn open(account: &Account) -> Result<Self, MailboxError> {
        timeout(ANSWER_FOR, Self::enter(account)).await?
    }

    async fn enter(account: &Account) -> Result<Self, MailboxError> {
        let tcp = TcpStream::connect((account.host.as_str(), account.port)).await?;
        let stream: Box<dyn Stream> = if account.tls {
            Box::new(account.connector()?.connect(&account.host, tcp).await?)
        } else {
            Box::new(tcp)
        };
        let mut client = Client::new(stream);
        let ended = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
        client.read_response().await?.ok_or_else(ended)?;
        let session = client.login(&account.user, &account.password).await;
        let mut session = session.map_err(|(error, _)| error)?;
        let idles = session.capabilities().await?.has_str("IDLE");
        session.select(&account.folder).await?;
        Ok(Self { session, idles })
    }

    /// The unread letters that were not put aside, the oldest first, as the server numbers them (UID);
    /// at most [`LETTERS_AT_ONCE`].
    ///
    /// # Errors
    /// When the server is away or refuses.
    pub async fn unread(&mut self) -> Result<Vec<u32>, MailboxError> {
        let found = timeout(ANSWER_FOR, self.session.uid_search("UNSEEN UNFLAGGED")).await??;
        let mut uids: Vec<u32> = found.into_iter().collect();
        uids.sort_unstable();
        uids.truncate(LETTERS_AT_ONCE);
        Ok(uids)
    }

    /// The bytes of a letter, which stays unread; none of one that is gone. Of one that is larger than
    /// [`LETTER_BYTES`] the beginning, one byte more than that.
    ///
    /// # Errors
    /// When the server is away or refuses.
    pub async fn letter(&mut self, uid: u32) -> Result<Option<Vec<u8>>, MailboxError> {
        let query = format!("(UID BODY.PEEK[]<0.{}>)", LETTER_BYTES + 1);
        let fetching = async {
            let stream = self.session.uid_fetch(uid.to_string(), query).await?;
            stream.try_collect::<Vec<Fetch>>().await
        };
        let fetched = timeout(ANSWER_FOR, fetching).await??;
        let ours = fetched.iter().find(|fetch| fetch.uid == Some(uid));
        Ok(ours.and_then(|fetch| fetch.body()).map(<[u8]>::to_vec))
    }

    /// Marks a letter as read.
    ///
    /// # Errors
    /// When the server is away or refuses.
    pub async fn mark_read(&mut self, uid: u32) -> Result<(), MailboxError> {
        self.mark(uid, "\\Seen").await
    }

    /// Flags a letter, unread as it is, for people to look at: it is not taken again.
    ///
    /// # Errors
    /// When the server is away or refuses.
    pub async fn put_aside(&mut self, uid: u32) -> Result<(), MailboxError> {
        self.mark(uid, "\\Flagged").await
    }

    async fn mark(&mut self, uid: u32, flag: &str) -> Result<(), MailboxError> {
        let marking = async {
            let stream = self.session.uid_store(uid.to_string(), format!("+FLAGS ({flag})"));
            stream.await?.try_collect::<Vec<Fetch>>().await
        };
        timeout(ANSWER_FOR, marking).await??;
        Ok(())
    }

    /// Waits until something is new, or so long at the most.
    ///
    /// # Errors
    /// When the server is away or refuses.
    pub async fn wait(self, most: Duration) -> Result<Self, MailboxError> {
        let idles = self.idles;
        if !idles {
            let mut session = self.session;
            tokio::time::sleep(most).await;
            timeout(ANSWER_FOR, session.noop()).await??;
            return Ok(Self { session, idles });
        }
        let mut idle = self.session.idle();
        timeout(ANSWER_FOR, idle.init()).await??;
        let (waiting, _stop) = idle.wait_with_timeout(most);
        let _: IdleResponse = waiting.await?;
        let session = timeout(ANSWER_FOR, idle.done()).await??;
        Ok(Self { session, idles })
    }

    /// Signs out; a server that does not answer is left alone.
    pub async fn close(mut self) {
        let _ = timeout(ANSWER_FOR, self.session.logout()).await;
    }
}
