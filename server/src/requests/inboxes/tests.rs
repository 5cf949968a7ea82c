use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use messenger::incoming::Callback;
use messenger::{Secret, sign};
use serde_json::{Value, json};

use crate::access::tests::Town;
use crate::limits::CONVERSATION_US;

const SERVICE: &str = "customer_service";

/// An inbox of a town.
struct Posting<'a> {
    town: &'a Town,
    id: String,
    path: String,
    secret: String,
}

impl<'a> Posting<'a> {
    async fn to(town: &'a Town, more: Value) -> anyhow::Result<Self> {
        let mut body = json!({"name": "shop", "kind": "webhook", "why": "they ask us"});
        if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
            body.extend(more.clone());
        }
        let (status, made) =
            town.ask("admin", Method::POST, "/api/v1/inboxes", Some(&body)).await?;
        anyhow::ensure!(status == StatusCode::CREATED, "{made}");
        let said = |name: &str| made[name].as_str().unwrap_or_default().to_owned();
        Ok(Self { town, id: said("id"), path: said("address"), secret: said("secret") })
    }

    fn now_s(&self) -> i64 {
        self.town.workshop.app.clock.now_us().div_euclid(1_000_000)
    }

    /// Posts as a program that has the secret.
    async fn post(&self, message_id: &str, body: &Value) -> anyhow::Result<(StatusCode, Value)> {
        let (at, body) = (self.now_s(), body.to_string());
        let signature = sign(&Secret::new(self.secret.clone()), message_id, at, &body);
        let request = Request::post(&self.path)
            .header("content-type", "application/json")
            .header("webhook-id", message_id)
            .header("webhook-timestamp", at)
            .header("webhook-signature", signature.unwrap_or_default())
            .body(Body::from(body))?;
        self.town.answer(request).await
    }

    async fn taken(&self, message_id: &str, body: Value) -> anyhow::Result<Value> {
        let (status, receipt) = self.post(message_id, &body).await?;
        anyhow::ensure!(status == StatusCode::OK, "{receipt}");
        Ok(receipt)
    }
}

/// What came through a channel.
async fn requests(town: &Town, channel: &str) -> anyhow::Result<Vec<Value>> {
    let (_, page) = town.ask(SERVICE, Method::GET, "/api/v1/requests", None).await?;
    let mut all = page["items"].as_array().cloned().unwrap_or_default();
    all.retain(|request| request["channel"] == channel);
    Ok(all)
}

async fn show(town: &Town, number: &Value) -> anyhow::Result<Value> {
    let id: String = sqlx::query_scalar("SELECT id FROM requests WHERE number = $1")
        .bind(number.as_str().unwrap_or_default()[2..].parse::<i64>()?)
        .fetch_one(&town.workshop.app.database)
        .await?;
    Ok(town.ask(SERVICE, Method::GET, &format!("/api/v1/requests/{id}"), None).await?.1)
}

#[tokio::test]
async fn what_a_program_posts_is_a_request_once_however_often_it_is_sent() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let shop = Posting::to(&town, json!({})).await?;
        assert!(messenger::is_secret(&shop.secret), "made here and shown once");
        let body = json!({"name": "Kari", "email": "Kari@nordic.no", "text": "It leaks.",
            "language": "zh-Hans"});
        let receipt = shop.taken("m1", body.clone()).await?;
        assert_eq!(receipt["text"], "谢谢。我们已收到您的请求。");
        assert_eq!(shop.taken("m1", body.clone()).await?, receipt, "sent again");
        let (status, followed) =
            town.ask("nobody", Method::GET, receipt["link"].as_str().unwrap(), None).await?;
        assert_eq!((status, &followed["state"]), (StatusCode::OK, &json!("received")));
        let request = show(&town, &receipt["number"]).await?;
        assert_eq!(
            (&request["channel"], &request["given_email"], &request["messages"][1]),
            (&json!("webhook"), &json!("kari@nordic.no"), &Value::Null)
        );
        assert_ne!(shop.taken("m2", body).await?["number"], receipt["number"]);
        let (_, page) = town.ask(SERVICE, Method::GET, "/api/v1/inboxes", None).await?;
        let (inbox, text) = (&page["items"][0], page.to_string());
        assert_eq!((&inbox["name"], &inbox["kind"]), (&json!("shop"), &json!("webhook")));
        assert!(inbox["last_at"].is_string() && !text.contains("whsec"), "{text}");
    }
    Ok(())
}

#[tokio::test]
async fn messages_of_one_conversation_come_to_one_request_while_it_goes_on() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let shop = Posting::to(&town, json!({})).await?;
        let said = |text: &str| json!({"conversation": "c1", "name": "Kari", "text": text});
        let first = shop.taken("m1", said("It leaks.")).await?;
        let second = shop.taken("m2", said("A lot.")).await?;
        assert_eq!(first["number"], second["number"]);
        let other = json!({"conversation": "c2", "text": "Another thing."});
        assert_ne!(shop.taken("m3", other).await?["number"], first["number"]);
        let request = show(&town, &first["number"]).await?;
        assert_eq!(request["messages"][1]["text"], "A lot.");
        let path = format!("/api/v1/requests/{}", request["id"].as_str().unwrap_or_default());
        let reject = json!({"to": "rejected", "why": "spam"});
        town.ask(SERVICE, Method::POST, &format!("{path}/transition"), Some(&reject)).await?;
        let anew = shop.taken("m4", said("And now?")).await?;
        assert_ne!(anew["number"], first["number"], "what is over is not opened by a chat");
        town.workshop.pass(CONVERSATION_US).await?;
        assert_ne!(shop.taken("m5", said("Hello again")).await?["number"], anew["number"]);
    }
    Ok(())
}

