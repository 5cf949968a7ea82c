import type {
  Article,
  ArticleContent,
  ArticleState,
  FittingArticle,
  Language,
  NewArticle
} from './types';
import { type Transport, withBody } from './transport';

const one = (id: string) => `/api/v1/articles/${encodeURIComponent(id)}`;

/** What the house knows: procedures, manuals, cases and tips. */
export class KnowledgeApi {
  constructor(private readonly transport: Transport) {}

  /** Without a state: what is published. */
  list(narrowed: Readonly<Record<string, string>>): Promise<Article[]> {
    return this.transport.all(`/api/v1/articles?${new URLSearchParams(narrowed)}`);
  }

  /** As readers see it, or one version. */
  show(id: string, version: number | null): Promise<Article> {
    return this.transport.json(version === null ? one(id) : `${one(id)}?version=${version}`);
  }

  versions(id: string): Promise<Article[]> {
    return this.transport.all(`${one(id)}/versions`);
  }

  write(article: NewArticle): Promise<Article> {
    return this.transport.json('/api/v1/articles', withBody('POST', article));
  }

  revise(id: string, content: ArticleContent, why: string): Promise<Article> {
    return this.transport.json(one(id), withBody('PUT', { content, why }));
  }

  submit(id: string, why: string): Promise<Article> {
    return this.transport.json(`${one(id)}/submit`, withBody('POST', { why }));
  }

  review(id: string, version: number, to: ArticleState, why: string): Promise<Article> {
    return this.transport.json(`${one(id)}/review`, withBody('POST', { version, to, why }));
  }

  vote(id: string, helpful: boolean): Promise<Article> {
    return this.transport.json(`${one(id)}/vote`, withBody('PUT', { helpful }));
  }

  ofTicket(ticket: string): Promise<FittingArticle[]> {
    return this.transport.all(`/api/v1/tickets/${encodeURIComponent(ticket)}/articles`);
  }
}

export const LANGUAGES: readonly Language[] = ['en', 'zh-Hans', 'zh-Hant'];
