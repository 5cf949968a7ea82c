//! A mail server on loopback that keeps what it gets, and can be told to refuse (RFC 5321).

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// How a letter is answered, in place of taking it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailReply {
    /// 451: not now.
    Later,
    /// 550: never.
    Never,
    /// The letter is kept, and the answer never comes.
    Silence,
}

/// A letter as it came in.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Mailbox of the envelope.
    pub to: String,
    /// Headers and text.
    pub data: String,
}

impl Letter {
    /// A header that stands in one line.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let head = self.data.lines().take_while(|line| !line.is_empty());
        head.filter_map(|line| line.split_once(": ")).find(|(n, _)| *n == name).map(|(_, v)| v)
    }
}

/// The server; ends when dropped.
pub struct MailServer {
    /// Its address, `smtp://127.0.0.1:port`.
    pub url: String,
    kept: Arc<Kept>,
    task: tokio::task::JoinHandle<()>,
}

#[derive(Default)]
struct Kept {
    letters: Mutex<Vec<Letter>>,
    replies: Mutex<VecDeque<MailReply>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl MailServer {
    /// Starts one on a free port.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("smtp://{}", listener.local_addr()?);
        let kept: Arc<Kept> = Arc::default();
        let shared = kept.clone();
        let task = tokio::spawn(async move {
            // Conversations end with the server.
            let mut conversations = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let kept = shared.clone();
                conversations.spawn(async move {
                    let _ = converse(stream, &kept).await;
                });
            }
        });
        Ok(Self { url, kept, task })
    }

    /// The next letter is answered so.
    pub fn reply(&self, reply: MailReply) {
        lock(&self.kept.replies).push_back(reply);
    }

    /// What came in.
    #[must_use]
    pub fn letters(&self) -> Vec<Letter> {
        lock(&self.kept.letters).clone()
    }
}

async fn converse(stream: TcpStream, kept: &Kept) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    say(&mut stream, "220 test").await?;
    let mut to = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let line = line.trim_end();
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" => say(&mut stream, "250-test\r\n250 8BITMIME").await?,
            "MAIL" | "RSET" | "NOOP" => say(&mut stream, "250 ok").await?,
            "RCPT" => {
                to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                say(&mut stream, "250 ok").await?;
            }
            "DATA" => {
                say(&mut stream, "354 go on").await?;
                let data = data(&mut stream).await?;
                let reply = lock(&kept.replies).pop_front();
                if matches!(reply, None | Some(MailReply::Silence)) {
                    lock(&kept.letters).push(Letter { to: to.clone(), data });
                }
                match reply {
                    None => say(&mut stream, "250 taken").await?,
                    Some(MailReply::Later) => say(&mut stream, "451 come back later").await?,
                    Some(MailReply::Never) => say(&mut stream, "550 no such mailbox").await?,
                    Some(MailReply::Silence) => std::future::pending().await,
                }
            }
            "QUIT" => return say(&mut stream, "221 bye").await,
            _ => say(&mut stream, "502 not here").await?,
        }
    }
}

async fn say(stream: &mut BufReader<TcpStream>, line: &str) -> std::io::Result<()> {
    stream.write_all(format!("{line}\r\n").as_bytes()).await
}

async fn data(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut data = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 || line == ".\r\n" {
            return Ok(data);
        }
        data.push_str(line.strip_prefix('.').unwrap_or(&line).trim_end_matches("\r\n"));
        data.push('\n');
    }
}
