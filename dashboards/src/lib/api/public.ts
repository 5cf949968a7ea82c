import { Transport, withBody } from './transport';
import type {
  FollowedRequest,
  NewPublicRequest,
  PublicSurvey,
  Receipt,
  SurveyAnswers
} from './types';

/** What anybody may ask of the server who has a link, or has something to report. */
export class PublicApi {
  private readonly transport = new Transport(() => undefined);

  report(request: NewPublicRequest): Promise<Receipt> {
    return this.transport.json('/api/v1/public/requests', withBody('POST', request));
  }

  request(secret: string): Promise<FollowedRequest> {
    return this.transport.json(`/api/v1/public/requests/${encodeURIComponent(secret)}`);
  }

  /** Adds a photo, a recording or a document; the server decides by its content what it takes. */
  attach(secret: string, file: File): Promise<FollowedRequest> {
    const path = `/api/v1/public/requests/${encodeURIComponent(secret)}/attachments`;
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: file
    };
    return this.transport.json(`${path}?title=${encodeURIComponent(titleOf(file))}`, init);
  }

  /** Where the bytes of an attachment of a request are. */
  fileUrl(secret: string, sha256: string): string {
    const path = `/api/v1/public/requests/${encodeURIComponent(secret)}/attachments`;
    return `${path}/${encodeURIComponent(sha256)}`;
  }

  write(secret: string, text: string): Promise<FollowedRequest> {
    const path = `/api/v1/public/requests/${encodeURIComponent(secret)}/messages`;
    return this.transport.json(path, withBody('POST', { text }));
  }

  survey(secret: string): Promise<PublicSurvey> {
    return this.transport.json(`/api/v1/public/surveys/${encodeURIComponent(secret)}`);
  }

  answer(secret: string, answers: SurveyAnswers): Promise<PublicSurvey> {
    const path = `/api/v1/public/surveys/${encodeURIComponent(secret)}`;
    return this.transport.json(path, withBody('POST', answers));
  }
}

/** Longest title that the server keeps, characters. */
const TITLE = 500;

function titleOf(file: File): string {
  return Array.from(file.name).slice(0, TITLE).join('');
}
