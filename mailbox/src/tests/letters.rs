use proptest::prelude::*;

use crate::limits::{FILES, MULTIPARTS, TEXT_BYTES};
use crate::{Letter, Unreadable, without_history};

fn read(text: &str) -> Letter {
    Letter::read(text.replace('\n', "\r\n").as_bytes()).unwrap()
}

#[test]
fn a_letter_says_who_wrote_what_and_to_which_conversation_it_belongs() {
    let letter = read(
        "From: =?utf-8?B?5p2O5Zub?= <Li@Example.com>\nMessage-ID: <c@example.com>\n\
         Subject: =?utf-8?Q?Re:_Pumpe_l=C3=A4uft?=\nIn-Reply-To: <b@us>\n\
         References: <a@example.com>\n <b@us>\nContent-Type: text/plain; charset=gb2312\n\
         Content-Transfer-Encoding: base64\n\nxOO6ww==\n",
    );
    let from = letter.from.unwrap();
    assert_eq!((from.name.as_str(), from.address.as_str()), ("李四", "Li@Example.com"));
    assert_eq!(letter.message_id.as_deref(), Some("c@example.com"));
    assert_eq!(letter.subject, "Re: Pumpe läuft");
    assert_eq!(letter.references, ["a@example.com", "b@us"]);
    assert_eq!((letter.text.as_str(), letter.automatic), ("你好", None));
}

#[test]
fn plain_words_are_preferred_and_html_is_made_plain() {
    let both = "From: a@b.c\nContent-Type: multipart/alternative; boundary=x\n\n\
         --x\nContent-Type: text/plain\n\nplain\n--x\nContent-Type: text/html\n\n<p>rich</p>\n--x--\n";
    assert_eq!(read(both).text, "plain");
    let rich = "From: a@b.c\nContent-Type: text/html; charset=utf-8\n\n\
         <style>p {}</style><p>It <b>leaks</b>.</p><script>alert(1)</script><p>A lot.</p>\n";
    let text = read(rich).text;
    assert!(text.contains("It leaks.") && text.contains("A lot."), "{text}");
    assert!(!text.contains("alert") && !text.contains('{'), "{text}");
}

#[test]
fn files_are_kept_apart_from_the_words() {
    let letter = read(
        "From: a@b.c\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nLook.\n--x\n\
         Content-Type: image/png; name=\"a.png\"\nContent-Transfer-Encoding: base64\n\n\
         iVBORw0KGgo=\n--x\nContent-Type: text/plain\n\
         Content-Disposition: attachment; filename=\"log.txt\"\n\nlines\n--x--\n",
    );
    assert_eq!(letter.text, "Look.");
    let names: Vec<_> = letter.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["a.png", "log.txt"]);
    assert_eq!(letter.files[0].content, b"\x89PNG\r\n\x1a\n");
}

#[test]
fn what_no_person_wrote_is_known_by_its_head() {
    for head in [
        "Auto-Submitted: auto-replied",
        "Precedence: bulk",
        "Return-Path: <>",
        "List-Id: <news.example.com>",
        "X-Autoreply: yes",
        "Content-Type: multipart/report; boundary=x",
    ] {
        assert!(read(&format!("From: a@b.c\n{head}\n\nAway")).automatic.is_some(), "{head}");
    }
    assert_eq!(read("From: a@b.c\nAuto-Submitted: no\n\nHello").automatic, None);
}

#[test]
fn only_history_that_is_certain_is_cut() {
    for (text, kept) in [
        ("Yes.\n\nOn Monday you wrote:\n> Still?\n> Us\n", "Yes."),
        ("好的。\n\n李四 写道：\n> 还漏吗？", "好的。"),
        ("Yes.\n-----Original Message-----\nFrom: us\nStill?", "Yes."),
        ("> Still?\nYes, still.", "> Still?\nYes, still."),
        ("Two things:\n> a\nno\n> b\nyes", "Two things:\n> a\nno\n> b\nyes"),
        ("> all is quoted", "> all is quoted"),
        ("Nothing quoted:", "Nothing quoted:"),
    ] {
        assert_eq!(without_history(text), kept);
    }
}

#[test]
fn a_hostile_letter_is_refused_or_cut_and_never_exhausts_us() {
    let mut deep = String::from("From: a@b.c\r\n");
    for level in 0..50_000 {
        deep.push_str(&format!(
            "Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n"
        ));
    }
    let excessive = |bytes: &[u8]| matches!(Letter::read(bytes), Err(Unreadable::Excessive(_)));
    assert!(excessive(deep.as_bytes()));
    assert!(excessive(format!("X: {}\r\n\r\n", "x".repeat(300_000)).as_bytes()));
    let mut just = String::from("From: a@b.c\r\n");
    for level in 0..MULTIPARTS {
        just.push_str(&format!(
            "Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n"
        ));
    }
    assert!(Letter::read(just.as_bytes()).is_ok());
    let nested = "Content-Type: message/rfc822\r\n\r\n".repeat(200_000);
    assert!(Letter::read(format!("From: a@b.c\r\n{nested}").as_bytes()).is_ok());
    let part = "--x\r\nContent-Type: image/png\r\n\r\npng\r\n";
    let many = format!("Content-Type: multipart/mixed; boundary=x\r\n\r\n{}", part.repeat(60));
    let many = Letter::read(many.as_bytes()).unwrap();
    assert_eq!((many.files.len(), many.more_files), (FILES, 60 - FILES));
    let tags = format!("Content-Type: text/html\r\n\r\n{}", "<div><b>".repeat(100_000));
    assert!(Letter::read(tags.as_bytes()).unwrap().text.len() <= TEXT_BYTES);
}

proptest! {
    #[test]
    fn no_bytes_make_reading_a_letter_panic(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = Letter::read(&bytes);
    }

    #[test]
    fn no_letter_of_odd_lines_makes_reading_panic(
        lines in prop::collection::vec(prop::sample::select(vec![
            "From: a <a@b.c", "From: =?utf-8?B?//?= <>", "From: g:;", "Message-ID: <<a>>", "",
            "Content-Type: multipart/alternative; boundary=\"x\"", "--x", "--x--", "\u{0}",
            "Content-Type: text/html; charset=nothing", "Content-Transfer-Encoding: base64",
            "Content-Transfer-Encoding: quoted-printable", "=E4=", "%%%", "References: <a> b <c",
            "Content-Disposition: attachment; filename*=utf-8''%", "<table><td colspan=999999999>",
            "<pre><ol start=-9><li>x", "\tfolded", "Content-Type: message/rfc822", "> q", "a:",
        ]), 0..40)
    ) {
        let text = lines.join("\r\n");
        if let Ok(letter) = Letter::read(text.as_bytes()) {
            prop_assert!(letter.text.ends_with(without_history(&letter.text)) || letter.text.starts_with(without_history(&letter.text)));
        }
    }
}
