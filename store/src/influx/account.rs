//! Where the database is and who we are there; its first set-up.

use influxdb2::RequestError;
use influxdb2::api::buckets::ListBucketsRequest;
use influxdb2::api::organization::ListOrganizationRequest;
use influxdb2::models::{PostBucketRequest, RetentionRule, retention_rule};

use super::http::Http;
use crate::limits::{INFLUX_CONNECT_TIMEOUT, INFLUX_TIMEOUT};
use crate::{Resolution, Retention, StoreError};

/// An InfluxDB and an organisation in it. The token is a secret: this type does not print it.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Address, such as `http://127.0.0.1:8086`.
    pub url: String,
    /// Organisation.
    pub org: String,
    /// Bucket of the readings. Rollups are kept in `<bucket>_1m` and `<bucket>_1h`, names in
    /// `<bucket>_names`.
    pub bucket: String,
    /// A token that may read and write these buckets, and make them when they are missing.
    pub token: String,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "bucket {} of {} at {}", self.bucket, self.org, self.url)
    }
}

impl Account {
    /// The bucket of rollups of a resolution.
    pub(super) fn rollups(&self, resolution: Resolution) -> String {
        match resolution {
            Resolution::Minute => format!("{}_1m", self.bucket),
            Resolution::Hour => format!("{}_1h", self.bucket),
        }
    }

    /// The bucket of what series are called, and of tickets.
    pub(super) fn names(&self) -> String {
        format!("{}_names", self.bucket)
    }
}

/// What the first set-up made. The password opens the database's own page, where it has one.
#[derive(Clone)]
pub struct FirstSetUp {
    /// For the store; its token may do everything.
    pub account: Account,
    /// Name of the database's first user.
    pub user: String,
    /// The user's password.
    pub password: String,
}

/// Sets up an InfluxDB that nobody has set up yet: first user, organisation, bucket, token.
///
/// # Errors
/// [`StoreError::Refused`] when it is set up already: an account has to be given then.
pub async fn set_up(url: &str, org: &str, bucket: &str) -> Result<FirstSetUp, StoreError> {
    let url = url.trim_end_matches('/');
    let client = client(&Account {
        url: url.to_owned(),
        org: org.to_owned(),
        bucket: bucket.to_owned(),
        token: String::new(),
    })?;
    let within = tokio::time::timeout(INFLUX_TIMEOUT, async {
        if !client.is_onboarding_allowed().await.map_err(|e| explain(&e))? {
            return Err(StoreError::Refused(format!(
                "InfluxDB at {url} is set up already: give its organisation, bucket and a token"
            )));
        }
        let user = "aftercare".to_owned();
        let password = uuid::Uuid::new_v4().simple().to_string();
        let made = client
            .onboarding(&user, org, bucket, Some(password.clone()), Some(0), None)
            .await
            .map_err(|e| explain(&e))?;
        let token = made.auth.and_then(|auth| auth.token).ok_or_else(|| {
            StoreError::Refused("InfluxDB was set up and gave no token".to_owned())
        })?;
        let account =
            Account { url: url.to_owned(), org: org.to_owned(), bucket: bucket.to_owned(), token };
        Ok(FirstSetUp { account, user, password })
    });
    within.await.unwrap_or_else(|_| Err(too_slow()))
}

/// The crate's client, with time-outs, which it has not by itself.
pub(super) fn client(account: &Account) -> Result<influxdb2::Client, StoreError> {
    builder(account, reqwest::header::HeaderMap::new())
}

/// The crate's client for bodies that are compressed already.
pub(super) fn gzip_client(account: &Account) -> Result<influxdb2::Client, StoreError> {
    use reqwest::header::{CONTENT_ENCODING, HeaderMap, HeaderValue};
    builder(account, HeaderMap::from_iter([(CONTENT_ENCODING, HeaderValue::from_static("gzip"))]))
}

fn builder(
    account: &Account,
    headers: reqwest::header::HeaderMap,
) -> Result<influxdb2::Client, StoreError> {
    // The crate panics where an address is none.
    reqwest::Url::parse(&account.url)
        .ok()
        .filter(|url| ["http", "https"].contains(&url.scheme()) && url.host().is_some())
        .ok_or_else(|| {
            StoreError::Refused(format!(
                "{:?} is no address of an InfluxDB, such as http://127.0.0.1:8086",
                account.url
            ))
        })?;
    let http = reqwest::Client::builder()
        .default_headers(headers)
        .http1_only()
        .connect_timeout(INFLUX_CONNECT_TIMEOUT)
        .timeout(INFLUX_TIMEOUT);
    influxdb2::ClientBuilder::with_builder(http, &account.url, &account.org, &account.token)
        .build()
        .map_err(|e| StoreError::Refused(e.to_string()))
}