#[tokio::test]
async fn whoever_has_not_the_secret_is_refused_and_nothing_is_kept() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let mut shop = Posting::to(&town, json!({})).await?;
        let secret = shop.secret.clone();
        shop.secret = messenger::new_secret(&[1; 32]);
        let body = json!({"text": "It leaks."});
        let (status, problem) = shop.post("m1", &body).await?;
        assert_eq!(
            (status, &problem["type"]),
            (StatusCode::UNAUTHORIZED, &json!("/problems/unsigned"))
        );
        shop.secret = secret;
        for wrong in [json!({"text": ""}), json!([]), json!({"text": "a\u{0}b"})] {
            let (status, problem) = shop.post("m1", &wrong).await?;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{problem}");
        }
        assert_eq!(requests(&town, "webhook").await?, Vec::<Value>::new());
        // What was refused may come again, set right.
        shop.taken("m1", body.clone()).await?;
        let withdraw = format!("/api/v1/inboxes/{}?why=over", shop.id);
        let (status, _) = town.ask("admin", Method::DELETE, &withdraw, None).await?;
        assert_eq!(status, StatusCode::NO_CONTENT);
        assert_eq!(shop.post("m2", &body).await?.0, StatusCode::NOT_FOUND);
        let (status, _) = town.ask("technician", Method::GET, "/api/v1/inboxes", None).await?;
        assert_eq!(status, StatusCode::FORBIDDEN);
    }
    Ok(())
}

#[tokio::test]
async fn answers_are_posted_to_where_the_inbox_has_an_address() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let shop = Posting::to(&town, json!({})).await?;
        let address = json!({"owner_kind": "inbox", "owner": shop.id, "kind": "webhook",
            "address": "http://127.0.0.1:9/answers", "time_zone": "UTC", "why": "answers"});
        let path = "/api/v1/notification-addresses";
        let (status, made) = town.ask("admin", Method::POST, path, Some(&address)).await?;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        let body = json!({"email": "kari@nordic.no", "text": "It leaks."});
        let request = show(&town, &shop.taken("m1", body).await?["number"]).await?;
        let id = request["id"].as_str().unwrap_or_default();
        let answer = json!({"kind": "question", "text": "Since when?"});
        let path = format!("/api/v1/requests/{id}/messages");
        town.ask(SERVICE, Method::POST, &path, Some(&answer)).await?;
        let queued: Vec<(String, String)> =
            sqlx::query_as("SELECT event, channel FROM outbox WHERE about_id = $1 ORDER BY id")
                .bind(id)
                .fetch_all(&town.workshop.app.database)
                .await?;
        let queued: Vec<_> = queued.iter().map(|(e, c)| (e.as_str(), c.as_str())).collect();
        assert_eq!(queued, [("request_received", "email"), ("request_answered", "webhook")]);
    }
    Ok(())
}

const AES_KEY: &str = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C";

/// What WeCom would post, in its own cipher.
fn written(company: &Callback, xml: &str, now_us: i64) -> anyhow::Result<(String, String)> {
    let sealed = company.seal(xml, now_us, ([3; 16], 5));
    let (at, signature) = (now_us.div_euclid(1_000_000), sealed.signature);
    Ok((format!("msg_signature={signature}&timestamp={at}&nonce=5"), sealed.xml))
}

#[tokio::test]
async fn a_chat_of_wecom_is_proved_taken_and_answered_at_once() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let keys = json!({"kind": "wecom", "secret": "QDG6eK", "aes_key": AES_KEY,
            "receiver": "corp", "language": "zh-Hans"});
        let chat = Posting::to(&town, keys).await?;
        let company = Callback::new(Secret::new("QDG6eK".into()), AES_KEY, "corp")?;
        let now = town.workshop.app.clock.now_us();
        let message = "<xml><ToUserName>gh_1</ToUserName><FromUserName>zhang</FromUserName><CreateTime>1</CreateTime>\
             <MsgType>text</MsgType><Content>泵漏水</Content><MsgId>77</MsgId></xml>";
        let (query, body) = written(&company, message, now)?;
        let post = |query: &str, body: &str| {
            let request = Request::post(format!("{}?{query}", chat.path));
            request.body(Body::from(body.to_owned()))
        };
        let (status, says) = town.answer(post(&query, &body)?).await?;
        assert_eq!(status, StatusCode::OK, "{says}");
        assert!(says.as_str().is_some_and(|xml| xml.contains("<Encrypt>")), "{says}");
        let request = &requests(&town, "wecom").await?[0];
        assert_eq!(
            (&request["subject"], &request["language"]),
            (&json!("泵漏水"), &json!("zh-Hans"))
        );
        let event = "<xml><ToUserName>gh_1</ToUserName><FromUserName>zhang</FromUserName><CreateTime>2</CreateTime>\
             <MsgType>event</MsgType></xml>";
        let (query, body) = written(&company, event, now)?;
        assert_eq!(town.answer(post(&query, &body)?).await?, (StatusCode::OK, json!("success")));
        let forged = query.replace("nonce=5", "nonce=6");
        assert_eq!(town.answer(post(&forged, &body)?).await?.0, StatusCode::UNAUTHORIZED);
        let (query, sealed) = written(&company, "16161", now)?;
        let sealed = sealed.split(['[', ']']).nth(2).unwrap_or_default();
        let sealed = sealed.replace('+', "%2B").replace('=', "%3D");
        let request = Request::get(format!("{}?{query}&echostr={sealed}", chat.path));
        let request = request.body(Body::empty())?;
        assert_eq!(town.answer(request).await?, (StatusCode::OK, json!("16161")));
    }
    Ok(())
}
