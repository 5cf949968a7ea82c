//! What a letter quotes of the conversation before it.

/// The words of a letter without the history below them; all of it where that is not certain.
///
/// Cut is only an end of the letter that is nothing but quoted: lines with `>` under one line that
/// introduces them, or everything under the line that Outlook puts above the original message.
#[must_use]
pub fn without_history(text: &str) -> &str {
    let cut = original_message(text).or_else(|| quoted_end(text));
    let kept = cut.map_or(text, |at| text[..at].trim_end());
    if kept.trim().is_empty() { text } else { kept }
}

/// Where each line begins, with the line.
fn lines(text: &str) -> impl DoubleEndedIterator<Item = (usize, &str)> {
    let mut at = 0;
    let lines: Vec<(usize, &str)> = text
        .split_inclusive('\n')
        .map(|line| {
            let begins = at;
            at += line.len();
            (begins, line.trim())
        })
        .collect();
    lines.into_iter()
}

fn original_message(text: &str) -> Option<usize> {
    let above = |line: &str| {
        let words = line.trim_matches('-').trim();
        line.starts_with("-----")
            && line.ends_with("-----")
            && matches!(
                words.to_ascii_lowercase().as_str(),
                "original message" | "ursprüngliche nachricht" | "原始邮件" | "原始郵件"
            )
    };
    lines(text).find(|(_, line)| above(line)).map(|(at, _)| at)
}

fn quoted_end(text: &str) -> Option<usize> {
    let mut end = None;
    let mut quoted = false;
    for (at, line) in lines(text).rev() {
        if line.starts_with('>') {
            (end, quoted) = (Some(at), true);
        } else if line.is_empty() {
            continue;
        } else {
            // `On … wrote:`, `… 写道：`: the one line above what is quoted.
            let introduces = line.ends_with(':') || line.ends_with('：');
            return match (quoted, introduces) {
                (true, true) => Some(at),
                (true, false) => end,
                (false, _) => None,
            };
        }
    }
    end
}
