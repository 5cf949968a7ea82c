//! A cable that a test can cut: a TCP relay between a board and its broker.

use std::net::SocketAddr;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Plugged in when it is made; gone when dropped.
pub struct Cable {
    /// Port on 127.0.0.1 at which the other end is.
    pub port: u16,
    whole: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Drop for Cable {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Cable {
    /// A cable to a broker, `mqtt://127.0.0.1:port` or without the scheme.
    ///
    /// # Errors
    /// When the address is none, or no port is free.
    pub async fn to(broker: &str) -> anyhow::Result<Self> {
        let broker: SocketAddr = broker.trim_start_matches("mqtt://").parse()?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let (whole, plug) = watch::channel(true);
        let task = tokio::spawn(async move {
            // Its connections end with it: the set is dropped.
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((board, _)) = listener.accept().await {
                connections.spawn(carry(board, broker, plug.clone()));
            }
        });
        Ok(Self { port, whole, task })
    }

    /// Cuts it. Nobody is told: what was open stays open and silent, as with a cable in a field.
    pub fn cut(&self) {
        self.whole.send_replace(false);
    }

    /// Makes it whole again. Connections from before the cut are gone.
    pub fn mend(&self) {
        self.whole.send_replace(true);
    }
}

async fn carry(mut board: TcpStream, broker: SocketAddr, mut plug: watch::Receiver<bool>) {
    if *plug.borrow_and_update() {
        let Ok(mut broker) = TcpStream::connect(broker).await else { return };
        {
            // Whatever is underway when the cable is cut stays where it is.
            let both = copy_bidirectional(&mut board, &mut broker);
            tokio::select! {
                _ = both => return,
                _ = plug.changed() => {}
            }
        }
    }
    // Cut, or dialled into while it was: silence until it is whole, and then closed.
    let _ = plug.wait_for(|whole| *whole).await;
}
