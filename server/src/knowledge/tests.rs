//! What the knowledge base promises.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::access::tests::Town;

pub(super) async fn post(
    town: &Town,
    who: &str,
    path: &str,
    body: Value,
) -> anyhow::Result<(StatusCode, Value)> {
    town.ask(who, Method::POST, path, Some(&body)).await
}

async fn get(town: &Town, path: &str) -> anyhow::Result<Value> {
    let (status, answer) = town.ask("technician", Method::GET, path, None).await?;
    assert_eq!(status, StatusCode::OK, "{path}: {answer}");
    Ok(answer)
}

pub(super) fn content(title: &str, text: &str, more: Value) -> Value {
    let mut content = json!({"title": title, "text": text});
    if let (Some(content), Some(more)) = (content.as_object_mut(), more.as_object()) {
        content.extend(more.clone());
    }
    content
}

/// Writes an article as a technician; answers its address.
pub(super) async fn write(town: &Town, content: Value) -> anyhow::Result<String> {
    let body = json!({"kind": "sop", "content": content});
    let (status, made) = post(town, "technician", "/api/v1/articles", body).await?;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    Ok(format!("/api/v1/articles/{}", made["id"].as_str().unwrap_or_default()))
}

async fn review(
    town: &Town,
    who: &str,
    (article, version, to): (&str, i64, &str),
) -> anyhow::Result<(StatusCode, Value)> {
    let body = json!({"version": version, "to": to, "why": "looked at"});
    post(town, who, &format!("{article}/review"), body).await
}

/// Hands the newest version over and publishes it.
pub(super) async fn publish(town: &Town, article: &str, version: i64) -> anyhow::Result<()> {
    post(town, "technician", &format!("{article}/submit"), json!({"why": "ready"})).await?;
    let (status, answer) = review(town, "quality", (article, version, "published")).await?;
    assert_eq!(status, StatusCode::OK, "{answer}");
    Ok(())
}

#[tokio::test]
async fn an_article_is_read_only_after_somebody_else_than_its_author_has_reviewed_it()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let body = json!({"kind": "tip", "language": "zh-Hans",
            "content": content("清洗过滤器", "先关闭阀门。", json!({}))});
        let (_, made) = post(&town, "engineer", "/api/v1/articles", body).await?;
        let article = format!("/api/v1/articles/{}", made["id"].as_str().unwrap_or_default());
        assert_eq!((&made["number"], &made["state"]), (&json!("K-1"), &json!("draft")));
        let (status, problem) = review(&town, "quality", (&article, 1, "published")).await?;
        assert_eq!(status, StatusCode::CONFLICT, "nobody handed it over: {problem}");
        assert_eq!(problem["next_states"], json!(["in_review", "retired"]));
        post(&town, "engineer", &format!("{article}/submit"), json!({"why": "ready"})).await?;
        let (status, problem) = review(&town, "engineer", (&article, 1, "published")).await?;
        assert_eq!(status, StatusCode::CONFLICT, "the author: {problem}");
        let (status, _) = review(&town, "technician", (&article, 1, "published")).await?;
        assert_eq!(status, StatusCode::FORBIDDEN);
        assert_eq!(get(&town, "/api/v1/articles").await?["items"], json!([]));
        let waiting = get(&town, "/api/v1/articles?state=in_review").await?;
        assert_eq!(waiting["items"][0]["content"]["title"], "清洗过滤器");
        let (status, read) = review(&town, "quality", (&article, 1, "published")).await?;
        assert_eq!((status, &read["reviewed_by"]), (StatusCode::OK, &json!("quality")), "{read}");
        let list = get(&town, "/api/v1/articles?language=zh-Hans&kind=tip").await?;
        assert_eq!(list["items"][0]["content"]["text"], "先关闭阀门。", "as it was written");
        assert_eq!(get(&town, "/api/v1/articles?language=en").await?["items"], json!([]));
    }
    Ok(())
}

