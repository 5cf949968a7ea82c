import { type Transport, withBody } from './transport';
import type {
  Adoption,
  Binding,
  Board,
  BoardCommand,
  BoardReport,
  Calibration,
  Channel,
  Credential,
  IssuedCommand,
  NewBinding,
  NewCalibration,
  Page,
  RejectedPage,
  RulePreset
} from './types';

const one = (id: string) => `/api/v1/boards/${encodeURIComponent(id)}`;

/** Boards, and for what their channels speak. */
export class BoardsApi {
  constructor(private readonly transport: Transport) {}

  list(): Promise<Board[]> {
    return this.transport.all('/api/v1/boards');
  }

  rejected(): Promise<RejectedPage> {
    return this.transport.json('/api/v1/rejected');
  }

  /** The id of the machine. */
  async adopt(id: string, adoption: Adoption): Promise<string> {
    const answer: { asset_id: string } = await this.transport.json(
      `${one(id)}/adoption`,
      withBody('PUT', adoption)
    );
    return answer.asset_id;
  }

  /** A new password; the one before is good no more. */
  issueCredential(id: string): Promise<Credential> {
    return this.transport.json(`${one(id)}/credential`, { method: 'POST' });
  }

  /** What the board was told, the newest first. */
  async commands(id: string): Promise<IssuedCommand[]> {
    const page: Page<IssuedCommand> = await this.transport.json(`${one(id)}/commands`);
    return page.items;
  }

  tell(id: string, command: BoardCommand): Promise<IssuedCommand> {
    return this.transport.json(`${one(id)}/commands`, withBody('POST', command));
  }

  /** What the board said about itself, the newest first. */
  async reports(id: string): Promise<BoardReport[]> {
    const page: Page<BoardReport> = await this.transport.json(`${one(id)}/reports`);
    return page.items;
  }

  /** Rules by kinds of machines. */
  presets(): Promise<RulePreset[]> {
    return this.transport.all('/api/v1/rule-presets');
  }

  bindings(board: string): Promise<Binding[]> {
    return this.transport.all(`/api/v1/bindings?${new URLSearchParams({ board })}`);
  }

  bind(binding: NewBinding): Promise<Page<Binding>> {
    return this.transport.json('/api/v1/bindings', withBody('PUT', binding));
  }

  calibrations(board: string, { channel, unit }: Channel): Promise<Calibration[]> {
    const query = new URLSearchParams({ board, channel, unit });
    return this.transport.all(`/api/v1/calibrations?${query}`);
  }

  calibrate(calibration: NewCalibration): Promise<Page<Calibration>> {
    return this.transport.json('/api/v1/calibrations', withBody('PUT', calibration));
  }
}