/// Makes the buckets that are missing and gives each its retention.
pub(super) async fn prepare_buckets(
    account: &Account,
    retention: Retention,
    http: &Http,
) -> Result<(), StoreError> {
    let client = client(account)?;
    let org = ListOrganizationRequest { org: Some(account.org.clone()), ..Default::default() };
    let orgs = client.list_organizations(org).await.map_err(|e| explain(&e))?;
    let org_id = orgs.orgs.into_iter().find_map(|o| o.id).ok_or_else(|| {
        StoreError::Refused(format!("InfluxDB has no organisation {:?} for us", account.org))
    })?;
    let mut wanted = vec![(account.bucket.clone(), retention.raw_us), (account.names(), None)];
    for resolution in Resolution::ALL {
        wanted.push((account.rollups(resolution), retention.of(resolution)));
    }
    for (name, kept_us) in wanted {
        let asked = ListBucketsRequest {
            name: Some(name.clone()),
            org_id: Some(org_id.clone()),
            after: None,
            id: None,
            limit: None,
            offset: None,
            org: None,
        };
        let every_seconds = seconds(kept_us);
        // A token for one bucket is told "not found" for others.
        let found = match client.list_buckets(Some(asked)).await {
            Ok(found) => found.buckets.into_iter().next(),
            Err(RequestError::Http { status, .. }) if status.as_u16() == 404 => None,
            Err(error) => return Err(explain(&error)),
        };
        match found {
            None => {
                let rules = match every_seconds {
                    0 => Vec::new(),
                    s => vec![RetentionRule::new(retention_rule::Type::Expire, s)],
                };
                let new = PostBucketRequest {
                    org_id: org_id.clone(),
                    name,
                    description: Some("Aftercare".to_owned()),
                    rp: None,
                    retention_rules: rules,
                };
                client.create_bucket(Some(new)).await.map_err(|e| explain(&e))?;
            }
            Some(bucket) => {
                let has = bucket.retention_rules.first().map_or(0, |rule| rule.every_seconds);
                if let Some(id) = bucket.id.filter(|_| has != every_seconds) {
                    http.set_retention(&id, every_seconds).await?;
                }
            }
        }
    }
    Ok(())
}

/// Zero is for ever.
fn seconds(kept_us: Option<i64>) -> i32 {
    let seconds = kept_us.map_or(0, |us| (us / 1_000_000).max(3600));
    i32::try_from(seconds).unwrap_or(0)
}

/// Whether InfluxDB takes requests, and from us.
pub(super) async fn check(client: &influxdb2::Client) -> Result<(), StoreError> {
    let health = client.health().await.map_err(|e| explain(&e))?;
    match health.status {
        influxdb2::models::Status::Pass => Ok(()),
        influxdb2::models::Status::Fail => {
            let why = health.message.unwrap_or_else(|| "no reason given".to_owned());
            Err(StoreError::Away(format!("InfluxDB is not healthy: {why}")))
        }
    }
}

pub(super) fn too_slow() -> StoreError {
    StoreError::Away(format!("InfluxDB did not answer within {} s", INFLUX_TIMEOUT.as_secs()))
}

/// An error of the crate in our terms.
pub(super) fn explain(error: &RequestError) -> StoreError {
    match error {
        RequestError::Http { status, text } => refusal(status.as_u16(), text),
        RequestError::ReqwestProcessing { source } => away(source),
        other => StoreError::Away(other.to_string()),
    }
}

/// An answer that is not success.
pub(super) fn refusal(status: u16, text: &str) -> StoreError {
    let text: String = text.chars().take(300).collect();
    match status {
        401 => StoreError::Refused(format!("InfluxDB does not know the token (401): {text}")),
        403 => StoreError::Refused(format!("the token may not do this in InfluxDB (403): {text}")),
        404 => StoreError::Refused(format!(
            "InfluxDB has no such organisation or bucket, or hides it from the token (404): {text}"
        )),
        status => StoreError::Away(format!("InfluxDB answered {status}: {text}")),
    }
}

/// No answer at all. The address is in the message, so that a wrong one is seen.
pub(super) fn away(error: &reqwest::Error) -> StoreError {
    // Those between repeat what the others say.
    let mut root: &dyn std::error::Error = error;
    while let Some(inner) = root.source() {
        root = inner;
    }
    StoreError::Away(format!("InfluxDB: {error}: {root}"))
}