#[tokio::test]
async fn readers_see_the_published_version_until_the_next_one_is_and_every_one_stays_readable()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let article =
            write(&town, content("Bearings", "Grease them.", json!({"tags": ["old"]}))).await?;
        publish(&town, &article, 1).await?;
        for (seen, text) in [(1, "Grease them well."), (2, "Grease them weekly.")] {
            let body = json!({"content": content("Bearings", text, json!({"tags": ["new"]})),
                "why": "clearer"});
            let (status, revised) =
                town.ask("technician", Method::PUT, &article, Some(&body)).await?;
            assert_eq!((status, &revised["version"]), (StatusCode::OK, &json!(seen + 1)));
        }
        assert_eq!(get(&town, &article).await?["content"]["text"], "Grease them.");
        let (status, problem) = review(&town, "quality", (&article, 2, "published")).await?;
        assert_eq!(
            (status, &problem["next_states"]),
            (StatusCode::CONFLICT, &json!([])),
            "a later draft took its place"
        );
        publish(&town, &article, 3).await?;
        let read = get(&town, &article).await?;
        assert_eq!((&read["version"], &read["state"]), (&json!(3), &json!("published")));
        let first = get(&town, &format!("{article}?version=1")).await?;
        assert_eq!(
            (&first["content"]["text"], &first["state"]),
            (&json!("Grease them."), &json!("retired"))
        );
        let versions = get(&town, &format!("{article}/versions")).await?;
        assert_eq!(versions["items"].as_array().map(Vec::len), Some(3));
        assert_eq!(get(&town, "/api/v1/articles?tag=old").await?["items"], json!([]));
        assert_eq!(get(&town, "/api/v1/articles?tag=new").await?["items"][0]["id"], read["id"]);
        let (status, _) = review(&town, "quality", (&article, 3, "retired")).await?;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(get(&town, "/api/v1/articles").await?["items"], json!([]));
        assert_eq!(get(&town, &article).await?["state"], "retired", "it stays readable");
    }
    Ok(())
}

#[tokio::test]
async fn two_reviewers_of_two_versions_leave_one_that_readers_see() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let article = write(&town, content("Bearings", "Grease them.", json!({}))).await?;
        post(&town, "technician", &format!("{article}/submit"), json!({"why": "ready"})).await?;
        let (a, b) = tokio::join!(
            review(&town, "quality", (&article, 1, "published")),
            review(&town, "manager", (&article, 1, "draft"))
        );
        let done = [a?.0, b?.0].iter().filter(|status| **status == StatusCode::OK).count();
        assert_eq!(done, 1);
    }
    Ok(())
}

