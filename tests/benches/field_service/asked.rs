//! What is asked.

use super::TOKEN;

/// A request that is timed.
pub struct Question {
    pub says: String,
    pub path: String,
    pub token: &'static str,
    seldom: bool,
}

impl Question {
    fn by(token: &'static str, says: &str, path: &str) -> Self {
        Self { says: says.to_owned(), path: path.to_owned(), token, seldom: false }
    }

    /// How often: reports are asked for less often than lists.
    pub fn rounds(&self, usual: usize) -> usize {
        if self.seldom { usual / 10 } else { usual }
    }
}

/// Answers that are no lists: streams, keys, and what needs a query.
const NOT_ASKED: [&str; 6] = [
    "/api/v1/events",
    "/api/v1/evidence/key",
    "/api/v1/points",
    "/api/v1/session",
    "/api/v1/access",
    "/api/v1/search",
];

/// Every list of the document as an administrator sees it, then filters, searches and lists of people
/// who see a part.
pub fn all(document: &serde_json::Value) -> Option<Vec<Question>> {
    let mut questions = Vec::new();
    for (path, item) in document["paths"].as_object()? {
        let get = &item["get"];
        let needs = |p: &serde_json::Value| p["required"] == true;
        let needs = get["parameters"].as_array().is_some_and(|all| all.iter().any(needs));
        let is_list = get.is_object() && !path.contains('{') && !needs;
        if is_list && !NOT_ASKED.contains(&path.as_str()) {
            let mut question = Question::by(TOKEN, path, path);
            question.seldom = ["report", "kpi", "export", ".csv"].iter().any(|w| path.contains(w));
            questions.push(question);
        }
    }
    let more = [
        ("open tickets", "/api/v1/tickets?open=true"),
        ("critical open tickets", "/api/v1/tickets?open=true&priority=critical"),
        ("tickets, an old page", "/api/v1/tickets?cursor=01920000-0000-7000-8000-000000000000"),
        ("machines, a late page", "/api/v1/assets?cursor=Packer%204"),
        ("requests that are open", "/api/v1/requests?open=true"),
        ("machines: a serial number", "/api/v1/assets?q=AX-004711"),
        ("machines: a common word", "/api/v1/assets?q=compressor"),
        ("machines: two common words", "/api/v1/assets?q=compressor%20bakery"),
        ("customers: part of a name", "/api/v1/customers?q=ordic"),
        ("contacts: a name", "/api/v1/contacts?q=tanaka"),
        ("tickets: a number", "/api/v1/tickets?q=T-150000"),
        ("tickets: common words", "/api/v1/tickets?q=motor%20current"),
        ("tickets: a machine", "/api/v1/tickets?q=noise%20%22Compressor%204711%22"),
        ("requests: a word of what was said", "/api/v1/requests?q=oil"),
        ("search: a machine", "/api/v1/search?q=AX-004711"),
        ("search: a common word", "/api/v1/search?q=compressor"),
        ("search: a begun word", "/api/v1/search?q=compr"),
        ("search: a mistyped word", "/api/v1/search?q=temprature"),
        ("search: three words", "/api/v1/search?q=nordic%20bakery%20noise"),
        ("search: Chinese", "/api/v1/search?q=%E5%BC%82%E5%93%8D"),
        ("search: words that nothing has together", "/api/v1/search?q=bakery%20hospital%20steel"),
    ];
    let month = jiff::Timestamp::now().strftime("%Y-%m").to_string();
    for kind in ["html", "csv"] {
        let path = format!("/api/v1/monthly-reports/{month}/report.{kind}");
        let mut question = Question::by(TOKEN, &format!("monthly report, {kind}"), &path);
        question.seldom = true;
        questions.push(question);
    }
    questions.extend(more.map(|(says, path)| Question::by(TOKEN, says, path)));
    for (who, token) in [("a customer", "account-12"), ("a technician", "account-6")] {
        for path in ["/api/v1/tickets", "/api/v1/assets", "/api/v1/search?q=compressor"] {
            questions.push(Question::by(token, &format!("{who}: {path}"), path));
        }
    }
    Some(questions)
}
