import MarkdownIt from 'markdown-it';

// Without HTML in it: what somebody wrote is shown to others.
const renderer = new MarkdownIt({ html: false, linkify: false, typographer: false });

/** CommonMark as HTML that is safe to show. Pictures elsewhere would tell who reads: they stay links. */
export function htmlOf(markdown: string): string {
  return renderer.disable('image').render(markdown);
}