#[tokio::test]
async fn a_ticket_names_the_articles_of_its_causes_and_model_first_and_says_why()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        sqlx::query("UPDATE assets SET model = 'P-100' WHERE id = 'pump'")
            .execute(&town.workshop.app.database)
            .await?;
        for (title, more) in [
            ("Deviations", json!({"signatures": ["s"]})),
            ("Strainers", json!({"causes": ["clogged_strainer"]})),
            ("The P-100", json!({"models": ["P-100"]})),
            (
                "Strainers of the P-100",
                json!({"models": ["P-100"], "causes": ["clogged_strainer"]}),
            ),
            ("Bearings", json!({"causes": ["worn_bearing"]})),
        ] {
            let article = write(&town, content(title, "…", more)).await?;
            publish(&town, &article, 1).await?;
        }
        let draft = content("A draft", "…", json!({"models": ["P-100"]}));
        write(&town, draft).await?;
        let path = "/api/v1/tickets/ticket-own";
        let titles = |page: Value| -> Vec<String> {
            let items = page["items"].as_array().cloned().unwrap_or_default();
            let title = |i: &Value| i["article"]["content"]["title"].as_str().map(str::to_owned);
            items.iter().filter_map(title).collect()
        };
        let before = get(&town, &format!("{path}/articles")).await?;
        assert_eq!(titles(before), ["Strainers of the P-100", "The P-100", "Deviations"]);
        let cause = json!({"cause": "clogged_strainer", "evidence": "little flow"});
        post(&town, "engineer", &format!("{path}/candidate-causes"), cause).await?;
        let after = get(&town, &format!("{path}/articles")).await?;
        assert_eq!(
            after["items"][0]["why"],
            json!([
                "it is about the cause clogged_strainer, which the ticket is suspected of",
                "it is about the model P-100"
            ])
        );
        assert_eq!(
            titles(after),
            ["Strainers of the P-100", "Strainers", "The P-100", "Deviations"]
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_closed_ticket_becomes_a_case_with_cause_remedy_and_parts_and_without_the_customer()
-> anyhow::Result<()> {
    for town in Town::each().await? {
        let path = "/api/v1/tickets/ticket-own";
        let case = || post(&town, "technician", "/api/v1/tickets/ticket-own/case", json!({}));
        assert_eq!(case().await?.0, StatusCode::CONFLICT, "it is open");
        for to in ["resolved", "closed"] {
            let body = json!({"to": to, "why": "w", "despite_active_alarms": true});
            post(&town, "engineer", &format!("{path}/transition"), body).await?;
        }
        assert_eq!(case().await?.0, StatusCode::CONFLICT, "nothing was found");
        let finding = json!({"cause": "worn_bearing", "note": "It ran dry.",
            "remedy": "Replaced and greased.", "parts": ["6205-2RS"]});
        town.ask("technician", Method::PUT, &format!("{path}/finding"), Some(&finding)).await?;
        let (status, made) = case().await?;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        assert_eq!((&made["kind"], &made["state"]), (&json!("case"), &json!("draft")));
        let text = made["content"]["text"].as_str().unwrap_or_default();
        for words in ["It ran dry.", "Replaced and greased.", "6205-2RS"] {
            assert!(text.contains(words), "{text}");
        }
        assert_eq!(made["content"]["causes"], json!(["worn_bearing"]));
        let content = made["content"].to_string();
        assert!(!content.contains("pump") && !content.contains("own"), "{content}");
    }
    Ok(())
}

#[tokio::test]
async fn readers_say_once_each_whether_a_version_helped() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let article = write(&town, content("Bearings", "Grease them.", json!({}))).await?;
        let vote = |who: &'static str, helpful: bool| {
            let (town, path) = (&town, format!("{article}/vote"));
            async move {
                let body = json!({"helpful": helpful, "note": "which grease?"});
                town.ask(who, Method::PUT, &path, Some(&body)).await
            }
        };
        assert_eq!(vote("engineer", true).await?.0, StatusCode::CONFLICT, "nobody has read it");
        publish(&town, &article, 1).await?;
        vote("engineer", true).await?;
        vote("dispatcher", false).await?;
        let (_, read) = vote("engineer", false).await?;
        assert_eq!((&read["helpful"], &read["unhelpful"]), (&json!(0), &json!(2)), "{read}");
        let votes = get(&town, &format!("{article}/votes")).await?;
        assert_eq!(votes["items"].as_array().map(Vec::len), Some(2));
        assert_eq!(votes["items"][0]["note"], "which grease?");
    }
    Ok(())
}

#[tokio::test]
async fn what_is_published_is_found_by_its_words_in_chinese_as_well() -> anyhow::Result<()> {
    for town in Town::each().await? {
        let chinese =
            content("清洗过滤器", "先关闭进水阀门，再取出滤芯。", json!({"tags": ["保养"]}));
        let chinese = write(&town, chinese).await?;
        let english = content("Grease", "Take **lithium** grease.", json!({"models": ["P-100"]}));
        let english = write(&town, english).await?;
        let found = |q: &'static str| {
            let town = &town;
            async move {
                let q: String = q.bytes().map(|b| format!("%{b:02x}")).collect();
                let page = get(town, &format!("/api/v1/articles?q={q}")).await?;
                let items = page["items"].as_array().cloned().unwrap_or_default();
                anyhow::Ok(items.iter().map(|a| a["id"].clone()).collect::<Vec<_>>())
            }
        };
        assert!(found("过滤器").await?.is_empty(), "a draft");
        publish(&town, &chinese, 1).await?;
        publish(&town, &english, 1).await?;
        for q in ["过滤器", "进水阀门", "保养", "K-1"] {
            let found = found(q).await?;
            assert!(found.len() == 1 && chinese.ends_with(found[0].as_str().unwrap()), "{q}");
        }
        for q in ["lithium", "p-100", "greas", "lithum"] {
            let found = found(q).await?;
            assert!(found.len() == 1 && english.ends_with(found[0].as_str().unwrap()), "{q}");
        }
        let everywhere = get(&town, "/api/v1/search?q=lithium").await?;
        assert_eq!(everywhere["items"][0]["title"], "K-2 Grease");
        review(&town, "quality", (&english, 1, "retired")).await?;
        assert!(found("lithium").await?.is_empty(), "it is taken away");
    }
    Ok(())
}
