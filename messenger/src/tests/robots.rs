use std::time::Duration;

use serde_json::json;

use super::{NOW, Receiver, message, messenger};
use crate::robots::cut;
use crate::{Channel, Outcome, Secret};

#[tokio::test]
async fn a_wecom_robot_gets_markdown_that_calls_nobody_out() -> anyhow::Result<()> {
    let receiver = Receiver::answering(200, &[], json!({"errcode": 0, "errmsg": "ok"})).await?;
    let channel = Channel::WeCom { url: format!("{}?key=k", receiver.url) };
    let data = json!({});
    let mut message = message(&data);
    message.text = "<@all> 工单 7";
    assert_eq!(messenger()?.send(&channel, &message, NOW).await, Outcome::Delivered);
    let got = receiver.only();
    assert_eq!(got.uri.query(), Some("key=k"));
    let expected = json!({
        "msgtype": "markdown", "markdown": {"content": "**Ticket 7 is open**\n＜@all> 工单 7"},
    });
    assert_eq!(got.json(), expected);
    Ok(())
}

#[tokio::test]
async fn a_dingtalk_robot_gets_a_signature_over_the_time() -> anyhow::Result<()> {
    let receiver = Receiver::answering(200, &[], json!({"errcode": 0, "errmsg": "ok"})).await?;
    let channel = Channel::DingTalk {
        url: format!("{}?access_token=t", receiver.url),
        secret: Some(Secret::new("SECtest".to_owned())),
    };
    let data = json!({});
    assert_eq!(messenger()?.send(&channel, &message(&data), NOW).await, Outcome::Delivered);
    let got = receiver.only();
    // Computed with Python: base64(hmac_sha256("SECtest", "1767225600000\nSECtest")), URL-encoded.
    let expected = "access_token=t&timestamp=1767225600000&sign=VFnS0ToY3dOa75%2FlvH0rYNwJBmfT5at2UOkds8G1Cuo%3D";
    assert_eq!(got.uri.query(), Some(expected));
    assert_eq!(got.json()["markdown"]["title"], "Ticket 7 is open");
    let text = "#### Ticket 7 is open\n\nThe pump is hot.  \nSomebody looks at it.";
    assert_eq!(got.json()["markdown"]["text"], text);
    Ok(())
}

#[tokio::test]
async fn a_robot_that_had_too_much_gets_its_rest() -> anyhow::Result<()> {
    let receiver = Receiver::answering(200, &[], json!({"errcode": 45009})).await?;
    let channel = Channel::WeCom { url: receiver.url.clone() };
    let data = json!({});
    let outcome = messenger()?.send(&channel, &message(&data), NOW).await;
    let Outcome::Retry { after, .. } = outcome else { panic!("{outcome:?}") };
    assert_eq!(after, Some(Duration::from_secs(60)));
    Ok(())
}

#[tokio::test]
async fn a_robot_that_was_taken_out_of_its_group_refuses() -> anyhow::Result<()> {
    let answer = json!({"errcode": 300_001, "errmsg": "token is not exist"});
    let receiver = Receiver::answering(200, &[], answer).await?;
    let channel = Channel::DingTalk { url: receiver.url.clone(), secret: None };
    let data = json!({});
    let outcome = messenger()?.send(&channel, &message(&data), NOW).await;
    let Outcome::Refused { why, .. } = outcome else { panic!("{outcome:?}") };
    assert!(why.contains("token is not exist"), "{why}");
    Ok(())
}

#[test]
fn a_text_is_cut_between_characters() {
    assert_eq!(cut("工单工单", 12), "工单工单");
    assert_eq!(cut("工单工单", 11), "工单…");
    assert_eq!(cut("abc", 2), "…");
}
