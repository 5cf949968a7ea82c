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
