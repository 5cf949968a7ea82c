//! The login link, and what a session may do.

use serde_json::json;
use system_tests::Aftercare;

#[tokio::test]
async fn a_login_link_is_printed_and_signs_one_browser_in_once() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let up = Aftercare::up_without_token(dir.path(), &[]).await?;
    let link = up.login.clone().expect("a login link");
    let (page, code) = link.split_once("/#login=").expect("a link with a code");
    assert_eq!(page, up.http);
    let browser = reqwest::Client::builder().cookie_store(true).build()?;
    let session = format!("{}/api/v1/session", up.http);
    assert_eq!(browser.get(&session).send().await?.status(), 401);

    let answer = browser.post(&session).json(&json!({ "code": code })).send().await?;
    assert_eq!(answer.status(), 200);
    let cookie = answer.headers()["set-cookie"].to_str()?.to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    assert_eq!(browser.get(format!("{}/api/v1/assets", up.http)).send().await?.status(), 200);

    let second = reqwest::Client::new().post(&session).json(&json!({ "code": code })).send();
    let second = second.await?;
    assert_eq!(second.status(), 401);
    assert!(second.text().await?.contains("/problems/link-used"));
    Ok(())
}

#[tokio::test]
async fn another_site_cannot_make_a_browser_change_anything() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let up = Aftercare::up(dir.path(), &[]).await?;
    let browser = reqwest::Client::builder().cookie_store(true).build()?;
    let session = format!("{}/api/v1/session", up.http);
    let login = json!({ "token": system_tests::TOKEN });
    assert_eq!(browser.post(&session).json(&login).send().await?.status(), 200);

    let credential = format!("{}/api/v1/boards/b1/credential", up.http);
    let forged = browser.post(&credential).send().await?;
    assert_eq!(forged.status(), 403);
    assert!(forged.text().await?.contains("X-Requested-With"));
    let own = browser.post(&credential).header("x-requested-with", "aftercare").send().await?;
    assert_eq!(own.status(), 200);

    let out = browser.delete(&session).header("x-requested-with", "aftercare").send().await?;
    assert_eq!(out.status(), 204);
    assert_eq!(browser.get(&session).send().await?.status(), 401);
    Ok(())
}
